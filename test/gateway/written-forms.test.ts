import { workflowIdOf } from '../../contract/workflow-ids';
import { ownNamespace, type TestServer } from '../support/servers';
import { heldFor, startNumber, TestGateway } from './gateway';
import { otp, sms } from './sender';

let temporal: TestServer;
let gateway: TestGateway;
beforeAll(async () => {
  temporal = await ownNamespace();
  gateway = await TestGateway.open(temporal.env.client);
});
afterAll(async () => {
  await gateway.close();
  await temporal.close();
});

test.each([
  ['5491150123451', '541150123451'],
  ['558591234551', '5585991234551'],
  ['525550123451', '5215550123451'],
])('what +%s received reaches it where the carrier calls it +%s', async (digits, carrier) => {
  await startNumber(temporal.env.client, digits);
  expect(await gateway.send(sms(`+${carrier}`, 'WhatsApp code 735-912'))).toMatchObject({ status: 202 });
  expect(await gateway.send(otp({ to: carrier, text: '735912' }))).toMatchObject({ status: 202 });
  expect(await heldFor(temporal.env.client, workflowIdOf(digits))).toHaveLength(2);
});

test('also where its life in the other form has ended', async () => {
  const [ended, alive] = ['5511987654351', '551187654351'] as const;
  await startNumber(temporal.env.client, ended);
  await temporal.env.client.workflow.getHandle(workflowIdOf(ended)).terminate();
  await startNumber(temporal.env.client, alive);
  expect(await gateway.send(sms(`+${ended}`, '735912'))).toMatchObject({ status: 202 });
  expect(await heldFor(temporal.env.client, workflowIdOf(alive))).toHaveLength(1);
});

test.each([
  ['E.164 without its plus, as many carriers write it', '6592345651'],
  ['with the 0 that is dialled inside the country', '+44 (0) 7700 900551'],
])('a number is read from %s', async (_, to) => {
  const digits = { '6592345651': '6592345651' }[to] ?? '447700900551';
  await startNumber(temporal.env.client, digits);
  expect(await gateway.send(otp({ to, text: '735912' }))).toMatchObject({ status: 202 });
});

test.each([
  ['(310) 555-0162', /country code is missing/],
  ['+15550783917 +15550783918', /two plus signs/],
  ['15550783921.5', /decimal number/],
  ['9175550134', /country code is missing/],
])('%s is refused, saying what is wrong: 400', async (to, words) => {
  expect(await gateway.send(otp({ to, text: '735912' }))).toMatchObject({
    status: 400,
    body: expect.stringMatching(words),
  });
});
