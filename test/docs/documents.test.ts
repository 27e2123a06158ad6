import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { variables } from '../../client/settings/sections';
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

test.each(['README.md', 'docs/services.md'])('the examples of %s compile', (page) => {
  const examples = [...read(page).matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => String(code));
  expect(examples.length).toBeGreaterThan(0);
  expect(examples.flatMap(faults)).toEqual([]);
});

/** What the compiler says to an example that stands in a service's own file. */
function faults(code: string): string[] {
  const file = path.join(root, 'an-example.ts');
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.json'), (name) => ts.sys.readFile(name));
  const { options } = ts.convertCompilerOptionsFromJson(
    (config as { compilerOptions: object }).compilerOptions,
    root,
  );
  Object.assign(options, {
    noEmit: true,
    incremental: false,
    paths: { preverified: [path.join(root, 'client/index.ts')] },
  });
  delete options.tsBuildInfoFile;
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (name) => name === file || onDisk.fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, rest[0]) : onDisk.getSourceFile(name, ...rest);
  const program = ts.createProgram([file], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}
