import { isGraphError, type GraphError } from './graph-error';

export type ByFieldNames = ReturnType<typeof fieldNames>;

/**
 * Asks for fields by the SDK's names or by those that some deployments have (docs/rules.md, Calls). Graph refuses a name
 * that it does not know with #100, and leaves out a field that has no value.
 */
export function fieldNames(sets: { sdk: string; other: string }) {
  let worked: keyof typeof sets = 'sdk';

  /** Reads by the names that worked last. Where they do not fit, tries the others, and stays with them if they do. */
  return async <Answer>(
    read: (fields: string) => Promise<Answer>,
    fits: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const usual = worked;
    const other = usual === 'sdk' ? 'other' : 'sdk';
    const first = await unlessRefused(read(sets[usual]));
    if ('answer' in first && fits(first.answer)) return first.answer;
    const second = await unlessRefused(read(sets[other]));
    if ('answer' in second && fits(second.answer)) {
      worked = other;
      return second.answer;
    }
    if ('refused' in first) throw first.refused;
    return first.answer;
  };
}

async function unlessRefused<Answer>(
  reading: Promise<Answer>,
): Promise<{ answer: Answer } | { refused: GraphError }> {
  try {
    return { answer: await reading };
  } catch (error) {
    if (isGraphError(error, 'number')) return { refused: error };
    throw error;
  }
}
