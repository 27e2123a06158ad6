import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, type Logger } from '@temporalio/worker';
import { failureConverterPath, workflowPayloadsPath } from '../temporal/data-converter';

const workflows = require.resolve('../workflows');
const interceptors = require.resolve('../workflows/interceptors');
const shared = require.resolve('../workflows/shared');
const root = path.resolve(__dirname, '..');
const compiled = path.basename(root) === 'dist';
/** As a package of npm's, whose sources nobody changes: all its files have the time of their unpacking. */
const installed = compiled && !existsSync(path.join(root, '../tsconfig.json'));

/** The bundle of the numbers' workflows as a build leaves it. */
export const builtBundle = path.join(root, 'workflow-bundle.js');

/**
 * The workflow code as a worker loads it: built once and kept until a source is newer. Compiled code has it beside
 * itself, where a build puts it; sources have it in a cache.
 *
 * @param workflowsPath a module that exports workflows, in a folder of its own
 */
export async function workflowBundle(
  logger: Logger = new DefaultLogger('WARN'),
  workflowsPath = workflows,
): Promise<{ code: string }> {
  const kept = keptAt(workflowsPath);
  if (installed && kept === builtBundle) return { code: await readFile(kept, 'utf8') };
  const lock = compiled ? [] : [path.join(root, 'package-lock.json')];
  const changed = await newestChange([
    path.dirname(workflowsPath),
    path.join(root, 'contract'),
    interceptors,
    failureConverterPath,
    workflowPayloadsPath,
    ...lock,
  ]);
  const built = await stat(kept).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  if (built > changed) return { code: await readFile(kept, 'utf8') };

  const begun = new Date();
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    workflowInterceptorModules: [interceptors],
    failureConverterPath,
    payloadConverterPath: workflowPayloadsPath,
    logger,
    preloadModules: workflowsPath === workflows ? [shared] : [],
    webpackConfigHook: (config) => ({
      ...config,
      // Webpack's own, but production: XState's development build is none of a workflow's business.
      resolve: {
        ...config.resolve,
        conditionNames: ['require', 'module', 'webpack', 'production', 'browser'],
      },
    }),
  });
  await keep(kept, code, begun).catch((error: unknown) => {
    logger.warn(`the workflow bundle cannot be kept, the next start builds it again: ${String(error)}`);
  });
  return { code };
}

function keptAt(workflowsPath: string): string {
  if (compiled && workflowsPath === workflows) return builtBundle;
  const name = path.relative(root, workflowsPath).replace(/\W+/g, '-');
  return path.join(root, 'node_modules', '.cache', 'preverified', `${name}.bundle.js`);
}

/** Other processes may be reading or building it: it appears at once and whole, dated from before its sources were read. */
async function keep(file: string, code: string, begun: Date): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(draft, code);
  await utimes(draft, begun, begun);
  await rename(draft, file);
}

/** Folders count too: their time changes when a file goes away. */
async function newestChange(places: string[]): Promise<number> {
  const times = await Promise.all(
    places.map(async (place) => {
      const found = await stat(place);
      const inside = found.isDirectory() ? (await readdir(place)).map((name) => path.join(place, name)) : [];
      return Math.max(found.mtimeMs, await newestChange(inside));
    }),
  );
  return Math.max(0, ...times);
}
