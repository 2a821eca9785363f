import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import type { Keychain } from '../installation/keychain.ts';
import { KeyRing } from './key-ring.ts';

const BINANCE = {
  id: 'binance',
  sandbox: false,
  capitalShare: null,
  unproven: false,
  proxy: null,
  endpoint: null,
};

function fakeKeychain(): Keychain & { readonly held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    readAll: async (names) => new Map(names.flatMap((name) => [...held].filter(([key]) => key === name))),
    write: async (name, secret) => {
      held.set(name, secret);
    },
    remove: async (name) => held.delete(name),
  };
}

const broken: Keychain = {
  readAll: async () => new Map(),
  write: async () => {
    throw new TraderError('failure', 'this machine has no keychain');
  },
  remove: async () => {
    throw new TraderError('failure', 'this machine has no keychain');
  },
};

describe('the keys of a venue', () => {
  it('are kept in the keychain, and shown by where they are, not by what they are', async () => {
    const keychain = fakeKeychain();
    const ring = new KeyRing({ environment: {}, keychain });
    await ring.keep('binance', 'apiKey', 'k-123');
    expect(keychain.held.get('exchange.binance.apiKey')).toBe('k-123');
    const shown = await ring.keysOf('binance', ['apiKey', 'secret']);
    expect(shown).toEqual([
      { name: 'exchange.binance.apiKey', credential: 'apiKey', source: 'keychain' },
      { name: 'exchange.binance.secret', credential: 'secret', source: null },
    ]);
    expect(JSON.stringify(shown)).not.toContain('k-123');
  });

  it('of one venue that are given at once are all kept in a vault that was not there yet', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tradebot-ring-'));
    const environment = { TRADEBOT_SECRET_VAULT_PASSPHRASE: 'correct horse battery' };
    try {
      const ring = new KeyRing({ environment, directory, keychain: broken });
      await Promise.all([ring.keep('binance', 'apiKey', 'k-123'), ring.keep('binance', 'secret', 's-123')]);
      const kept = await ring.forVenue('binance');
      expect(['apiKey', 'secret'].map((name) => kept.read(`exchange.binance.${name}`))).toEqual([
        'k-123',
        's-123',
      ]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('are kept in the vault where there is no keychain and its passphrase is given, and found at the next start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tradebot-ring-'));
    const environment = { TRADEBOT_SECRET_VAULT_PASSPHRASE: 'correct horse battery' };
    try {
      const ring = new KeyRing({ environment, directory, keychain: broken });
      await ring.keep('binance', 'apiKey', 'k-123');
      const next = new KeyRing({ environment, directory, keychain: null });
      expect((await next.keysOf('binance', ['apiKey']))[0]?.source).toBe('vault');
      expect((await next.forVenue('binance')).read('exchange.binance.apiKey')).toBe('k-123');
      await next.forget('binance', 'apiKey');
      expect((await next.keysOf('binance', ['apiKey']))[0]?.source).toBeNull();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it.each([
    ['there is none', null],
    ['it cannot be used', broken],
  ])('are kept until the program ends where %s', async (_name, keychain) => {
    const ring = new KeyRing({ environment: {}, keychain });
    await ring.keep('binance', 'apiKey', 'k-123');
    expect((await ring.keysOf('binance', ['apiKey']))[0]?.source).toBe('memory');
    const llm = { enabled: false } as Parameters<KeyRing['forSettings']>[0]['llm']; // all that is read of it
    const secrets = await ring.forSettings({
      ...SettingsSchema.parse({ mode: 'sandbox' }),
      llm,
      exchange: BINANCE,
    });
    expect(secrets.read('exchange.binance.apiKey')).toBe('k-123');
    await ring.forget('binance', 'apiKey');
    expect(secrets.read('exchange.binance.apiKey')).toBeUndefined();
  });

  it('are forgotten where they were kept', async () => {
    const keychain = fakeKeychain();
    const ring = new KeyRing({ environment: {}, keychain });
    await ring.keep('kraken', 'secret', 's');
    await ring.forget('kraken', 'secret');
    expect(keychain.held.size).toBe(0);
    await ring.forget('kraken', 'secret');
  });

  it('that come from outside are not taken away from here, and it is said what to do', async () => {
    const environment = { TRADEBOT_SECRET_EXCHANGE_BINANCE_APIKEY: 'k' };
    const ring = new KeyRing({ environment, keychain: null });
    await expect(ring.forget('binance', 'apiKey')).rejects.toThrow(
      'take TRADEBOT_SECRET_EXCHANGE_BINANCE_APIKEY away and start it again',
    );
  });

  it.each(['apiKey', 'password', 'uid'])('are of one line: %s', async (credential) => {
    const keychain = fakeKeychain();
    const ring = new KeyRing({ environment: {}, keychain });
    const refused = ring.keep('binance', credential, 'CANARY\nsecond line');
    await expect(refused).rejects.toThrow(
      `exchange.binance.${credential}: has a line break or control character`,
    );
    await expect(refused).rejects.not.toThrow('CANARY');
    expect([...keychain.held]).toEqual([]);
  });

  it('are of many lines where they sign', async () => {
    const keychain = fakeKeychain();
    const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
    await new KeyRing({ environment: {}, keychain }).keep('binance', 'secret', pem);
    expect(keychain.held.get('exchange.binance.secret')).toBe(pem);
  });

  it('have the names that venues ask for, and no other', async () => {
    const ring = new KeyRing({ environment: {}, keychain: fakeKeychain() });
    await expect(ring.keep('binance', '../../etc/passwd', 'x')).rejects.toThrow(
      'no key that a venue asks for',
    );
  });
});
