import { existsSync } from 'node:fs';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment; on top of it, for what it leaves unset, the file `.env` of the working directory.
 * A variable that is set to nothing counts as unset.
 */
export function environment(): Environment {
  const file = '.env';
  if (existsSync(file)) {
    const { loadEnvFile } = process as { loadEnvFile?: (path: string) => void };
    if (loadEnvFile) loadEnvFile(file);
    else process.emitWarning(`${file} is not read: that needs Node 20.12 or newer`);
  }
  return process.env;
}

/** Without the variables that are set to nothing, as `NAME=` in a copied `.env.example` leaves them. */
export function withoutBlanks(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
}
