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
 * Runs a script; a problem is told without a stack.
 *
 * @param {() => Promise<void>} script
 */
function main(script) {
  script().catch((/** @type {unknown} */ error) => {
    console.error(error instanceof Problem ? `\n${error.message}` : error);
    process.exitCode = 1;
  });
}

module.exports = { Problem, main };
