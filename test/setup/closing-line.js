'use strict';

/** Ends a run of jest with one line for people and scripts: `12 passed, 0 failed`. */
class ClosingLine {
  /** @param {unknown} _contexts @param {import('@jest/reporters').AggregatedResult} results */
  onRunComplete(_contexts, results) {
    // A test file that does not even load has failed too.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    // Jest's own summary is still to come.
    process.once('exit', () => {
      if (skipped > 0) console.log(`${skipped} skipped`);
      console.log(`${results.numPassedTests} passed, ${failed} failed`);
    });
  }
}

module.exports = ClosingLine;
