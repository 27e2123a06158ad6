/** Where the numbers' workflows run. */
export const NUMBERS_TASK_QUEUE = 'preverified-numbers';

/** Where all calls to Meta wait, so that one rate limit holds for all workers. */
export const GRAPH_TASK_QUEUE = 'preverified-graph';
