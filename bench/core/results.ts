import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import type { Finding } from './bench';

/** Keeps what a bench found, with what it ran on. @returns the file */
export async function keepResult(
  folder: string,
  name: string,
  finding: Finding,
  short: boolean,
): Promise<string> {
  const at = new Date().toISOString();
  const file = path.join(folder, `${name}-${at.replace(/[:.]/g, '-')}.json`);
  const [cpu] = cpus();
  const machine = { cpu: cpu?.model, cores: cpus().length, memory: totalmem(), node: process.version };
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify({ bench: name, at, short, machine, ...finding }, null, 2)}\n`);
  return file;
}
