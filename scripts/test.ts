import { run } from 'jest';
import { StartError } from '../settings/start-error';
import { asMain } from '../stack/as-main';
import { chromiumLacks } from '../stack/set-up/chromium';
import { restateLacks } from '../stack/set-up/restate';
import { clusterLacks, getCluster } from '../stack/set-up/servers';

/** Tests that need what a machine may lack, each a folder or a file. */
const optional = [
  { place: 'test/browser', tests: 'browser tests', lacks: chromiumLacks },
  { place: 'test/cluster', tests: 'tests on a cluster', lacks: clusterLacks },
  { place: 'test/bench/restate', tests: 'tests of the bench on Restate', lacks: restateLacks },
];

/**
 * `npm test`: every test that this machine can run, or those that are named. A whole run counts what of the chart and the
 * Graph client they reach.
 */
async function test(args: readonly string[]): Promise<void> {
  const isNamed = (place: string) => args.some((arg) => arg.startsWith(place));
  const left = optional.filter(({ place, tests, lacks }) => {
    const fault = lacks();
    if (!fault) return false;
    if (isNamed(place)) throw new StartError(`The ${tests} cannot run`, fault);
    console.error(`The ${tests} are left out, for ${fault}`);
    return true;
  });
  if (!clusterLacks() && (args.length === 0 || isNamed('test/cluster'))) await getCluster();
  process.env['NODE_ENV'] ??= 'test';
  // Where nobody reads along, tests that are left out are tests that failed.
  if (left.length > 0 && process.env['CI']) process.once('exit', () => (process.exitCode = 1));
  await run([
    ...(args.length > 0 ? args : ['--coverage']),
    '--testPathIgnorePatterns',
    '/node_modules/',
    ...left.map(({ place }) => `<rootDir>/${place}`),
  ]);
}

asMain(() => test(process.argv.slice(2)));
