import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { connect, type Connected } from '../../temporal/connect';
import { needs, readSettings } from '../../settings';
import { startGateway, type Gateway } from '../../gateway';
import { startDevServer, type DevServer } from '../../stack/dev-server';
import { freePort } from '../../stack/ports';
import { workflowIdOf } from '../../contract/workflow-ids';
import { everySecret, heldFor, loggerToFile, startNumber } from './gateway';
import {
  bandwidth,
  batch,
  elks,
  meta,
  otp,
  plivoSms,
  sms,
  telnyx,
  transcript,
  twilio,
  vonageMessage,
  vonageSms,
  type Letter,
} from './sender';

jest.setTimeout(120_000);

const numbers = ['15550783881', '15550783882', '15550783883', '15550783884', '15550783885'];
const file = path.join(mkdtempSync(path.join(tmpdir(), 'preverified-')), 'temporal.db');

let start: () => Promise<DevServer>;
let temporal: DevServer;
let connected: Connected;
let gateway: Gateway;

beforeAll(async () => {
  const options = { port: await freePort(), uiPort: null, file };
  start = () => startDevServer(options);
  temporal = await start();
  const settings = readSettings(needs.gateway, {
    ...everySecret,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_CONFIG_FILE: '/nowhere',
    GATEWAY_PORT: '0',
  });
  connected = await connect(settings);
  for (const number of numbers) await startNumber(connected.client, number);
  const { logger } = loggerToFile();
  gateway = await startGateway(settings, {
    client: connected.client,
    logger,
    findClaims: () => Promise.reject(new Error('nothing here may be looked for')),
  });
});

afterAll(async () => {
  await gateway.close();
  await connected.close();
  await temporal.stop();
});

const post = ({ method, url, headers, body }: Letter) =>
  fetch(gateway.url + url, { method, headers, ...(method === 'POST' && { body }) });

/** A sender that keeps its message until it is taken: when each answer came, and what it was. */
async function insist(letter: Letter, answers: { at: number; status: number }[]): Promise<void> {
  for (;;) {
    const { status, headers } = await post(letter);
    answers.push({ at: Date.now(), status });
    if (status === 202 || status === 200) return;
    expect([status, Number(headers.get('retry-after'))]).toEqual([503, expect.any(Number)]);
    await setTimeout(1000);
  }
}

test('while Temporal is down senders are told to try again, and what was acknowledged arrives exactly once', async () => {
  const answers: { at: number; status: number }[] = [];
  const sent: { number: string; text: string; taken: Promise<void> }[] = [];
  let down = { from: 0, to: 0 };
  const outage = async () => {
    await setTimeout(3000);
    await temporal.kill();
    down = { from: Date.now(), to: 0 };
    await setTimeout(7000);
    down.to = Date.now();
    temporal = await start();
  };
  const ended = outage();
  // Twenty a second, come what may.
  for (let count = 0; count < 300; count++) {
    const number = numbers[count % numbers.length]!;
    const text = `message ${String(count)}`;
    sent.push({ number, text, taken: insist(otp({ to: number, text }), answers) });
    await setTimeout(50);
  }
  await ended;
  await Promise.all(sent.map(({ taken }) => taken));

  const meanwhile = answers.filter(({ at }) => at > down.from && at < down.to);
  // How many there are is the machine's business.
  expect(meanwhile.length).toBeGreaterThan(0);
  expect(meanwhile.filter(({ status }) => status !== 503)).toEqual([]);
  for (const number of numbers) {
    const held = await heldFor(connected.client, workflowIdOf(number));
    const texts = held.map(({ payload }) => String(payload.text));
    expect(texts.sort()).toEqual(
      sent
        .filter((one) => one.number === number)
        .map(({ text }) => text)
        .sort(),
    );
  }
});

const waba = '102290129340398';
const ofCustomers = [
  { field: 'account_update', value: { event: 'PARTNER_REMOVED', waba_info: { waba_id: waba } } },
  { field: 'phone_number_name_update', value: { display_phone_number: numbers[0]!, decision: 'APPROVED' } },
];

test('each way in answers 503 while Temporal is down, and takes the same message afterwards', async () => {
  const number = `+${numbers[0]!}`;
  const text = 'WhatsApp code 735-912';
  const letters = [
    sms(number, text),
    transcript(number, 'TranscriptionText', text),
    twilio('/otp/call', { To: number, SpeechResult: text, CallSid: 'CA1' }),
    telnyx(number, text),
    vonageSms('GET', number, text),
    vonageMessage(number, text),
    plivoSms('V3', number, text),
    elks(number, text),
    bandwidth(number, text),
    otp({ to: number, text }),
    ...ofCustomers.map((value) => meta(batch({ id: waba, time: 1739321024, changes: [value] }))),
  ];
  await temporal.kill();
  const begun = Date.now();
  const down = await Promise.all(letters.map(post));
  // Each within the gateway's five seconds, and the machine's own.
  expect(Date.now() - begun).toBeLessThan(30_000);
  expect(down.map(({ status }) => status)).toEqual(letters.map(() => 503));
  for (const { headers } of down) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  temporal = await start();
  for (const letter of letters) await insist(letter, []);
});
