import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { headings, root } from './pages';

const source = /\.(ts|js|mjs|css|html)$/;
const hidden = /^(\.|node_modules$|dist$|coverage$)/;

/** Every source file, from the root of the repository. */
function sources(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (hidden.test(entry.name)) return [];
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return sources(name);
    return source.test(name) ? [name] : [];
  });
}

const texts = sources().map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const);
const cited = (pattern: RegExp) =>
  texts.flatMap(([file, text]) => [...text.matchAll(pattern)].map((match) => ({ file, match })));

test('the pages that code cites are there', () => {
  const pages = cited(/\bdocs\/[\w-]+\.md\b/g).map(({ file, match: [page] }) => ({ file, page }));
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.filter(({ page }) => !existsSync(path.join(root, page)))).toEqual([]);
});

test("the headings of docs/rules.md that code cites are there: 'docs/rules.md, Webhooks'", () => {
  const known = headings('docs/rules.md');
  const found = cited(/docs\/rules\.md, ([A-Z][\w -]*\w)/g).map(({ file, match: [, heading = ''] }) => ({
    file,
    heading,
  }));
  expect(found.length).toBeGreaterThan(3);
  expect(found.filter(({ heading }) => !known.some((one) => heading.startsWith(one)))).toEqual([]);
});

test("the rules of time that code cites are there: 'rule 4'", () => {
  const known = headings('docs/rules.md').flatMap((heading) => /^Rule (\d)$/.exec(heading)?.[1] ?? []);
  expect(known).toEqual(['1', '2', '3', '4', '5', '6']);
  const found = cited(/\brules? (\d+)(?: (?:and|to) (\d+))?\b/gi).flatMap(
    ({ file, match: [, first = '', last = first] }) => [first, last].map((rule) => ({ file, rule })),
  );
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter(({ rule }) => !known.includes(rule))).toEqual([]);
});
