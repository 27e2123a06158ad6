import type { NumberPool } from '../../client';
import { Laptop } from '../client/laptop';
import { everySecret, TestGateway } from './gateway';
import { secrets, sms, transcript, twilio } from './sender';

let laptop: Laptop;
let gateway: TestGateway;
let pool: NumberPool;

beforeAll(async () => {
  laptop = await Laptop.start();
  pool = laptop.pool();
  gateway = await TestGateway.open(laptop.connected.client, everySecret);
});

afterAll(async () => {
  await gateway.close();
  await laptop.close();
});

const [redacted, called, halved, fixed] = ['15550783801', '15550783802', '15550783803', '442079460871'];

const waitsForCode = (number: string) => pool.waitUntil(number, ({ phase }) => phase === 'waiting');

test('a code that its carrier withheld comes by a call instead', async () => {
  await laptop.sim.setPhone(redacted, { SMS: 'redacted' });
  await pool.add(redacted);
  const arrived = await laptop.sim.nextMessage(redacted);
  expect(arrived).toBe('WhatsApp code ***-***');
  await waitsForCode(redacted);

  await gateway.send(sms(`+${redacted}`, arrived));
  const { problem } = await pool.waitUntil(redacted, (number) => number.problem !== null);
  expect(problem).toMatchObject({
    code: 'CodeNotReceived',
    message: expect.stringMatching(/^An SMS from \+15005550006 of .* holds no code: "WhatsApp code \*/),
  });

  const report = { To: `+${redacted}`, MessageSid: 'SM1', SmsStatus: 'failed', ErrorCode: '30038' };
  await gateway.send(twilio('/otp/sms', report));
  const said = await laptop.sim.nextMessage(redacted);
  expect(said).toMatch(/^Verification code is/);
  await gateway.send(transcript(`+${redacted}`, 'TranscriptionText', said));
  expect(await pool.waitUntil(redacted, ({ state }) => state === 'Verified')).toMatchObject({
    problem: null,
  });
});

test('the call is answered and understood without a server of the user', async () => {
  await laptop.sim.setPhone(called, { SMS: 'refused' });
  await pool.add(called, { codeMethod: 'VOICE' });
  const said = await laptop.sim.nextMessage(called);
  const call = { To: `+${called}`, CallSid: 'CA1' };
  const { body } = await gateway.send(
    twilio('/otp/call', { ...call, CallStatus: 'ringing' }, secrets.twilio),
  );
  expect(body).toContain('<Gather');
  await gateway.send(twilio('/otp/call', { ...call, SpeechResult: said.slice(0, 20) }));
  await gateway.send(twilio('/otp/call', { ...call, TranscriptionText: said, TranscriptionSid: 'TR1' }));
  await pool.waitUntil(called, ({ state }) => state === 'Verified');
});

test('a code that comes in two parts verifies its number', async () => {
  await pool.add(halved);
  const arrived = await laptop.sim.nextMessage(halved);
  await waitsForCode(halved);
  const cut = arrived.indexOf('-') + 1;
  await gateway.send(sms(`+${halved}`, arrived.slice(0, cut)));
  await gateway.send(sms(`+${halved}`, arrived.slice(cut)));
  await pool.waitUntil(halved, ({ state }) => state === 'Verified');
});

test('a fixed line begins with a call', async () => {
  await pool.add(`+${fixed}`);
  expect(await laptop.sim.nextMessage(fixed)).toMatch(/^Verification code is/);
});
