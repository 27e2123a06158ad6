import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');

/** Every page that people read, from the root of the repository. */
export const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'simulator/README.md',
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export const read = (page: string) => readFileSync(path.join(root, page), 'utf8');

/** The code blocks of a language. */
export const blocks = (page: string, language: string) =>
  [...read(page).matchAll(new RegExp(String.raw`^( *)\`\`\`${language}\n([^]*?)^\1\`\`\`$`, 'gm'))].map(
    ([, indent = '', code = '']) => code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** The cells of every row of the tables under a heading, or of the whole page. */
export function rows(page: string, heading?: string): string[][] {
  const text = heading === undefined ? read(page) : section(page, heading);
  return [...text.matchAll(/^\| (.*) \|$/gm)].map(([, row]) =>
    String(row)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}

/** What stands under a heading, its subsections included. */
function section(page: string, heading: string): string {
  const [, level = '', text] = new RegExp(`^(#+) ${heading}$([^]*)`, 'm').exec(`${read(page)}\n`) ?? [];
  if (text === undefined) throw new Error(`${page} has no heading ${heading}`);
  return text.split(new RegExp(`^#{1,${String(level.length)}} `, 'm'))[0] ?? '';
}

export const headings = (page: string) =>
  [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => String(heading));

/** What stands between backticks. */
export const names = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name]) => String(name));
