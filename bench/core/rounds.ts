import { spread, type Spread } from './statistics';

/** One of those that are compared: it does the same work in each round, and answers what it measured. */
export interface Contestant<Sample> {
  name: string;
  round(index: number): Promise<Sample>;
}

/**
 * Lets contestants do the same work in turns, each round in the opposite order of the one before: a machine that grows
 * busy, or warm, is so for all of them. One round more, the first, warms up and is not counted.
 *
 * @returns each contestant's samples, one for each round
 */
export async function pairedRounds<Sample>(
  contestants: readonly Contestant<Sample>[],
  rounds: number,
  onStep: (what: string) => void = () => undefined,
): Promise<Map<string, Sample[]>> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (let index = 0; index <= rounds; index++) {
    for (const contestant of index % 2 === 0 ? contestants : contestants.toReversed()) {
      const { name } = contestant;
      const sample = await contestant.round(index);
      if (index > 0) samples.get(name)?.push(sample);
      onStep(index === 0 ? `${name}, to warm up` : `${name}, round ${index}`);
    }
  }
  return samples;
}

/** The ratio of each pair of rounds, and its spread: what a noisy machine still shows. */
export function ratio(ours: readonly number[], theirs: readonly number[]): Spread {
  return spread(ours.map((value, round) => value / (theirs[round] ?? NaN)));
}
