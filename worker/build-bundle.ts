import { workflowBundle, builtBundle } from './workflow-bundle';

/** Part of the build: bundles the compiled workflows, so that a worker starts at once. */
workflowBundle().then(
  ({ code }) => {
    console.log(`${builtBundle}: ${(code.length / 1e6).toFixed(1)} MB`);
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
