'use strict';

const { statSync } = require('node:fs');
const path = require('node:path');

/** Files that take half a minute or more, the longest first. */
const slow = [
  'lifecycle/table',
  'model/chart',
  'chart-versions/alive',
  'soak/soak',
  'model/workflow',
  'chaos/chaos',
  'kills/customers',
  'kills/signup',
  'pack/packages',
  'bench/burst',
  'signup/reservations',
  'browser/signup',
  'webhooks/deliveries',
  'reconcile/many',
  'browser/ui',
  'cluster/bench',
].map((name) => path.join('test', `${name}.test.ts`));

/** A long test that begins last has one core idle: on a fresh machine jest knows no durations and goes by size alone. */
module.exports = class SlowFirst {
  /** @param {{ path: string }[]} tests */
  sort(tests) {
    /** @param {string} file */
    const rank = (file) => {
      const place = slow.findIndex((name) => file.endsWith(name));
      return place < 0 ? slow.length : place;
    };
    /** @param {string} file */
    const size = (file) => statSync(file).size;
    return [...tests].sort(
      (one, other) => rank(one.path) - rank(other.path) || size(other.path) - size(one.path),
    );
  }

  /** @param {{ path: string }[]} tests */
  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {
    // Durations of another machine, or of a busy hour, are worse than the list.
  }
};
