'use strict';

/**
 * What a whole run counts the coverage of: the charts with all that they call by name, the pure half of their interpreter and
 * of the lives on it, the Graph client. What needs Temporal's sandbox does not count.
 */
const covered = [
  'workflows/number/actions/*.ts',
  'workflows/number/{calls,chart,chart-setup,charts,context,deadlines,events,guards,number-life,outcome}.ts',
  'workflows/customer/{actions,calls,chart,chart-setup,charts,context,customer-life,events,guards,outcome,rejections}.ts',
  'workflows/interpreter/{chart-versions,interpreter,xstate-adapter}.ts',
  'workflows/life/{life,rejecting,state-of}.ts',
  'activities/graph/**/*.ts',
];

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/setup/global-setup.ts',
  globalTeardown: '<rootDir>/test/setup/global-teardown.ts',
  testSequencer: '<rootDir>/test/setup/slow-first.js',
  reporters: ['default', '<rootDir>/test/setup/closing-line.js'],
  collectCoverageFrom: covered,
  coverageReporters: ['text'],
  // Those of a path do not count among the others.
  coverageThreshold: {
    global: { branches: 95 },
    'workflows/customer/': { branches: 80 },
    'workflows/interpreter/': { branches: 95 },
    'workflows/life/': { branches: 95 },
  },
  // For what hangs. Real servers start in some of them, and the machine may be busy with other things.
  testTimeout: 300_000,
  // One more than the two cores that it should do with: many tests wait for servers, and a whole run takes a ninth less time.
  maxWorkers: 3,
};
