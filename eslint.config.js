import tseslint from 'typescript-eslint';

const pure = ['src/model/**', 'src/plan/**', 'src/evaluate/**', 'src/render/**'];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '*.js', '.ci/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: 'tsconfig.test.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'No default exports.' },
        { selector: 'TSEnumDeclaration', message: 'No enums: a union of string literals.' },
        {
          selector: ':function > Identifier.params > TSTypeAnnotation > TSBooleanKeyword',
          message: 'No boolean parameters: a second behavior is a second function.',
        },
      ],
    },
  },
  {
    files: ['src/report/page/*.ts'],
    languageOptions: { parserOptions: { project: './src/report/page/tsconfig.json' } },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-params': ['error', 3],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      complexity: ['error', { max: 14, variant: 'modified' }],
    },
  },
  {
    // vitest and stryker read the default export of a configuration.
    files: ['**/*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // What others wrote is text; a page that parses markup of theirs would run it.
    files: ['src/report/page/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'writeln', 'srcdoc'].map((property) => ({
          property,
          message: 'User data is text, never markup.',
        })),
      ],
    },
  },
  {
    files: pure.map((folder) => `${folder}/*.ts`),
    rules: {
      'no-restricted-globals': ['error', 'process', 'console', 'fetch', 'setTimeout', 'setInterval', 'performance'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: '`now` is an argument.' },
        { object: 'Math', property: 'random', message: 'Decide in pure functions.' },
      ],
    },
  },
);
