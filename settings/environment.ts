import { existsSync } from 'node:fs';
import { config } from 'dotenv';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The process's environment; on top of it, for what it leaves unset, the file `.env` of the working directory.
 * A variable that is set to nothing counts as unset.
 */
export function environment(): Environment {
  // Node's own loadEnvFile came with 20.12.
  const { error } = existsSync('.env') ? config({ quiet: true }) : {};
  if (error) throw error;
  return process.env;
}

/** Without the variables that are set to nothing, as `NAME=` in a copied `.env.example` leaves them. */
export function withoutBlanks(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
}
