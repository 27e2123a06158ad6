import { execFileSync } from 'node:child_process';
import path from 'node:path';
import ts from 'typescript';
import { readSettings } from '../../settings';
import { run } from '../cli/cli';
import { blocks, pages, read, root } from './pages';

test('every command in the documents exists, with its options', async () => {
  const { out } = await run(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, command]) => String(command));
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/preverified ([a-z][a-z-]*)([^\n`"]*)/g)].map(([, command = '', rest = '']) => ({
      page,
      command,
      options: rest.match(/(?<= )--[a-z-]+/g) ?? [],
    })),
  );
  expect(named.filter(({ command }) => !commands.includes(command))).toEqual([]);

  const withOptions = new Set(named.flatMap(({ command, options }) => (options.length > 0 ? command : [])));
  const helps = new Map<string, string>();
  for (const command of withOptions) helps.set(command, await helpOf(command));
  const unknown = named.flatMap(({ page, command, options }) =>
    options
      .filter((option) => !new RegExp(`${option}\\b`).test(helps.get(command) ?? ''))
      .map((option) => ({ page, command, option })),
  );
  expect(unknown).toEqual([]);
}, 120_000);

/** Of a command and of those that stand under it. */
async function helpOf(command: string): Promise<string> {
  const { out } = await run([command, '--help']);
  const [, under = ''] = /^Commands:\n([^]*)/m.exec(out) ?? [];
  const subcommands = [...under.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name]) => String(name));
  const helps = subcommands.map(async (name) => (await run([command, name, '--help'])).out);
  return [out, ...(await Promise.all(helps))].join('\n');
}

test('every npm script in the documents exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm (?:run ([a-z:-]+)|(start|test)\b)/g)].map(([, script, short]) => ({
      page,
      script: String(script ?? short),
    })),
  );
  expect(named.filter(({ script }) => !(script in scripts))).toEqual([]);
});

test.each(pages.filter((page) => page.startsWith('docs/') && blocks(page, 'json').length > 0))(
  'the JSON of %s can be read',
  (page) => {
    for (const block of blocks(page, 'json')) JSON.parse(block);
  },
);

test('the payload key that docs/deploying.md makes is one', () => {
  const [, command = ''] = /Make one with `(echo "k1:.*?)`/.exec(read('docs/deploying.md')) ?? [];
  const made = execFileSync('bash', ['-c', command], { encoding: 'utf8' });
  expect(readSettings(['payloads'], { PAYLOAD_KEYS: made }).payloads.keys).toEqual([
    expect.objectContaining({ id: 'k1' }),
  ]);
});

test('the examples for services compile', () => {
  const examples = new Map<string, string>();
  for (const page of pages) {
    for (const [index, code] of blocks(page, 'ts').entries())
      examples.set(path.join(root, `${page}.${String(index)}.ts`), code);
  }
  expect(examples.size).toBeGreaterThan(1);
  expect(faults(examples)).toEqual([]);
}, 180_000);

/** What the compiler says to examples, each of which stands in a file of a service's own. */
function faults(examples: Map<string, string>): string[] {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const given = (config as { compilerOptions: object }).compilerOptions;
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...given,
      noEmit: true,
      incremental: false,
      tsBuildInfoFile: null,
      paths: { '@preverified/client': ['./client/index.ts'] },
    },
    root,
  );
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (name) => examples.has(name) || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) => {
    const code = examples.get(name);
    return code === undefined
      ? onDisk.getSourceFile(name, ...rest)
      : ts.createSourceFile(name, code, rest[0]);
  };
  const program = ts.createProgram([...examples.keys()], options, host);
  const found = [...examples.keys()].flatMap((name) => {
    const source = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  });
  return [...program.getOptionsDiagnostics(), ...found].map(
    ({ file, messageText }) =>
      `${path.basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  );
}
