import { StartError } from '../settings/start-error';
import { CommandError } from './set-up/command';

/** Runs a program. What a person can mend is said without a stack, followed by what a command said that failed. */
export function asMain(program: () => Promise<unknown>): void {
  program().catch((error: unknown) => {
    const errors: unknown[] = error instanceof AggregateError ? error.errors : [error];
    for (const each of errors) console.error(each instanceof StartError ? sentence(each) : each);
    process.exitCode = 1;
  });
}

const sentence = ({ message, cause }: StartError) =>
  cause instanceof CommandError ? `\n${message}\n\n${cause.message}` : message;
