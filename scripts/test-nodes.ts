import { spawnSync } from 'node:child_process';
import { asMain } from '../stack/as-main';
import { run } from '../stack/set-up/command';

const versions = ['22', '24'];

/**
 * Node matters where the chart runs, where a client connects, sends and closes, where HTTP is served, and where a process
 * starts and ends: some files for each. The others of these folders are about what Temporal, carriers and Meta do, which is the
 * same on every Node, and most of them wait for servers.
 */
const tests = [
  'test/chart/',
  ...['add', 'bad-input', 'closing', 'messages'].map((name) => `test/client/${name}.test.ts`),
  ...['command', 'routes'].map((name) => `test/gateway/${name}.test.ts`),
  ...['running', 'usage'].map((name) => `test/cli/${name}.test.ts`),
];

/**
 * `npm run test:nodes`: what may depend on Node, and needs little time of a server, on other versions of it than the one
 * that `npm test` runs on. They come from npm, as the package "node".
 */
async function testNodes(named: readonly string[]): Promise<void> {
  for (const version of named.length > 0 ? named : versions) {
    console.error(`Getting Node ${version} …`);
    const node = await run('npx', ['--yes', `node@${version}`, '--print', 'process.execPath']);
    const { status } = spawnSync(node, [require.resolve('jest/bin/jest'), ...tests], { stdio: 'inherit' });
    process.exitCode = status ?? 1;
    if (process.exitCode !== 0) return;
  }
}

asMain(() => testNodes(process.argv.slice(2)));
