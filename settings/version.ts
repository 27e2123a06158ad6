import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The version of this package, as its `package.json` has it: `0.1.0`. */
export function version(): string {
  const root = path.basename(path.resolve(__dirname, '..')) === 'dist' ? '../..' : '..';
  const file = readFileSync(path.join(__dirname, root, 'package.json'), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}
