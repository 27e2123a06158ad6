export interface Packed {
  name: string;
  description: string;
  /** What it begins with, in the checkout. */
  entry: string;
  /** Whether others compile against it. */
  types: boolean;
  /** What its package.json says beside what every package's does. */
  manifest: object;
  /** Packages that nothing of it imports: why, CONTRIBUTING.md says. */
  brings: readonly string[];
  /** Files and folders, by where they stand in the checkout. */
  copies: Readonly<Record<string, string>>;
}

export const packages: readonly Packed[] = [
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
