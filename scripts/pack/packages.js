'use strict';

/**
 * @typedef Packed
 * @property {string} name
 * @property {string} description
 * @property {string} entry what it begins with, in the checkout
 * @property {boolean} types whether others compile against it
 * @property {object} manifest what its package.json says beside what every package's does
 * @property {string[]} brings packages that nothing of it imports: why, CONTRIBUTING.md says
 * @property {Record<string, string>} copies files and folders, by where they stand in the checkout
 */

/** @type {Packed[]} */
const packages = [
  {
    name: 'preverified',
    description:
      'Looks after a pool of WhatsApp pre-verified phone numbers: one durable Temporal workflow per number, its life an XState chart.',
    entry: 'cli/main.ts',
    types: false,
    // A command, and no door into its inside: services import the client.
    manifest: {
      bin: { preverified: 'bin/preverified.js' },
      exports: { './package.json': './package.json' },
    },
    brings: ['light-my-request', 'protobufjs'],
    copies: {
      bin: 'bin',
      docs: 'docs',
      '.env.example': '.env.example',
      'README.md': 'README.md',
      'CHANGELOG.md': 'CHANGELOG.md',
      'dist/workflow-bundle.js': 'dist/workflow-bundle.js',
    },
  },
  {
    name: '@preverified/client',
    description: 'Adds and drives the WhatsApp pre-verified phone numbers that Preverified looks after.',
    entry: 'client/index.ts',
    types: true,
    manifest: {
      // CommonJS alone: ES modules import it by name too, and a class such as RefusedError must not exist twice.
      exports: {
        '.': { types: './dist/client/index.d.ts', default: './dist/client/index.js' },
        './package.json': './package.json',
      },
      publishConfig: { access: 'public' },
    },
    brings: ['protobufjs'],
    copies: { 'client/README.md': 'README.md' },
  },
];

module.exports = { packages };
