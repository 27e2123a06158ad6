import { Option, type Command } from 'commander';
import pLimit from 'p-limit';
import type { MessageName, NumberPool, NumberRecord } from '../client/index';
import { confirmed, yesOption } from './confirm';
import { count } from './count';
import { Failed, sentence } from './failed';
import { addFilterOptions, numbersOf, type FilterOptions } from './filter-options';
import { interruptible } from './interrupt';
import { note, print, printJson } from './print';
import { progress } from './progress';
import { whatWasDone, where } from './sentences';

export interface Many {
  yes?: boolean;
  concurrency?: number;
}

export function addManyOptions(command: Command): void {
  addFilterOptions(command)
    .addOption(yesOption())
    .addOption(new Option('--concurrency <count>', 'how many at a time').default(5).argParser(count));
}

interface Sending extends Required<Many> {
  name: MessageName;
  /** What of the message is shown before the question. */
  shown: Record<string, unknown>;
  sendOne: (number: string) => Promise<NumberRecord | undefined>;
  json: boolean;
}

interface Outcome {
  number: string;
  outcome: 'done' | 'failed' | 'not tried';
  state: string | null;
  /** What was done, or why not. */
  what: string;
}

/** So many numbers are named before the question. */
const shownAtMost = 10;

/** One Temporal may hold the pools of several portfolios: what changes many numbers goes by the one that is set. */
async function ofOwnPortfolio(filter: FilterOptions): Promise<FilterOptions> {
  if (filter.portfolio !== undefined) return filter;
  const { portfolioId } = (await import('../settings')).readSettings(['worker']).worker;
  if (portfolioId === null) return filter;
  note(`Only numbers of portfolio ${portfolioId}, as PORTFOLIO_ID says; --portfolio names another.`);
  return { ...filter, portfolio: portfolioId };
}

/** Sends a message to each number of a filter: shows which, asks, and says for each what came of it. */
export async function sendMany(
  pool: NumberPool,
  filter: FilterOptions,
  { name, shown, sendOne, yes, concurrency, json }: Sending,
): Promise<void> {
  const numbers = await numbersOf(pool, await ofOwnPortfolio(filter));
  if (numbers.length === 0) {
    if (json) printJson([]);
    else print('no such number: nothing was sent');
    return;
  }
  const more = numbers.length - shownAtMost;
  for (const { phoneNumber, state, country } of numbers.slice(0, shownAtMost)) {
    note(`  +${phoneNumber}  ${state}  ${country ?? ''}`);
  }
  if (more > 0) note(`  and ${String(more)} more`);
  const fields = Object.entries(shown).map(([field, value]) => `${field} ${String(value)}`);
  if (fields.length > 0) note(`  with ${fields.join(', ')}`);
  const question = `${name} is to be sent to ${String(numbers.length)} ${numbers.length === 1 ? 'number' : 'numbers'}.`;
  if (!(await confirmed(question, yes))) throw new Failed('Nothing was sent.');

  const bar = progress(numbers.length, name);
  const limit = pLimit(concurrency);
  const outcomes = await interruptible((stop) =>
    Promise.all(
      numbers.map(({ phoneNumber }) =>
        limit(async (): Promise<Outcome> => {
          const number = `+${phoneNumber}`;
          if (stop.aborted) return { number, outcome: 'not tried', state: null, what: 'not tried' };
          const outcome = await sendOne(phoneNumber).then(
            (record): Outcome => ({
              number,
              outcome: 'done',
              state: record?.state ?? null,
              what: record ? `${where(record)}. ${whatWasDone(name, record)}` : 'sent',
            }),
            (error: unknown): Outcome => ({ number, outcome: 'failed', state: null, what: sentence(error) }),
          );
          bar.step(lineOf(outcome));
          return outcome;
        }),
      ),
    ),
  );
  bar.stop();
  report(name, outcomes, json);
}

/** A refusal names its number itself. */
const lineOf = ({ number, what }: Outcome) => (what.startsWith(number) ? what : `${number} ${what}`);

function report(name: MessageName, outcomes: Outcome[], json: boolean): void {
  const number = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  const [done, failed, untried] = [number('done'), number('failed'), number('not tried')];
  if (json) printJson(outcomes);
  else {
    for (const outcome of outcomes) if (outcome.outcome !== 'not tried') print(lineOf(outcome));
    print(
      `${name}: ${String(done)} done, ${String(failed)} not done${untried > 0 ? `, ${String(untried)} not tried` : ''}`,
    );
  }
  if (done < outcomes.length) {
    throw new Failed(
      `Not all was done: ${String(outcomes.length - done)} of ${String(outcomes.length)} were not.`,
    );
  }
}
