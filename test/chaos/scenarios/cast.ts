import type { Random } from '../../../simulator/random';
import { stories, storyOf, type StoryName } from '../lives/stories';

/** A story for each number, as the seed has it: each comes up, and of the long ones there is one in ten. */
export function cast(count: number, random: Random, short: boolean): StoryName[] {
  const names = (Object.keys(stories) as StoryName[]).filter((name) => !storyOf(name).apart);
  const long = short ? [] : names.filter((name) => storyOf(name).long);
  const quick = names.filter((name) => !storyOf(name).long);
  const all = [...long, ...quick];
  return Array.from(
    { length: count },
    (_, index) => all[index] ?? pick(long.length > 0 && random.next() < 0.1 ? long : quick, random),
  );
}

export const pick = <Item>(items: readonly Item[], random: Random): Item =>
  items[Math.floor(random.next() * items.length)]!;

export function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(random.next() * left.length), 1)[0]!);
}
