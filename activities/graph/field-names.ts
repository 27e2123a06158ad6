import { isGraphError, type GraphError } from './graph-error';

export type ByFieldNames = ReturnType<typeof fieldNames>;

/**
 * How long the other names go first once they have fitted, in milliseconds. One odd object must not have a worker read
 * all others without the fields that only the SDK's names bring.
 */
const staysFor = 10 * 60_000;

/**
 * Asks for fields by the SDK's names or by those that some deployments have (docs/rules.md, Calls). Graph refuses a name
 * that it does not know with #100, and leaves out a field that has no value.
 */
export function fieldNames(sets: { sdk: string; other: string }) {
  let otherUntil = 0;

  /** Reads by the SDK's names. Where they do not fit, tries the others, and begins with them for a while if they do. */
  return async <Answer>(
    read: (fields: string) => Promise<Answer>,
    fits: (answer: Answer) => boolean,
  ): Promise<Answer> => {
    const usual = Date.now() < otherUntil ? 'other' : 'sdk';
    const other = usual === 'sdk' ? 'other' : 'sdk';
    const first = await unlessRefused(read(sets[usual]));
    if ('answer' in first && fits(first.answer)) return first.answer;
    const second = await unlessRefused(read(sets[other]));
    if ('answer' in second && fits(second.answer)) {
      otherUntil = other === 'other' ? Date.now() + staysFor : 0;
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
