import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { run, start } from './cli';

const nowhere = { TEMPORAL_ADDRESS: '127.0.0.1:1', PORTFOLIO_ID: '506914307656634' };

test.each([
  ['an unknown command', ['bogus'], /unknown command 'bogus'/],
  ['a missing argument', ['show'], /missing required argument 'number'/],
  ['an unknown option', ['list', '--colour', 'green'], /unknown option '--colour'/],
  ['a state that does not exist', ['list', '--state', 'Lost'], /Allowed choices are Added/],
  [
    'a concurrency without sense',
    ['add', '15550783881', '--concurrency', '0'],
    /whole number from 1 to 1000/,
  ],
  ['a token read by nobody', ['customers', 'token', '102290129340398', '--by', ' '], /a person or a service/],
  ['a number given back for no reason', ['records', 'release', '15550783881', '--reason', ''], /how that is/],
  [
    'a country that is none',
    ['list', '--country', 'Germany'],
    /'--country <code>' .*two letters, such as DE/,
  ],
  ['a time that is none', ['list', '--expiring', 'soon'], /'--expiring <time>' .*such as 1h/],
  ['an ID with letters', ['remove', '--waba', '10229x'], /'--waba <id>' .*1 to 32 digits/],
  [
    'a date in the order of one country',
    ['audit', '1', '--at', '02/03/2027'],
    /It must be a date, such as 2027-02-21/,
  ],
  ['an audit of nobody', ['audit'], /name a number or WABA, or a history with --file/],
  ['an audit of all to nowhere', ['audit', '--all'], /say with --out into which folder/],
  [
    'a moment in a file',
    ['audit', '--file', 'x.json', '--at', '2027-02-21'],
    /--at is answered from Temporal/,
  ],
  ['a day that does not exist', ['audit', '1', '--at', '2027-02-30'], /It must be a date/],
  ['one audit into a folder', ['audit', '1', '--out', 'x'], /--out is for --all/],
  ['two formats', ['audit', '1', '--json', '--format', 'csv'], /--json or another --format, not both/],
  ['a moment as rows', ['audit', '1', '--at', '2027-02-21', '--format', 'csv'], /answered by a sentence/],
])('%s is a usage error: exit code 2', async (_what, args, words) => {
  const { code, out, err } = await run(args, nowhere);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(words);
});

test('every command of the contract has its help, and help is no error', async () => {
  const { code, out } = await run(['--help']);
  expect(code).toBe(0);
  const commands =
    'add list show request-code code claim register share unshare remove signup-config reconcile doctor worker gateway simulator codec dev';
  for (const command of commands.split(' ')) expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
});

test('help comes without loading Temporal', () => {
  const main = path.resolve(__dirname, '../../dist/cli/main.js');
  const script = `process.argv[2] = '--version'; require(${JSON.stringify(main)}); process.on('exit', () => console.log(Object.keys(require.cache).filter((file) => file.includes('@temporalio')).length))`;
  const lines = execFileSync(process.execPath, ['-e', script, 'x', 'x'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  expect(lines.at(-1)).toBe('0');
});

test('commands come up under a user ID that has no name, as containers run', async () => {
  const nameless = `import os from 'node:os';
    import { syncBuiltinESMExports } from 'node:module';
    os.userInfo = () => { throw new Error('uv_os_get_passwd returned ENOENT'); };
    syncBuiltinESMExports();`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(nameless)}` };
  const { code, out } = await run(['add', '--help'], env);
  expect(code).toBe(0);
  expect(out).toMatch(/--by <name> +in whose name, for auditors \(default: "user \d+"\)/);
});

test('a fault is one clear sentence without a stack: exit code 1', async () => {
  const { code, out, err } = await run(['show', '15550783881'], nowhere);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^Temporal cannot be reached at 127\.0\.0\.1:1 .*\n$/);
});

test.each([
  ['that is not there', ['audit', '--file', 'none.json'], /^there is no file none\.json\n$/],
  ['that is no JSON', ['audit', '--file', __filename], /usage\.test\.ts is no JSON/],
])('a file %s is named: exit code 1', async (_what, args, words) => {
  const { code, err } = await run(args, nowhere);
  expect(code).toBe(1);
  expect(err).toMatch(words);
});

test('a reader who has read enough, as head does, is no fault', async () => {
  const child = start(['--help'], {});
  child.stdout?.destroy();
  const [err, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')]);
  expect([code, err]).toEqual([0, '']);
});

test('a missing setting is named with its remedy', async () => {
  const { code, err } = await run(['add', '15550783881'], { TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(1);
  expect(err).toMatch(/PORTFOLIO_ID is missing: set it to /);
});
