import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/** Only what the compiler and Biome cannot see: promises, exhaustiveness, ambient clock and randomness. */
const AMBIENT = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: 'Take the time from the injected Clock.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'Take randomness from the injected Random.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Take the time from the injected Clock.' },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: 'Take the time from the injected Timers.' },
];

export default tseslint.config(
  { ignores: ['node_modules', 'out', 'dist', 'coverage', 'test-results'] },
  {
    files: ['{core,electron,renderer,tests}/**/*.{ts,tsx}', '*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/return-await': ['error', 'in-try-catch'],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
    },
  },
  {
    files: [
      'core/{domain,market,features,inference,agents,consensus,safety,execution,portfolio,storage,monitoring,engine,backtest}/**/*.ts',
    ],
    ignores: ['**/*.test.ts', '**/bench.ts'],
    rules: { 'no-restricted-syntax': ['error', ...AMBIENT] },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
);
