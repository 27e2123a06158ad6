import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.mjs';
import { run, SetupError, step, tail } from './step.mjs';

const changed = (file) => statSync(path.join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Makes sure that the packages are installed and the sources are built; does nothing where they are. */
export async function installAndBuild() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 3)) {
    throw new SetupError(
      `Node ${process.versions.node} is too old: install Node 20.3 or newer from https://nodejs.org.`,
    );
  }
  if (changed('node_modules/.package-lock.json') < changed('package-lock.json')) {
    await step('Install the packages', () => npm('ci', '--no-audit', '--no-fund'));
  }
  if (!isBuilt()) await step('Build', () => npm('run', 'build'));
}

async function npm(...args) {
  const { code, output } = await run('npm', args, { cwd: root });
  if (code === 127)
    throw new SetupError('npm was not found: it comes with Node, install it from https://nodejs.org.');
  if (code === 0) return;
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i.test(output);
  throw new SetupError(
    `"npm ${args.join(' ')}" failed${offline ? ": the package registry cannot be reached. Connect to the network, or set npm's proxy, and run this again" : ''}.\n${tail(output)}`,
  );
}

const sources = ['workflows', 'activities', 'client', 'worker', 'simulator', 'gateway', 'scripts'];

/** Built, and by its own word newer than every source. */
function isBuilt() {
  const built = changed('dist/workflow-bundle.js');
  return (
    existsSync(path.join(root, 'dist/client/cli/main.js')) &&
    sources.every((folder) => newest(folder) <= built)
  );
}

function newest(place) {
  const found = statSync(path.join(root, place), { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(
    found.mtimeMs,
    ...readdirSync(path.join(root, place)).map((name) => newest(path.join(place, name))),
  );
}
