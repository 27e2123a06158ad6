/** One number, one workflow: the ID is what makes a number exclusive. */
export const workflowIdOf = (digits: string) => `number:${digits}`;
