import { join } from 'node:path';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const eslint = new ESLint({ cwd: ROOT });

test.each([
  'export const a = process.platform;',
  'export const { platform } = process;',
  'export const a = navigator.platform;',
  "import os from 'node:os';\nexport const a = os.platform();",
  "import { platform } from 'node:os';\nexport const a = platform();",
  "import { platform } from 'node:process';\nexport const a = platform;",
])('lint refuses a file that asks the system itself: %s', async (source) => {
  const [result] = await eslint.lintText(source, { filePath: join(ROOT, 'scripts', 'planted.mjs') });
  expect(result?.messages.map(({ message }) => message)).toEqual([
    'Ask core/platform, with the machine as a value: nobody else knows what system this is.',
  ]);
});

test('lint lets the rest of a process be asked', async () => {
  const source = 'export const a = process.env;\nexport const { arch } = process;';
  const [result] = await eslint.lintText(source, { filePath: join(ROOT, 'scripts', 'planted.mjs') });
  expect(result?.messages).toEqual([]);
});

test.each([
  'core/domain/money.ts',
  'core/cli/main.ts',
  'core/platform/files.ts',
  'electron/main.ts',
  'renderer/main.tsx',
  'tests/tooling/one-platform.test.ts',
  'vitest.config.ts',
])('the rule holds in %s', async (file) => {
  const of = async (path: string): Promise<unknown[]> => {
    const config: { rules?: Record<string, unknown[]> } = await eslint.calculateConfigForFile(
      join(ROOT, path),
    );
    return config.rules?.['no-restricted-syntax'] ?? [];
  };
  const rules = await of(file);
  for (const rule of await of('scripts/planted.mjs')) expect(rules).toContainEqual(rule);
  expect((await of('core/platform/machine.ts'))[0]).toBe(0);
});
