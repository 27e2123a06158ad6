import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { Laptop } from '../client/laptop';
import { otp, secrets } from '../gateway/sender';
import { SimulatorClient } from '../../simulator/client';
import { ready, run, start } from './cli';

const anyPorts = { SIMULATOR_PORT: '0', CODEC_PORT: '0', GATEWAY_PORT: '0' };

let laptop: Laptop;
beforeAll(async () => {
  laptop = await Laptop.start();
  await laptop.stopWorker();
});
afterAll(() => laptop.close());

async function stops(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const end = once(child, 'exit');
  child.kill(signal);
  expect((await end)[0]).toBe(0);
}

test.each([
  ['simulator', 'SIGINT', /^preverified simulator ready: Graph API on http:\/\/127\.0\.0\.1:\d+/],
  ['codec', 'SIGTERM', /^preverified codec ready: http:\/\/127\.0\.0\.1:\d+/],
  ['worker', 'SIGTERM', /^preverified worker ready: /],
  [
    'dev',
    'SIGINT',
    /^preverified dev ready: worker on .*, simulator on http.*, gateway on http.*, codec on http/,
  ],
] as const)('%s says in one line that it is ready, and stops on %s', async (command, signal, words) => {
  const child = start([command], { ...laptop.env, ...anyPorts });
  expect(await ready(child)).toMatch(words);
  await stops(child, signal);
});

test('a number that is added to preverified dev is verified by the code that comes in at its gateway', async () => {
  const child = start(['dev'], { ...laptop.env, ...anyPorts, OTP_WEBHOOK_SECRET: secrets.otp });
  const line = await ready(child);
  const at = (part: string) => String(new RegExp(`${part} on (http:[^,]+)`).exec(line)?.[1]);
  expect(await run(['add', '15550800001'], laptop.env)).toMatchObject({ code: 0 });
  const text = await new SimulatorClient(at('simulator')).nextMessage('15550800001');
  const { url, headers, body } = otp({ to: '15550800001', text });
  expect((await fetch(at('gateway') + url, { method: 'POST', headers, body })).status).toBe(202);
  await laptop.pool().waitFor('15550800001', 'Verified');
  await stops(child, 'SIGTERM');
});

test('a simulator whose port is in use says which setting to change', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const SIMULATOR_PORT = String((other.address() as AddressInfo).port);
  const { code, out, err } = await run(['simulator'], { SIMULATOR_PORT });
  other.close();
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(new RegExp(`^The simulator cannot listen on port ${SIMULATOR_PORT}, .*SIMULATOR_PORT`));
});

test('doctor lists what it looked at, and fails where something is amiss', async () => {
  const { code, out } = await run(['doctor', '--json'], { ...laptop.env, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(1);
  const checks = JSON.parse(out) as { name: string; outcome: string; detail: string }[];
  expect(checks.find(({ outcome }) => outcome === 'failed')?.detail).toMatch(/127\.0\.0\.1:1/);
});
