import { readFileSync } from 'node:fs';
import { Failed } from './failed';

/** What `-` stands for is read from standard input: no list of processes shows it. */
export const fromInput = (given: string) => (given === '-' ? readFileSync(0, 'utf8').trim() : given);

/** @throws {Failed} naming the file, where it is not there or cannot be read */
export function readBytes(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Failed(code === 'ENOENT' ? `there is no file ${file}` : `${file} cannot be read: ${message}`, {
      cause: error,
    });
  }
}

/** The file's text and what it says. @throws {Failed} naming the file, where it is not there or holds no JSON */
export function readJson(file: string): { text: string; value: object } {
  const text = readBytes(file).toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { text, value };
  } catch {
    // Said below.
  }
  throw new Failed(`${file} is no JSON, or not all of it is there.`);
}
