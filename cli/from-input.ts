import { readFileSync } from 'node:fs';

/** What `-` stands for is read from standard input: no list of processes shows it. */
export const fromInput = (given: string) => (given === '-' ? readFileSync(0, 'utf8').trim() : given);
