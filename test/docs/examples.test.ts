import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { variables } from '../../settings/sections';
import { run } from '../cli/cli';

const root = path.resolve(__dirname, '../..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(path.join(root, 'docs')).map((page) => `docs/${page}`),
];
const read = (page: string) => readFileSync(path.join(root, page), 'utf8');

test('the README names every setting', () => {
  const readme = read('README.md');
  expect([...variables].filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('every command in the documents exists', async () => {
  const { out } = await run(['--help']);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, command]) => command);
  for (const page of pages) {
    const named = [...read(page).matchAll(/preverified ([a-z][a-z-]*)/g)].map(([, command]) => command);
    expect({ page, unknown: named.filter((command) => !commands.includes(command)) }).toEqual({
      page,
      unknown: [],
    });
  }
});

test.each(pages)('the links of %s lead somewhere', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => String(link));
  expect(links.filter((link) => !existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
});

test('the examples for services compile', () => {
  const examples = new Map<string, string>();
  for (const page of ['README.md', 'docs/services.md']) {
    const found = [...read(page).matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => String(code));
    for (const [index, code] of found.entries())
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
      paths: { preverified: ['./client/index.ts'] },
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
