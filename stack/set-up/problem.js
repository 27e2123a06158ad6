'use strict';

/** Something on this machine keeps the project from running, and a person can mend it. */
class Problem extends Error {
  /**
   * @param {string} fault what is wrong
   * @param {string} remedy what to do about it
   * @param {ErrorOptions} [options]
   */
  constructor(fault, remedy, options) {
    super(`${fault}: ${remedy}`, options);
    this.name = 'Problem';
    this.fault = fault;
    this.remedy = remedy;
  }
}

/**
 * Runs a script; problems are told without a stack.
 *
 * @param {() => Promise<void>} script
 */
function main(script) {
  script().catch((/** @type {unknown} */ error) => {
    const errors = error instanceof AggregateError ? error.errors : [error];
    for (const each of errors) console.error(each instanceof Problem ? told(each) : each);
    process.exitCode = 1;
  });
}

/** The sentence first, then what a command said that makes it so. @param {Problem} problem */
function told({ message, cause }) {
  return `\n${message}${cause instanceof Error ? `\n\n${cause.message}` : ''}`;
}

module.exports = { Problem, main };
