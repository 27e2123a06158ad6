import { SetupError } from './step.mjs';

/** Runs a script; a fault that a person can mend is one message and exit code 1. */
export function main(script) {
  script().catch((error) => {
    console.error(error instanceof SetupError ? `\n${error.message}` : error);
    process.exitCode = 1;
  });
}
