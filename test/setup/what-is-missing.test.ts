import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkNode } from '../../bin/node-version';
import { findChromium } from '../../stack/set-up/chromium';
import { findPostgres } from '../../stack/set-up/postgres';
import { getTemporalCli } from '../../stack/set-up/temporal-cli';
import { getTemporalServer } from '../../stack/set-up/temporal-server';
import { getTimeSkippingServer } from '../../stack/set-up/time-skipping-server';
import { startDevServer } from '../../stack/dev-server';
import { checkPort } from '../../stack/ports';

const named = [
  'TEMPORAL_CLI_PATH',
  'TEMPORAL_TEST_SERVER_PATH',
  'TEMPORAL_SERVER_BIN',
  'POSTGRES_BIN',
  'CHROMIUM_PATH',
];
const before = { ...process.env };
let folder: string;

/** A machine with nothing but Node, and no network. */
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'preverified-'));
  for (const name of [...named, 'JAVA_HOME']) delete process.env[name];
  Object.assign(process.env, { PATH: folder, XDG_CACHE_HOME: folder, HTTPS_PROXY: 'http://127.0.0.1:9' });
});

afterEach(async () => {
  process.env = { ...before };
  await rm(folder, { recursive: true });
});

const install = async (command: string, script: string) => {
  await writeFile(path.join(folder, command), `#!/bin/sh\n${script}\n`);
  await chmod(path.join(folder, command), 0o755);
};

describe('what a machine lacks is one sentence with its remedy', () => {
  it('Node, if it is too old', () => {
    expect(() => checkNode('18.19.1')).toThrow('Node 18.19.1 is too old: install Node 20.3 or newer');
    expect(() => checkNode('20.2.0')).toThrow('too old');
    for (const version of ['20.3.0', '21.0.0', '100.0.0']) checkNode(version);
  });

  it('the Temporal CLI and Go', async () => {
    await expect(getTemporalCli()).rejects.toThrow(/there is no Go to build it with: .*install Go/);
  });

  it('the Temporal server and Go', async () => {
    await expect(getTemporalServer()).rejects.toThrow(
      /there is no Go to build it with: unpack a release of it .*install Go/,
    );
  });

  it('a network for Go', async () => {
    await install('go', 'echo "dial tcp: connection refused" >&2; exit 1');
    await expect(getTemporalCli()).rejects.toMatchObject({
      message: expect.stringContaining('look whether the network and GOPROXY let Go fetch modules'),
      cause: { said: 'dial tcp: connection refused' },
    });
  });

  it('Java', async () => {
    await expect(getTimeSkippingServer()).rejects.toThrow(/there is no Java to run it with: install a JDK/);
  });

  it('Maven', async () => {
    await install('java', 'exit 0');
    await expect(getTimeSkippingServer()).rejects.toThrow(/there is no Maven to fetch it with: install/);
  });

  it('a network for Maven', async () => {
    await install('java', 'exit 0');
    await install('mvn', 'exit 1');
    await expect(getTimeSkippingServer()).rejects.toThrow(/nor fetched with Maven: look whether the network/);
  });

  it.each([
    ['TEMPORAL_CLI_PATH', () => getTemporalCli()],
    ['TEMPORAL_TEST_SERVER_PATH', () => getTimeSkippingServer()],
    ['TEMPORAL_SERVER_BIN', () => getTemporalServer()],
    ['POSTGRES_BIN', async () => findPostgres()],
    ['CHROMIUM_PATH', async () => findChromium()],
  ])('a file that %s names', async (name, find) => {
    process.env[name] = path.join(folder, 'nowhere');
    await expect(find()).rejects.toThrow(new RegExp(`^${name} names .*/nowhere, which .+: mend it`));
  });

  it('a port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(checkPort('the simulator', port, 'SIMULATOR_PORT')).rejects.toThrow(
      `Port ${port} for the simulator is in use: stop what listens there, or choose another port with SIMULATOR_PORT=${port + 100}`,
    );
    other.close();
    await once(other, 'close');
    await checkPort('the simulator', port, 'SIMULATOR_PORT');
  });

  it('a Temporal CLI that works', async () => {
    await install('temporal', 'echo "no such table"; exit 3');
    await expect(startDevServer({ cli: path.join(folder, 'temporal') })).rejects.toThrow(
      /cannot start: it ended with 3\s+no such table/,
    );
    await expect(startDevServer({ cli: path.join(folder, 'nowhere') })).rejects.toThrow(
      /cannot start: .*ENOENT/,
    );
  });

  it('a port that another program took before Temporal listened there: it is tried again, three times', async () => {
    const tries = path.join(folder, 'tries');
    const fails = `echo . >> ${tries}; echo "listen tcp 127.0.0.1:7: bind: address already in use"; exit 2`;
    const cli = path.join(folder, 'temporal');
    await install('temporal', fails);
    await expect(startDevServer({ cli })).rejects.toThrow(/cannot start: it ended with 2\s+listen tcp/);
    expect(await readFile(tries, 'utf8')).toBe('.\n'.repeat(3));
    await install(
      'temporal',
      `if [ ! -e ${tries}2 ]; then : > ${tries}2; ${fails}; fi; echo "Server: here"; exec /bin/sleep 600`,
    );
    const server = await startDevServer({ cli });
    await server.kill();
  });
});
