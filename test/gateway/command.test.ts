import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { ready, run, start } from '../cli/cli';
import { secrets } from './sender';

const env = { TEMPORAL_ADDRESS: process.env['TEST_DEV_SERVER_ADDRESS']!, GATEWAY_PORT: '0' };

test('says in one line that it is ready and what it takes in, and ends when told to', async () => {
  const child = start(['gateway'], {
    ...env,
    TWILIO_AUTH_TOKEN: secrets.twilio,
    OTP_WEBHOOK_SECRET: secrets.otp,
  });
  const line = await ready(child);
  expect(line).toMatch(
    /^preverified gateway ready: http:\/\/127\.0\.0\.1:\d+ takes in \/otp\/sms, \/otp\/voice, \/otp\/call, \/otp$/,
  );
  const [url] = /http:\S+/.exec(line)!;
  const answer = await fetch(`${url}/webhooks/meta`, { method: 'POST' });
  expect(answer.status).toBe(401);
  expect(await answer.json()).toEqual({
    message: expect.stringContaining('META_APP_SECRET and META_VERIFY_TOKEN'),
  });
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('says which settings are wrong, and no secret', async () => {
  const { code, err } = await run(['gateway'], {
    ...env,
    GATEWAY_URL: 'numbers',
    OTP_WEBHOOK_SECRET: 'a-secret',
  });
  expect(code).toBe(1);
  expect(err).toMatch(/OTP_WEBHOOK_SECRET must be whsec_[^]*GATEWAY_URL must be an address/);
  expect(err).not.toContain('a-secret');
});

test('says that Temporal is not there', async () => {
  const { code, err } = await run(['gateway'], { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(1);
  expect(err).toMatch(/^Temporal cannot be reached at 127\.0\.0\.1:1/);
});

test('says that its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const port = String((other.address() as AddressInfo).port);
  const { code, err } = await run(['gateway'], { ...env, GATEWAY_PORT: port });
  expect([code, err]).toEqual([1, expect.stringContaining(`GATEWAY_PORT ${port}: the port is in use`)]);
  other.close();
});
