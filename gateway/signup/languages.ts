import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../settings/start-error';

/** The page's words in one language; `{partner}`, `{number}` and `{words}` are filled in. */
export type Texts = Readonly<Record<string, string>>;

/** `en` and its words, `pt-BR` and its words: a file each. */
export type Languages = ReadonlyMap<string, Texts>;

const standard = 'en';

/** @throws {StartError} naming what a language's file lacks */
export function readLanguages(folder: string): Languages {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  const languages = new Map(
    files.map((file) => [
      path.basename(file, '.json'),
      JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Texts,
    ]),
  );
  const keys = Object.keys(languages.get(standard) ?? {});
  for (const [language, texts] of languages) {
    const missing = keys.filter((key) => !texts[key]);
    if (missing.length > 0) {
      throw new StartError(
        `The signup page's language ${language} lacks ${missing.join(', ')}`,
        `add them to ${path.join(folder, `${language}.json`)}, as in ${standard}.json`,
      );
    }
  }
  return languages;
}

/**
 * The language that a visitor likes best of those that there are, English where there is none.
 *
 * @param accepted the header `Accept-Language`: `de-AT,de;q=0.9,en;q=0.5`
 */
export function languageFor(languages: Languages, accepted = ''): string {
  const wanted = accepted
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const q = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find(Boolean);
      return { tag, weight: q === undefined ? 1 : Number(q) };
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((one, other) => other.weight - one.weight);
  for (const { tag } of wanted) {
    const found =
      [...languages.keys()].find((language) => language.toLowerCase() === tag) ??
      [...languages.keys()].find((language) => primary(language) === primary(tag));
    if (found !== undefined) return found;
  }
  return standard;
}

/** Who speaks Portuguese as in Portugal would rather read Brazilian than English. */
const primary = (tag: string) => tag.toLowerCase().split('-')[0];
