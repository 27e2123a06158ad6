import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NumberPool } from '../../client';
import { freePort } from '../../stack/ports';
import { startStack, type Stack } from '../../stack/stack';
import { blocks, root } from './pages';

let stack: Stack;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  const ports = ['TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'SIMULATOR_PORT', 'CODEC_PORT', 'GATEWAY_PORT'];
  const free = await Promise.all(ports.map(async (name) => [name, String(await freePort())] as const));
  stack = await startStack(Object.fromEntries(free));
  ends.push(() => stack.stop());
}, 120_000);

afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

/** As a reader runs it in a second terminal, in the checkout. */
async function type(commands: string): Promise<string> {
  const npx = `npx() { shift; "${process.execPath}" bin/preverified.js "$@"; }`;
  const { stdout } = await promisify(execFile)('bash', ['-c', `${npx}\n${commands}\ntrue`], {
    cwd: root,
    env: { ...process.env, ...stack.env, SIMULATOR_PORT: new URL(stack.simulatorUrl).port },
  });
  return stdout;
}

test('the steps of docs/getting-started.md do what it says', async () => {
  const [add, code, signup, ...others] = blocks('docs/getting-started.md', 'sh').filter(
    (block) => !block.startsWith('npm '),
  );
  expect(others).toEqual([]);
  expect(await type(String(add))).toContain('+15550783881');
  expect(await type(String(code))).toMatch(/State +│ Verified/);
  const link = (await type(String(signup))).trim();
  expect(link).toMatch(/^http:\S+\/signup#\S{20,}$/);
  expect((await fetch(link)).status).toBe(200);

  const pool = await NumberPool.connect({ by: 'test' }, stack.env);
  ends.push(() => pool.close());
  expect((await pool.get('15550783881')).reservation).toMatchObject({ customerId: 'lucky-shrub' });
}, 120_000);
