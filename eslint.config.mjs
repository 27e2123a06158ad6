import tseslint from 'typescript-eslint';

/** What a folder must not import; dependencies point one way. */
const forbid = (...patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});

const builtIns = {
  regex:
    '^node:|^(assert|buffer|child_process|crypto|dns|events|fs|http|https|net|os|path|process|stream|timers|tls|url|util|worker_threads|zlib)(/|$)',
  message:
    'A workflow is replayed: it has no clock, no chance and no world of its own but what Temporal gives it.',
};

const folders = (...names) => ({ regex: `^\\.\\.?/(.*/)?(${names.join('|')})(/|$)` });

export default tseslint.config(
  { ignores: ['dist/', 'coverage/', 'node_modules/', '.local/'] },
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
  {
    files: ['workflows/**/*.ts'],
    rules: forbid(
      builtIns,
      {
        ...folders('client', 'worker', 'gateway', 'simulator'),
        message: 'Dependencies point towards workflows.',
      },
      {
        ...folders('activities'),
        allowTypeImports: true,
        message: 'Workflows know activities by type alone.',
      },
    ),
  },
  {
    files: ['activities/**/*.ts'],
    rules: forbid({
      ...folders('client', 'worker', 'gateway', 'simulator'),
      message: 'Activities know workflows and Meta, nothing else.',
    }),
  },
  {
    files: ['activities/graph/**/*.ts'],
    rules: forbid({ regex: '^@temporalio/', message: 'The Graph client knows no Temporal.' }),
  },
  {
    files: ['simulator/**/*.ts'],
    rules: forbid({
      ...folders('workflows', 'activities', 'client', 'worker', 'gateway'),
      message: 'The simulator knows nothing of the rest, or it would share its mistakes.',
    }),
  },
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
