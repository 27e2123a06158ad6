import { existsSync } from 'node:fs';
import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/** The folders of the product, and what each may import of the others: every arrow points one way. */
const mayImport = {
  contract: [],
  settings: ['contract'],
  temporal: ['contract', 'settings'],
  workflows: ['contract'],
  records: ['contract', 'settings'],
  activities: ['contract', 'records', 'settings'],
  client: ['contract', 'settings', 'temporal'],
  audit: ['contract', 'records', 'settings', 'temporal', 'client', 'workflows'],
  worker: ['contract', 'records', 'settings', 'temporal', 'client', 'audit', 'workflows', 'activities'],
  // Of activities the Graph client alone, which knows no Temporal: a signup's code cannot wait for an activity.
  gateway: ['contract', 'records', 'settings', 'temporal', 'client', 'activities/graph'],
  cli: ['contract', 'records', 'settings', 'temporal', 'client', 'audit', 'worker', 'gateway', 'simulator'],
  simulator: [],
  stack: [
    'contract',
    'records',
    'settings',
    'temporal',
    'client',
    'audit',
    'worker',
    'gateway',
    'cli',
    'simulator',
  ],
};
/** These stand on top of the product, and nothing of the product imports them. */
const product = Object.keys(mayImport);
mayImport.bench = product;
mayImport.scripts = product;
const folderNames = [...Object.keys(mayImport), 'test'];

/** Modules that must not be imported: by statements, nor lazily or as types, which the rule for statements does not see. */
const forbid = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
  'no-restricted-syntax': [
    'error',
    ...patterns.flatMap(({ regex, message }) =>
      ['ImportExpression', 'TSImportType'].map((node) => ({
        // A slash would end the selector's own regular expression.
        selector: `${node}[source.value=/${regex.replaceAll('/', '\\u002F')}/]`,
        message,
      })),
    ),
  ],
});

const builtIns = (message) => ({
  regex: `^node:|^(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/|$)`,
  message,
});

/** Folders that use no Node built-in, and why. */
const withoutNode = {
  workflows:
    'A workflow is replayed: it has no clock, no chance and no world of its own but what Temporal gives it.',
  contract: 'Workflows use the contract, and a workflow has no Node built-ins.',
};

/** Imports of these folders, from a file at any depth; a folder within one of them may be allowed. */
const folders = (names, allowed = []) => ({
  regex: `^(\\.\\./)+(?!(${allowed.join('|') || ' '})(/|$))(${names.join('|')})(/|$)`,
});

const arrows = Object.entries(mayImport).map(([folder, allowed]) => {
  const others = folderNames.filter((name) => name !== folder && !allowed.includes(name));
  return {
    files: [`${folder}/**/*.ts`],
    rules: forbid(
      {
        ...folders(others, allowed),
        message: `${folder} may import ${allowed.join(', ') || 'nothing of ours'}.`,
      },
      ...(folder in withoutNode ? [builtIns(withoutNode[folder])] : []),
    ),
  };
});

/** These replace the rules of activities/ that stand before them: the Graph client reaches IDs, and nothing else outside. */
const graphClient = [
  { files: 'activities/graph/*.ts', outside: '\\.\\./' },
  { files: 'activities/graph/*/**/*.ts', outside: '\\.\\./\\.\\./' },
].map(({ files, outside }) => ({
  files: [files],
  rules: forbid(
    { regex: '^@temporalio/', message: 'The Graph client knows no Temporal.' },
    {
      regex: `^${outside}(?!\\.\\./contract/ids$)`,
      message: 'The Graph client knows contract/ids and nothing else of ours.',
    },
  ),
}));

/** What runs on Restate has packages of its own; without them its types are unknown. */
const uninstalled = existsSync('bench/restate/node_modules') ? [] : ['bench/restate/contestant/'];

export default tseslint.config(
  { ignores: ['**/dist/', 'coverage/', '**/node_modules/', '.local/', ...uninstalled] },
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Named by what it does, an arrow may well return what a call returns.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['**/*.js'],
    rules: {
      // CommonJS without a compiler; its types come from comments.
      '@typescript-eslint/no-require-imports': 'off',
      // What JSON.parse gives cannot be asserted in a comment without obscuring the line.
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  ...arrows,
  ...graphClient,
  {
    files: ['test/**'],
    rules: {
      // A test fails anyway where its assumption does not hold.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
