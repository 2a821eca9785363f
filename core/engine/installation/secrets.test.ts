import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import type { Keychain } from './keychain.ts';
import { environmentName, isSecretName, openSecrets, secretsFor } from './secrets.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-secrets-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function keychain(held: Record<string, string>): Keychain {
  return {
    readAll: async (names) => new Map(names.flatMap((name) => (held[name] ? [[name, held[name]]] : []))),
    write: async () => undefined,
    remove: async () => false,
  };
}

describe('secrets', () => {
  it('are looked for in the keychain, then in files, then in the environment', async () => {
    writeFileSync(join(folder, 'llm.apiKey'), 'from a file\n');
    writeFileSync(join(folder, 'llm.bull.apiKey'), 'from a file\n');
    const environment = {
      TRADEBOT_SECRET_LLM_APIKEY: 'from the environment',
      TRADEBOT_SECRET_LLM_BULL_APIKEY: 'from the environment',
      TRADEBOT_SECRET_LLM_BEAR_APIKEY: 'from the environment',
    };
    const secrets = await openSecrets({ environment, folder, keychain: keychain({ 'llm.apiKey': 'kept' }) });
    expect([secrets.read('llm.apiKey'), secrets.sourceOf('llm.apiKey')]).toEqual(['kept', 'keychain']);
    expect([secrets.read('llm.bull.apiKey'), secrets.sourceOf('llm.bull.apiKey')]).toEqual([
      'from a file',
      'file',
    ]);
    expect(secrets.sourceOf('llm.bear.apiKey')).toBe('environment');
  });

  it('are absent when they are nowhere, empty, or not the name of a secret', async () => {
    writeFileSync(join(folder, 'passwd'), 'root');
    const environment = { TRADEBOT_SECRET_LLM_APIKEY: '' };
    const secrets = await openSecrets({ environment, folder, keychain: null });
    for (const name of ['llm.apiKey', 'passwd', '../passwd', 'llm.APIKEY']) {
      expect(secrets.read(name)).toBeUndefined();
      expect(secrets.sourceOf(name)).toBeUndefined();
    }
  });

  it.each([
    ['llm.apiKey', true],
    ['exchange.binance.secret', true],
    ['exchange.binance.other', false],
    ['exchange.../../etc.secret', false],
  ])('%s is a name: %s', (name, known) => {
    expect(isSecretName(name)).toBe(known);
  });

  it('have a name in the environment', () => {
    expect(environmentName('exchange.binance.apiKey')).toBe('TRADEBOT_SECRET_EXCHANGE_BINANCE_APIKEY');
  });
});

it('a demo whose books are mirrored gets the password of the server, and one that needs nothing opens no keychain', async () => {
  const sources = {
    environment: { TRADEBOT_SECRET_TIMESCALE_PASSWORD: 'sesame' },
    folder: '/nowhere',
    keychain: null,
  };
  const mirrored = SettingsSchema.parse({ timescale: { url: 'postgres://me@127.0.0.1/books' } });
  expect((await secretsFor(mirrored, sources)).read('timescale.password')).toBe('sesame');
  expect((await secretsFor(SettingsSchema.parse({}), sources)).read('timescale.password')).toBeUndefined();
});
