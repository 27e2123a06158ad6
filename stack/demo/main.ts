import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { NumberPool } from '../../client';
import { auditNumber, readingConverter, renderVerdict } from '../../audit';
import { verifyRecords } from '../../audit/verify-records';
import { readNumbersFile } from '../../cli/numbers-file';
import { connect } from '../../temporal/connect';
import { keepRecords } from '../../client/records/keep-records';
import { openRecordsToRead } from '../../records';
import { setSchedule } from '../../client/reconcile/schedule';
import { needs, readSettings } from '../../settings';
import type { SimulatorClient } from '../../simulator/client';
import { asMain } from '../as-main';
import { startStack, type Stack } from '../stack';
import { Clock } from './clock';
import { endingTable, isAsPlanned, type Ending } from './ending';
import { creditLine, customersAct, setUpPartner } from './customers';
import { castOf, type Cast } from './cast';
import { Life } from './life';
import { plans, type Plan } from './plans';
import { Shop } from './shop';
import { runTelephones } from './telephones';

const POLICY_DAY = 500;
const file = path.resolve('examples/numbers.csv');

/** `npm start`: a pool of numbers lives some hundred days in about a minute. */
async function demo(): Promise<boolean> {
  console.log('• Start Temporal, the simulator, a worker and the gateway …');
  const shop = await Shop.open();
  const stack = await startStack({
    POLICY_DAY: `${String(POLICY_DAY)}ms`,
    WEBHOOK_ENDPOINTS: shop.endpointsFile,
    ...creditLine,
  });
  const pool = await NumberPool.connect({ by: 'demo' }, stack.env);
  const stopping = new AbortController();
  const stop = async () => {
    stopping.abort();
    await pool.close();
    await stack.stop();
    await shop.close();
  };
  try {
    console.log(
      `✓ Temporal's UI is on ${stack.uiUrl}, the simulator on ${stack.simulatorUrl}, the gateway on ${stack.gatewayUrl}`,
    );
    await reconcileOften(stack.env);
    const cast = castOf(stack, { pool, shop, clock: new Clock(POLICY_DAY) });
    await setUpPartner(cast.sim, stack.env);
    const endings = await play(cast, stack, stopping.signal);
    const connected = await customersAct(cast, endings);
    const agreeing = await verify(stack.env, endings);
    if (process.stdin.isTTY) await enter('Look around, then press Enter to end. ');
    return agreeing && connected && endings.every(isAsPlanned);
  } finally {
    await stop();
  }
}

/** Every ten policy days, for an hour is longer than the demo. */
async function reconcileOften(env: Record<string, string>): Promise<void> {
  const settings = readSettings([...needs.client, 'pool'], env);
  const { client, close } = await connect(settings);
  try {
    await setSchedule(client, settings.pool.portfolioId, 10 * POLICY_DAY);
  } finally {
    await close();
  }
}

/** What an auditor would do: run each history through the chart again, in Temporal and in the records. */
async function verify(env: Record<string, string>, endings: Ending[]): Promise<boolean> {
  const settings = readSettings(needs.records, env);
  const { client, close } = await connect(settings);
  const records = await openRecordsToRead(settings);
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
    await keepRecords(client, { checkpoint: true });
    const { signingKeys: keys } = settings.records;
    const { entries, faults } = await verifyRecords(records, readingConverter(settings), { keys });
    for (const { seq, what } of faults) console.log(`Records, entry ${String(seq)}: ${what}`);
    console.log(
      `The records of ${String(entries)} ended runs are in ${records.shown}, ${faults.length === 0 ? 'and verify' : 'and do not verify'} (preverified records verify).`,
    );
    return agreeing === endings.length && faults.length === 0;
  } finally {
    await records.close();
    await close();
  }
}

async function enter(prompt: string): Promise<void> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  await terminal.question(prompt);
  terminal.close();
}

async function play(cast: Cast, { gatewayUrl, uiUrl, env }: Stack, signal: AbortSignal): Promise<Ending[]> {
  const { pool, sim, clock } = cast;
  const authToken = String(env['TWILIO_AUTH_TOKEN']);
  runTelephones(sim, { gatewayUrl, authToken }, signal).catch((error: unknown) => {
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
    if (plan?.rejected) await refuse(sim, number);
    try {
      const added = await pool.add(number, { ...options, ...plan?.options });
      if (!plan) continue;
      waiting.shift();
      // Portfolio and WABA are different things, and so are their IDs.
      const wabaId = `1022902913403${String(lives.length).padStart(2, '0')}`;
      lives.push(live(new Life(added.phoneNumber, wabaId, cast), plan, cast));
    } catch (error) {
      console.log(`day ${clock.dayOf().padStart(6)}  not added: ${(error as Error).message}`);
    }
  }
  const endings = await Promise.all(lives);
  console.log(`\n${endingTable(endings, clock, uiUrl)}`);
  const right = endings.filter(isAsPlanned).length;
  console.log(
    `${String(right)} of ${String(endings.length)} numbers are where they should be, and the shop received a webhook of it, after ${clock.dayOf()} days.`,
  );
  return endings;
}

/** Has Meta refuse the number. */
const refuse = (sim: SimulatorClient, number: string) =>
  sim.fault({
    call: 'add_phone_numbers',
    number: number.replace(/\D/g, ''),
    times: null,
    error: { status: 400, code: 100, message: 'This number cannot be used on WhatsApp' },
  });

async function live(life: Life, plan: Plan, { pool, narrator, shop }: Cast): Promise<Ending> {
  let received = false;
  try {
    await plan.play(life);
    await life.reaches(plan.end);
    await shop.receives(`number.${plan.end.toLowerCase()}`, life.number);
    received = true;
  } catch (error) {
    console.log(`+${life.number} left its story: ${(error as Error).message}`);
  }
  const record = await pool.get(life.number);
  narrator.changes(record);
  return { record, plan, received };
}

asMain(async () => {
  process.exitCode = (await demo()) ? 0 : 1;
});
