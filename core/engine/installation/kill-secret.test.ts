import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraderError } from '../../domain/index.ts';
import type { Keychain } from './keychain.ts';
import { killSecret, knownKillSecret } from './kill-secret.ts';
import { openVault, vaultPath } from './vault.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kill-secret-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const places = (given: { keychain?: Keychain | null; environment?: Record<string, string> } = {}) => ({
  ...{ directory, folder: join(directory, 'none'), environment: {}, keychain: null },
  ...given,
});

function keychainOf(held = new Map<string, string>(), broken = false): Keychain {
  return {
    readAll: async (names) => new Map([...held].filter(([name]) => names.includes(name))),
    write: async (name, secret) => {
      if (broken) throw new TraderError('failure', 'locked');
      held.set(name, secret);
    },
    remove: async (name) => held.delete(name),
  };
}

/** One made by a program that started, and showed it. */
async function made(given: Parameters<typeof places>[0] = {}): Promise<string> {
  const { secret, keep } = await killSecret(places(given));
  await (keep ?? expect.fail('it is not new'))();
  return secret;
}

describe('the secret of signed requests', () => {
  it('of a program that did not start is not kept: nobody has seen it', async () => {
    const { secret } = await killSecret(places());
    expect(await knownKillSecret(places())).toBeUndefined();
    expect(await made()).not.toBe(secret);
  });

  it('is made once, at random, and kept in the keychain', async () => {
    const keychain = keychainOf();
    expect(await knownKillSecret(places({ keychain }))).toBeUndefined();
    const first = await made({ keychain });
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(await killSecret(places({ keychain }))).toEqual({ secret: first, keep: null });
    expect(readdirSync(directory)).toEqual([]);
    expect(await made({ keychain: keychainOf() })).not.toBe(first);
  });

  it.each<[string, () => Keychain | null]>([
    ['there is no keychain', () => null],
    ['the keychain takes nothing', () => keychainOf(new Map(), true)],
  ])('is kept in a file for its owner alone where %s', async (_name, keychain) => {
    const first = await made({ keychain: keychain() });
    expect(statSync(join(directory, 'kill-switch-secret')).mode & 0o777).toBe(0o600);
    expect(await killSecret(places({ keychain: keychain() }))).toEqual({
      secret: first,
      keep: null,
    });
  });

  it('that is given from outside goes before', async () => {
    await made();
    const environment = { TRADEBOT_SECRET_KILLSWITCH_HMAC: 'given from outside, long enough' };
    expect(await killSecret(places({ environment }))).toEqual({
      secret: 'given from outside, long enough',
      keep: null,
    });
  });

  it('that could be tried out is not taken', async () => {
    const environment = { TRADEBOT_SECRET_KILLSWITCH_HMAC: 'short' };
    await expect(killSecret(places({ environment }))).rejects.toThrow('too short');
  });

  it('in a file that cannot be read is no reason to make another', async () => {
    mkdirSync(join(directory, 'kill-switch-secret'));
    await expect(killSecret(places())).rejects.toThrow('cannot be read');
  });

  it('is found in the vault of the data directory, and a broken vault keeps nobody from starting', async () => {
    const environment = { TRADEBOT_SECRET_VAULT_PASSPHRASE: 'correct horse battery' };
    const vault = await openVault(vaultPath(directory), 'correct horse battery', { cost: 2 ** 14 });
    vault.write('killSwitch.hmac', 'k'.repeat(32), 1_000);
    expect(await killSecret(places({ environment }))).toEqual({ secret: 'k'.repeat(32), keep: null });
    await expect(killSecret(places())).rejects.toThrow(/is locked: give the vault’s passphrase/);
    writeFileSync(vaultPath(directory), '{"format"');
    expect((await killSecret(places({ environment }))).keep).not.toBeNull();
  });
});
