import { defineConfig } from 'eslint/config';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

/**
 * Only what the compiler and Biome cannot see: promises, exhaustiveness, ambient clock and randomness. Not
 * no-unnecessary-condition: it calls checks of state that changed during an `await` needless, and they are not.
 */

const CLOCK = 'Take the time from the injected Clock.';
const RANDOM = 'Take randomness from the injected Random.';
const AMBIENT = [
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: CLOCK },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: CLOCK },
  { selector: "CallExpression[callee.name='Date']", message: CLOCK },
  { selector: "MemberExpression[object.name='performance'][property.name='now']", message: CLOCK },
  { selector: "MemberExpression[object.name='process'][property.name='hrtime']", message: CLOCK },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: RANDOM },
  {
    selector: 'CallExpression[callee.property.name=/^(randomUUID|randomBytes|getRandomValues)$/]',
    message: RANDOM,
  },
  { selector: 'CallExpression[callee.name=/^(randomUUID|randomBytes|randomInt)$/]', message: RANDOM },
];

const PLATFORM = 'Ask core/platform, with the machine as a value: nobody else knows what system this is.';
const SYSTEM = [
  { selector: "MemberExpression[object.name='process'][property.name='platform']", message: PLATFORM },
  {
    selector: "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='platform']",
    message: PLATFORM,
  },
  { selector: "MemberExpression[object.name='navigator'][property.name='platform']", message: PLATFORM },
  { selector: "CallExpression[callee.property.name='platform'][callee.object.name='os']", message: PLATFORM },
  {
    selector: "ImportDeclaration[source.value=/^(node:)?os$/] > ImportSpecifier[imported.name='platform']",
    message: PLATFORM,
  },
  {
    selector:
      "ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name='platform']",
    message: PLATFORM,
  },
];

export default defineConfig(
  { ignores: ['node_modules', 'out', 'dist', 'coverage', 'test-results', 'models'] },
  {
    files: ['{core,electron,renderer,scripts,tests}/**/*.{ts,tsx}', '*.ts'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'renderer/tsconfig.json', 'tests/browser/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
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
      'no-restricted-syntax': ['error', ...SYSTEM],
    },
  },
  {
    // The module that knows.
    files: ['core/platform/machine.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Started before anything of the program can be loaded, and on a Node that may be too old for it.
    files: ['scripts/**/*.mjs'],
    rules: { 'no-restricted-syntax': ['error', ...SYSTEM] },
  },
  {
    files: [
      'core/{domain,market,features,inference,strategies,agents,consensus,safety,guardian,execution,portfolio,storage,monitoring,alerts,engine,backtest}/**/*.ts',
    ],
    // The one real clock and the one real chance, which are passed in from there.
    ignores: ['**/*.test.ts', '**/bench.ts', 'core/engine/installation/system-{timers,random}.ts'],
    rules: { 'no-restricted-syntax': ['error', ...AMBIENT, ...SYSTEM] },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: { 'react-hooks/rules-of-hooks': 'error', 'react-hooks/exhaustive-deps': 'error' },
  },
);
