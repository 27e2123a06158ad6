import { existsSync } from 'node:fs';
import { Option, type Command } from 'commander';
import type { AddedNumber, AddOptions, NumberPool } from '../client/index';
import { count } from './count';
import { Failed, sentence } from './failed';
import type { NamedNumber } from './numbers-file';
import { interruptible } from './interrupt';
import { noteNoWorker } from './no-worker';
import { note, print, printJson } from './print';
import { progress } from './progress';
import { byOption, inClearOption, jsonOption, withPool } from './with-pool';

interface Options {
  portfolio?: string;
  method?: 'SMS' | 'VOICE';
  language?: string;
  requestCode: boolean;
  reverify: boolean;
  register: boolean;
  again?: boolean;
  concurrency: number;
  by: string;
  inClear?: boolean;
  json?: boolean;
}

type Outcome = { number: string | null; from: string | null } & (
  | Pick<AddedNumber, 'outcome' | 'state' | 'workflowId' | 'portfolioId'>
  | { outcome: 'failed' | 'not tried'; reason: string }
);

export function registerAdd(program: Command): void {
  program
    .command('add')
    .description('add numbers to the pool: each is verified, kept verified and, once claimed, registered')
    .argument(
      '<number|file.csv...>',
      'numbers with their country code, or tables as text with a column phone_number (CSV, TSV, whatever its extension)',
    )
    .option('--portfolio <id>', 'the business portfolio; PORTFOLIO_ID by default')
    .addOption(new Option('--method <method>', 'how codes are to be sent').choices(['SMS', 'VOICE']))
    .option('--language <code>', 'of the codes, such as en_US')
    .option('--no-request-code', 'ask for no code before it is told to')
    .option('--no-reverify', 'do not verify anew inside the window')
    .option('--no-register', 'do not register once claimed')
    .option('--again', 'a registered number, too, whose customer has left and deleted it: a new life begins')
    .addOption(new Option('--concurrency <count>', 'how many at a time').default(10).argParser(count))
    .addOption(byOption())
    .addOption(inClearOption())
    .addOption(jsonOption())
    .action(add);
}

async function add(named: string[], options: Options): Promise<void> {
  const { numbers, failed } = await collect(named);
  const outcomes = [...failed];
  if (numbers.length > 0) {
    const defaults = await addOptions(numbers, options);
    const added = await withPool(
      options.by,
      async (pool) => {
        await checkPool(pool);
        // Whether a number was given back, Meta says then.
        const held = options.again ? [] : await refuseHeld(pool, numbers);
        const free = numbers.filter(({ number }) => !held.some((one) => one.number === number));
        return [...held, ...(await addAll(pool, free, defaults, options.concurrency))];
      },
      options,
    );
    outcomes.push(...added);
  }
  report(outcomes, options.json === true);
}

/** Numbers that can be tried, and what cannot even be read. */
async function collect(named: string[]): Promise<{ numbers: NamedNumber[]; failed: Outcome[] }> {
  const { readNumbersFile } = await import('./numbers-file');
  const numbers: NamedNumber[] = [];
  const failed: Outcome[] = [];
  for (const name of named) {
    if (!namesFile(name)) {
      numbers.push({ number: name, options: {}, from: null });
      continue;
    }
    try {
      const file = readNumbersFile(name);
      numbers.push(...file.numbers);
      failed.push(...file.faults.map((fault): Outcome => ({ number: null, outcome: 'failed', ...fault })));
      if (file.ignored.length > 0)
        note(`${name}: columns that mean nothing here: ${file.ignored.join(', ')}`);
    } catch (error) {
      failed.push({ number: null, from: name, outcome: 'failed', reason: sentence(error) });
    }
  }
  return { numbers, failed };
}

/** A number has neither an extension nor, where it is the name of a file, letters. */
const namesFile = (name: string) => /\.[a-z]\w*$/i.test(name) || (/[a-z]/i.test(name) && existsSync(name));

async function addOptions(
  numbers: NamedNumber[],
  { portfolio, method, language, requestCode, reverify, register, again }: Options,
): Promise<AddOptions> {
  const allSay = numbers.every(({ options }) => options.portfolioId !== undefined);
  const { readSettings } = await import('../settings');
  return {
    ...(!allSay && { portfolioId: portfolio ?? readSettings(['pool']).pool.portfolioId }),
    automation: { requestCode, reverify, register },
    ...(method !== undefined && { codeMethod: method }),
    ...(language !== undefined && { language }),
    ...(again === true && { again }),
  };
}

/** Those that a customer has, as records know: nothing is begun for them. */
async function refuseHeld(pool: NumberPool, numbers: readonly NamedNumber[]): Promise<Outcome[]> {
  const { findHeld } = await import('./held');
  const held = await findHeld(
    pool,
    numbers.map(({ number }) => number),
  );
  return numbers.flatMap(({ number, from }): Outcome[] => {
    const holder = held.get(number);
    if (!holder) return [];
    const { phoneNumber, customerId, wabaId, from: since } = holder;
    const who = customerId === null ? 'a customer' : `the customer ${customerId}`;
    const reason = `+${phoneNumber} was not added: it is with ${who} on WABA ${wabaId} since ${since}, as the records know. If it was given back, put that on record ("preverified records release +${phoneNumber} --reason …"); if Meta shows it in the pool again, add it with --again.`;
    return [{ number, from, outcome: 'failed', reason }];
  });
}

async function addAll(
  pool: NumberPool,
  numbers: NamedNumber[],
  defaults: AddOptions,
  concurrency: number,
): Promise<Outcome[]> {
  if (numbers.length === 0) return [];
  const shown = progress(numbers.length, 'adding');
  const adding = (signal: AbortSignal) =>
    pool.addMany(
      numbers.map(({ number, options }) => ({ number, ...defaults, ...options })),
      {
        concurrency,
        signal,
        onProgress: (_done, _total, { number, ...last }) => {
          shown.step(`${number} ${last.ok ? words[last.added.outcome] : 'refused'}`);
        },
      },
    );
  const outcomes = await interruptible(adding);
  shown.stop();
  if (outcomes.some((outcome) => outcome.ok && outcome.added.outcome === 'added')) await noteNoWorker(pool);
  const { NotTriedError } = await import('../client');
  return outcomes.map((outcome, index) => {
    const from = numbers[index]?.from ?? null;
    if (!outcome.ok) {
      const { number, error } = outcome;
      const failed = error instanceof NotTriedError ? 'not tried' : 'failed';
      return { number, from, outcome: failed, reason: sentence(error) };
    }
    const { phoneNumber, portfolioId, state, workflowId } = outcome.added;
    return { number: phoneNumber, from, outcome: outcome.added.outcome, portfolioId, state, workflowId };
  });
}

/** What would fail for every number alike is said once. */
async function checkPool(pool: NumberPool): Promise<void> {
  const [{ checkSearchAttributes }, { readSettings }] = await Promise.all([
    import('../temporal/namespace'),
    import('../settings'),
  ]);
  await pool.checkKeys();
  await checkSearchAttributes(pool.client.connection, readSettings(['temporal']));
}

function report(outcomes: Outcome[], json: boolean): void {
  if (json) printJson(outcomes);
  const number = (wanted: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === wanted).length;
  if (!json) {
    const untried = number('not tried');
    print(
      `${String(number('added'))} added, ${String(number('exists'))} there already, ${String(number('failed'))} not added${untried > 0 ? `, ${String(untried)} not tried` : ''}`,
    );
  }
  for (const outcome of outcomes) {
    if (outcome.outcome === 'failed') {
      const { from, reason } = outcome;
      note(from === null || reason.includes(from) ? reason : `${from}: ${reason}`);
    }
    if (outcome.outcome === 'exists' && outcome.state === 'Registered')
      note(
        `+${String(outcome.number)} is Registered: where its customer has left and deleted it, "preverified add +${String(outcome.number)} --again" begins a new life.`,
      );
  }
  const left = number('failed') + number('not tried');
  if (left > 0) {
    throw new Failed(`Not all numbers were added: ${String(left)} of ${String(outcomes.length)} were not.`);
  }
}

const words = { added: 'added', exists: 'is there already' };
