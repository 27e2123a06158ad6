/* eslint-disable @typescript-eslint/no-require-imports -- `import()` of a TypeScript path works compiled only */

/** What takes long to load, loaded by the command that needs it: help and usage errors come at once. */
export const load = {
  pool: () => require('../index') as typeof import('../index'),
  connection: () => require('../connection/connect') as typeof import('../connection/connect'),
  namespace: () => require('../connection/namespace') as typeof import('../connection/namespace'),
  codec: () => require('../connection/codec-server') as typeof import('../connection/codec-server'),
  logger: () => require('../connection/logger') as typeof import('../connection/logger'),
  settings: () => require('../settings') as typeof import('../settings'),
  environment: () => require('../settings/environment') as typeof import('../settings/environment'),
  audit: () => require('../audit') as typeof import('../audit'),
  reconcile: () => require('../reconcile') as typeof import('../reconcile'),
  worker: () => require('../../worker/main') as typeof import('../../worker/main'),
  workerParts: () => require('../../worker') as typeof import('../../worker'),
  runtime: () => require('../../worker/runtime') as typeof import('../../worker/runtime'),
  doctor: () => require('../../worker/doctor') as typeof import('../../worker/doctor'),
  gateway: () => require('../../gateway/main') as typeof import('../../gateway/main'),
  simulator: () => require('../../simulator') as typeof import('../../simulator'),
};
