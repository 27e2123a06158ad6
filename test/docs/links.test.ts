import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { headings, pages, read, root } from './pages';

/** Where a page's links lead, from the root of the repository: inline ones, pictures and reference definitions. */
const links = (page: string) =>
  [...read(page).matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)]
    .map(([, inline, defined]) => String(inline ?? defined))
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      return { file: file === '' ? page : path.join(path.dirname(page), file), anchor };
    });

/** As GitHub makes it of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

test.each(pages)('the links of %s lead somewhere', (page) => {
  const dead = links(page).filter(({ file, anchor }) => {
    if (!existsSync(path.join(root, file))) return true;
    return anchor !== undefined && !headings(file).map(anchorOf).includes(anchor);
  });
  expect(dead).toEqual([]);
});

test('every page of docs/ is in its index', () => {
  const listed = links('docs/README.md').map(({ file }) => file);
  const others = pages.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
  expect(others.filter((page) => !listed.includes(page))).toEqual([]);
});

test('every page is linked from another one than the index', () => {
  const linked = new Set(
    pages
      .filter((page) => page !== 'docs/README.md')
      .flatMap((page) => links(page).flatMap(({ file }) => (file === page ? [] : [file]))),
  );
  expect(pages.filter((page) => page !== 'README.md' && !linked.has(page))).toEqual([]);
});

test('the README is short, and its picture small', () => {
  expect(read('README.md').split('\n').length).toBeLessThanOrEqual(100);
  expect(statSync(path.join(root, 'docs/images/number.png')).size).toBeLessThan(200_000);
});
