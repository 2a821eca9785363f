import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { type CommandContext, dataDirectoryOf, type GlobalOptions, settingsFileOf } from './context.ts';
import { createTerminal } from './terminal.ts';

function contextWith(
  globals: GlobalOptions,
  environment: CommandContext['environment'] = {},
): CommandContext {
  return {
    terminal: createTerminal(process.stdout, process.stderr),
    environment,
    version: '0.0.0',
    globals: () => globals,
    exitWith: () => undefined,
  };
}

test.each(['', ' '])('a --data-dir of %j, as of a variable that is not set, is no folder', (dataDir) => {
  expect(() => dataDirectoryOf(contextWith({ dataDir }))).toThrow('--data-dir names no folder');
});

test('a --data-dir may be relative', () => {
  expect(dataDirectoryOf(contextWith({ dataDir: 'here' }))).toBe(resolve('here'));
});

test('an empty TRADEBOT_CONFIG names no file', () => {
  expect(settingsFileOf(contextWith({}, { TRADEBOT_CONFIG: '' }))).toBeUndefined();
  expect(settingsFileOf(contextWith({}, { TRADEBOT_CONFIG: 'a.json' }))).toBe('a.json');
  expect(settingsFileOf(contextWith({ config: 'b.json' }, { TRADEBOT_CONFIG: 'a.json' }))).toBe('b.json');
});
