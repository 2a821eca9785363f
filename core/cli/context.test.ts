import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { environmentName, openVault, vaultPath } from '../engine/index.ts';
import {
  type CommandContext,
  dataDirectoryOf,
  type GlobalOptions,
  secretsOf,
  settingsFileOf,
} from './context.ts';
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

test('a command finds what the vault of the data directory keeps', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'tradebot-context-'));
  const passphrase = 'correct horse battery staple';
  try {
    const vault = await openVault(vaultPath(dataDir), passphrase, { cost: 2 ** 14 });
    vault.write('webhook.token', 'kept-in-the-vault', 1_000);
    const secrets = await secretsOf(
      contextWith({ dataDir }, { [environmentName('vault.passphrase')]: passphrase }),
    );
    expect(secrets.sourceOf('webhook.token')).toBe('vault');
    expect(secrets.read('webhook.token')).toBe('kept-in-the-vault');
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
