import { parseEnv } from 'node:util';
import * as v from 'valibot';
import { errorTable } from '../../activities/graph/error-table';
import { most, numbersOfCustomer, requests } from '../../gateway/signup/limits';
import type { RefusalType } from '../../client/pool/refused-error';
import { searchAttributes } from '../../contract/search-attributes';
import { Assumptions } from '../../simulator/assumptions';
import { blocks, names, read, rows } from './pages';

test('docs/deploying.md has every setting of .env.example with its default, and no other', () => {
  const given = rows('docs/deploying.md', 'Settings').flatMap(([setting = '', value = '']) =>
    names(setting).map((name) => [name, names(value)[0] ?? ''] as const),
  );
  expect(given.map(([name]) => name).sort()).toEqual([...new Set(given.map(([name]) => name))].sort());
  expect(Object.fromEntries(given)).toEqual({ ...parseEnv(read('.env.example')) });
});

test('docs/deploying.md creates every search attribute with its type', () => {
  const [command = ''] = blocks('docs/deploying.md', 'sh').filter((code) =>
    code.includes('search-attribute'),
  );
  const created = [...command.matchAll(/--name (\w+) --type (\w+)/g)].map(([, name, type]) => [
    name,
    String(type).toUpperCase(),
  ]);
  expect(Object.fromEntries(created)).toEqual(
    Object.fromEntries(Object.values(searchAttributes).map(({ name, type }) => [name, type])),
  );
});

test('docs/rules.md has every code of the error table', () => {
  const [, ...table] = rows('docs/rules.md', 'Errors');
  const known = table.flatMap(([, , codes = '']) => codes.split(/[^\d/–]+/)).filter(Boolean);
  const ranges = known.filter((code) => code.includes('–')).map((range) => range.split('–').map(Number));
  const isKnown = (code: number | string) =>
    known.includes(String(code)) ||
    ranges.some(([first = NaN, last = NaN]) => Number(code) >= first && Number(code) <= last);
  expect(errorTable.flatMap(({ codes }) => codes).filter((code) => !isKnown(code))).toEqual([]);
});

test("docs/rules.md has every assumption of the simulator's, with its default", () => {
  const [, , ...table] = rows('docs/rules.md', 'What is assumed');
  const stated = table.map(([name = '', , value = '']) => [names(name)[0], names(value)[0]]);
  expect(Object.fromEntries(stated)).toEqual(
    Object.fromEntries(
      Object.entries(v.parse(Assumptions, {})).map(([name, value]) => [name, String(value)]),
    ),
  );
});

test('the folders of docs/architecture.md import what the linter lets them', () => {
  const [, literal] = /^const mayImport = (\{[^]*?^\});$/m.exec(read('eslint.config.mjs')) ?? [];
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a literal of our own, in a module that Jest does not load
  const mayImport = new Function(`return ${String(literal)}`)() as Record<string, string[]>;
  const [, , ...table] = rows('docs/architecture.md', 'Folders');
  const drawn = table.map(([folder = '', , others = '']) => [
    names(folder)[0]?.replace('/', ''),
    names(others),
  ]);
  expect(Object.fromEntries(drawn)).toEqual(mayImport);
});

test('docs/security.md has the limits of a signup', () => {
  const stated = rows('docs/security.md', 'Limits').map(([, session = '', customer = '']) => [
    session,
    customer,
  ]);
  const rates = Object.values(requests).map(({ session, customer }) => [session, customer]);
  const { numbers, ...others } = most;
  const things = [...Object.values(others).map((each) => [each, '']), [numbers, numbersOfCustomer]];
  const limits = [...rates, ...things].map((row) => row.map(String));
  expect(stated.slice(2, 2 + limits.length)).toEqual(limits);
});

test('docs/services.md says what to do about every refusal', () => {
  const types: Record<RefusalType, true> = {
    InvalidMessage: true,
    UnknownNumber: true,
    UnknownCustomer: true,
    WrongPortfolio: true,
    WrongState: true,
    Reserved: true,
    ReservationEnded: true,
    AlreadyClaimed: true,
    NoneFree: true,
    NotInPool: true,
    NotLeft: true,
    WrongBusiness: true,
    StillUnderWay: true,
    TooEarlyToReverify: true,
    WrongCode: true,
    CodeExpired: true,
    BudgetSpent: true,
    ClaimNotFound: true,
    MetaRefused: true,
    PinRead: true,
    Unreadable: true,
  };
  const known = rows('docs/services.md', 'Errors').flatMap(([cell = '']) => names(cell));
  expect(Object.keys(types).filter((type) => !known.includes(type))).toEqual([]);
});
