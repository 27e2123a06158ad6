import { setTimeout } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { numberStates } from '../contract/number-record';
import type { PoolStatus } from './pool-status';
import { print, printJson, printTable, time } from './print';
import { span } from './span';
import { jsonOption, withPool } from './with-pool';

interface Options {
  watch?: number | true;
  json?: boolean;
}

/** So many numbers of a kind are named; the rest is counted. */
const namedAtMost = 10;

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description('the pool in one screen: what there is, what waits, what needs a person, who works on it')
    .addOption(new Option('--watch [time]', 'again and again, every 5 seconds by default').argParser(span))
    .addOption(jsonOption())
    .action(status);
}

async function status({ watch, json = false }: Options): Promise<void> {
  const [{ needs, readSettings }, { readStatus }] = await Promise.all([
    import('../settings'),
    import('./pool-status'),
  ]);
  const { payloads, worker } = readSettings([...needs.client, 'worker']);
  const { portfolioId } = worker;
  await withPool('preverified status', async (pool) => {
    for (;;) {
      const read = await readStatus(pool, { portfolioId, keys: payloads.keys });
      if (watch !== undefined && process.stdout.isTTY) process.stdout.write('\x1b[2J\x1b[H');
      if (json) printJson(read);
      else show(read);
      if (watch === undefined) return;
      await setTimeout(watch === true ? 5_000 : watch);
    }
  });
}

function show(status: PoolStatus): void {
  const { byState, byCountry, waiting, expiring, problems, unreadable } = status;
  print(
    `${String(status.living)} numbers in the pool, ${String(status.free)} of them free to be offered, ${String(status.reserved)} reserved; ${String(status.ended)} ended (${time(status.at)})`,
  );
  const states = numberStates.filter((state) => byState[state] !== undefined);
  if (states.length > 0) print(states.map((state) => `${state} ${String(byState[state])}`).join(' · '));
  if (byCountry.length > 0) {
    const numbers = byCountry.map(({ country, living, verified, free, reserved }) =>
      [country, living, verified, free, reserved].map(String),
    );
    printTable(['Country', 'Numbers', 'Verified', 'Free', 'Reserved'], numbers);
  }
  print(
    `Verification ends within 7 days: ${String(expiring[7])} · 30 days: ${String(expiring[30])} · 45 days: ${String(expiring[45])}`,
  );
  print(waiting.length === 0 ? 'None waits for a code.' : `${String(waiting.length)} wait for a code:`);
  for (const { number, method, since, goodUntil, certain } of waiting.slice(0, namedAtMost)) {
    const asked =
      method === null ? 'no code under way' : `asked by ${method}${certain ? '' : ', perhaps not sent'}`;
    print(
      `  +${number} since ${time(since)}, ${asked}${goodUntil === null ? '' : `, good until ${time(goodUntil)}`}`,
    );
  }
  rest(waiting.length, 'preverified list --state CodeRequested');
  const concerned = problems.reduce((sum, { numbers }) => sum + numbers.length, 0);
  print(concerned === 0 ? 'None needs a person.' : `${String(concerned)} need a person:`);
  for (const { whatToDo, code, numbers } of problems.slice(0, namedAtMost)) {
    print(`  ${code}: ${whatToDo} ${named(numbers)}`);
  }
  rest(problems.length, 'preverified list --needs-person');
  for (const { number, key } of unreadable.slice(0, namedAtMost)) {
    print(`  +${number} cannot be read: it is encrypted with the key ${key}`);
  }
  rest(unreadable.length, 'preverified list --json');
  showProcesses(status);
}

function showProcesses({ workers, keys, reconcile }: PoolStatus): void {
  for (const { taskQueue, alive } of workers) {
    print(`Workers on ${taskQueue}: ${alive.join(', ') || 'NONE: start one with "preverified worker"'}`);
  }
  const { pool, fault } = keys;
  const stated = !pool
    ? 'none stated yet'
    : pool.encryptsWith === null
      ? 'the pool is in clear'
      : `the pool is encrypted with ${pool.encryptsWith}`;
  print(
    `Payload keys: ${stated}${fault === null ? '' : `; PAYLOAD_KEYS HERE DOES NOT FIT: ${fault} ("preverified keys" says what to do)`}`,
  );
  if (reconcile === null) print('Reconciled with Meta: not yet, or PORTFOLIO_ID is not set');
  else {
    const { status, startedAt, finishedAt, differences, nextAt } = reconcile;
    const found = differences === null ? status.toLowerCase() : `${String(differences)} differences`;
    print(
      `Reconciled with Meta: ${time(finishedAt ?? startedAt)}, ${found}${nextAt === null ? '' : `; next ${time(nextAt)}`}`,
    );
  }
}

function rest(all: number, command: string): void {
  if (all > namedAtMost) print(`  and ${String(all - namedAtMost)} more: ${command}`);
}

function named(numbers: readonly string[]): string {
  const more = numbers.length - namedAtMost;
  const first = numbers.slice(0, namedAtMost).map((number) => `+${number}`);
  return `${first.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
