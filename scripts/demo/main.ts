import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { NumberPool } from '../../client';
import { auditNumber, renderVerdict } from '../../client/audit';
import { readNumbersFile } from '../../client/cli/numbers-file';
import { connect } from '../../client/connection/connect';
import { StartError } from '../../client/connection/start-error';
import { needs, readSettings } from '../../client/settings';
import { startStack } from '../stack/stack';
import { Clock } from './clock';
import { endingTable, isAsPlanned, type Ending } from './ending';
import { handInCodes, Life } from './life';
import { Meta } from '../stack/meta';
import { Narrator } from './narrator';
import { plans } from './plans';

const POLICY_DAY = 500;
const file = path.resolve('examples/numbers.csv');

/** `npm start`: a pool of numbers lives some hundred days in about a minute. */
async function demo(): Promise<boolean> {
  console.log('• Start Temporal, the simulator and a worker …');
  const stack = await startStack({ POLICY_DAY: `${String(POLICY_DAY)}ms` });
  const pool = await NumberPool.connect({ by: 'demo' }, stack.env);
  const stopping = new AbortController();
  const stop = async () => {
    stopping.abort();
    await pool.close();
    await stack.stop();
  };
  try {
    console.log(`✓ Temporal's UI is on ${stack.uiUrl}, the simulator on ${stack.simulatorUrl}`);
    const endings = await play(pool, new Meta(stack.simulatorUrl), stack.uiUrl, stopping.signal);
    const agreeing = await verify(stack.env, endings);
    if (process.stdin.isTTY) await enter('Look around, then press Enter to end. ');
    return agreeing && endings.every(isAsPlanned);
  } finally {
    await stop();
  }
}

/** What an auditor would do: run each history through the chart again. */
async function verify(env: Record<string, string>, endings: Ending[]): Promise<boolean> {
  const { client, close } = await connect(readSettings(needs.client, env));
  try {
    let agreeing = 0;
    for (const { record } of endings) {
      const audit = await auditNumber(client, record.phoneNumber);
      if (audit.agrees) agreeing++;
      else console.log(`+${record.phoneNumber}: ${renderVerdict(audit)}`);
    }
    console.log(
      `\n${String(agreeing)} of ${String(endings.length)} histories agree with the chart (preverified audit --verify).`,
    );
    return agreeing === endings.length;
  } finally {
    await close();
  }
}

async function enter(prompt: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question(prompt);
  terminal.close();
}

async function play(pool: NumberPool, meta: Meta, uiUrl: string, signal: AbortSignal): Promise<Ending[]> {
  const clock = new Clock(POLICY_DAY);
  const narrator = new Narrator(clock);
  handInCodes(pool, meta, signal).catch((error: unknown) => {
    if (!signal.aborted) console.log(`The telephones went silent: ${String(error)}`);
  });

  const { numbers } = readNumbersFile(file);
  console.log(
    `\nA policy day lasts ${String(POLICY_DAY)} ms. Adding the ${String(numbers.length)} numbers of examples/numbers.csv.\n`,
  );
  const lives: Promise<Ending>[] = [];
  const waiting = [...plans];
  for (const { number, options } of numbers) {
    const plan = waiting[0];
    if (plan?.rejected) await meta.reject(number.replace(/\D/g, ''));
    try {
      const added = await pool.add(number, { ...options, ...plan?.options });
      if (!plan) continue;
      waiting.shift();
      // Portfolio and WABA are different things, and so are their IDs.
      const wabaId = `1022902913403${String(lives.length).padStart(2, '0')}`;
      const life = new Life(added.phoneNumber, pool, meta, clock, narrator, wabaId);
      lives.push(live(life, plan, pool, narrator));
    } catch (error) {
      console.log(`day ${clock.dayOf().padStart(6)}  not added: ${(error as Error).message}`);
    }
  }
  const endings = await Promise.all(lives);
  console.log(`\n${endingTable(endings, clock, uiUrl)}`);
  const right = endings.filter(isAsPlanned).length;
  console.log(
    `${String(right)} of ${String(endings.length)} numbers are where they should be, after ${clock.dayOf()} days.`,
  );
  return endings;
}

async function live(
  life: Life,
  plan: (typeof plans)[number],
  pool: NumberPool,
  narrator: Narrator,
): Promise<Ending> {
  try {
    await plan.play(life);
    await life.reaches(plan.end);
  } catch (error) {
    console.log(`+${life.number} left its story: ${(error as Error).message}`);
  }
  const record = await pool.get(life.number);
  narrator.tell(record);
  return { record, plan };
}

demo().then(
  (right) => {
    process.exitCode = right ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof StartError ? error.message : error);
    process.exitCode = 1;
  },
);
