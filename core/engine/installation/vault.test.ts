import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraderError } from '../../domain/index.ts';
import { hasFileModes, PLATFORM } from '../../platform/index.ts';
import { takeTurn } from '../../storage/index.ts';
import { notedDates, noteKept } from './secret-dates.ts';
import { looseSecretFiles, openSecrets } from './secrets.ts';
import { changePassphrase, openVault, vaultPath } from './vault.ts';

const PASSPHRASE = 'correct horse battery staple';
const KEY = 'k-canary-91';
const QUICK = { cost: 2 ** 14 };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-vault-'));
  path = vaultPath(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function filled(): Promise<void> {
  (await openVault(path, PASSPHRASE, QUICK)).write('llm.apiKey', KEY, 1_000);
}

describe('the vault', () => {
  it('keeps a secret that only its passphrase opens, in a file of the owner alone', async () => {
    await filled();
    expect((await openVault(path, PASSPHRASE)).read('llm.apiKey')).toBe(KEY);
    const text = readFileSync(path, 'utf8');
    for (const form of [KEY, Buffer.from(KEY).toString('base64'), PASSPHRASE])
      expect(text).not.toContain(form);
    if (hasFileModes(PLATFORM)) expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says names and dates to who has no passphrase, and nothing else', async () => {
    await filled();
    const locked = await openVault(path, null);
    expect([...locked.keptAt]).toEqual([['llm.apiKey', 1_000]]);
    expect(locked.read('telegram.botToken')).toBeUndefined();
    expect(() => locked.read('llm.apiKey')).toThrow(/is locked: give the vault’s passphrase/);
    expect(() => locked.write('llm.apiKey', 'x', 2_000)).toThrow(TraderError);
  });

  it('refuses a wrong passphrase, and nothing is written under one', async () => {
    await filled();
    const before = readFileSync(path, 'utf8');
    const wrong = await openVault(path, 'another passphrase');
    expect(() => wrong.read('llm.apiKey')).toThrow(/passphrase is wrong/);
    expect(() => wrong.write('email.password', 'x', 2_000)).toThrow(/passphrase is wrong/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it.each<[string, (secrets: Record<string, Record<string, unknown>>) => void]>([
    ['a value under another name', (s) => Object.assign(s, { 'email.password': s['llm.apiKey'] })],
    ['another date', (s) => Object.assign(s['llm.apiKey'] ?? {}, { keptAt: 5 })],
    [
      'another tag',
      (s) => Object.assign(s['llm.apiKey'] ?? {}, { tag: Buffer.alloc(16).toString('base64') }),
    ],
    [
      'a shorter tag',
      (s) => Object.assign(s['llm.apiKey'] ?? {}, { tag: Buffer.alloc(4).toString('base64') }),
    ],
  ])('notices %s', async (_, change) => {
    await filled();
    const file = JSON.parse(readFileSync(path, 'utf8')) as {
      secrets: Record<string, Record<string, unknown>>;
    };
    change(file.secrets);
    writeFileSync(path, JSON.stringify(file));
    const vault = await openVault(path, PASSPHRASE);
    const name = [...vault.keptAt.keys()].at(-1) ?? '';
    expect(() => vault.read(name)).toThrow(/was changed/);
  });

  it.each([
    ['no JSON', '{'],
    ['another document', '{"format":2}'],
    ['a cost that no machine pays', JSON.stringify({ format: 1, cost: 2 ** 30, salt: '', secrets: {} })],
    ['a cost that protects nothing', JSON.stringify({ format: 1, cost: 2, salt: '', secrets: {} })],
  ])('refuses %s', async (_, text) => {
    writeFileSync(path, text);
    await expect(openVault(path, PASSPHRASE)).rejects.toThrow(/is no vault that can be read/);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('takes a new secret in the place of the old one, and forgets', async () => {
    await filled();
    const vault = await openVault(path, PASSPHRASE);
    vault.write('llm.apiKey', 'k-2', 9_000);
    expect([vault.read('llm.apiKey'), vault.keptAt.get('llm.apiKey')]).toEqual(['k-2', 9_000]);
    expect([vault.remove('llm.apiKey'), vault.remove('llm.apiKey')]).toEqual([true, false]);
    expect((await openVault(path, PASSPHRASE)).read('llm.apiKey')).toBeUndefined();
  });

  it('is sealed anew under another passphrase, with the dates of its secrets', async () => {
    await filled();
    await expect(changePassphrase(path, 'not the passphrase', 'a new passphrase', QUICK)).rejects.toThrow(
      /wrong/,
    );
    await expect(changePassphrase(path, PASSPHRASE, 'short', QUICK)).rejects.toThrow(/at least 12/);
    await changePassphrase(path, PASSPHRASE, 'a new passphrase', QUICK);
    const vault = await openVault(path, 'a new passphrase');
    expect([vault.read('llm.apiKey'), vault.keptAt.get('llm.apiKey')]).toEqual([KEY, 1_000]);
    const old = await openVault(path, PASSPHRASE);
    expect(() => old.read('llm.apiKey')).toThrow(/wrong/);
  });

  it('has what each of two that write at once gave it', async () => {
    await filled();
    const [one, other] = await Promise.all([openVault(path, PASSPHRASE), openVault(path, PASSPHRASE)]);
    one.write('email.password', 'e-1', 2_000);
    other.write('slack.webhookUrl', 's-1', 3_000);
    one.remove('llm.apiKey');
    const kept = await openVault(path, PASSPHRASE);
    expect([...kept.keptAt.keys()]).toEqual(['email.password', 'slack.webhookUrl']);
    expect([kept.read('email.password'), kept.read('slack.webhookUrl')]).toEqual(['e-1', 's-1']);
  });

  it('of two that make it at once has one, and the other is told', async () => {
    const [one, other] = await Promise.all([
      openVault(path, PASSPHRASE, QUICK),
      openVault(path, 'another passphrase', QUICK),
    ]);
    one.write('llm.apiKey', KEY, 1_000);
    expect(() => other.write('email.password', 'e', 2_000)).toThrow(/was changed meanwhile: nothing was/);
    expect((await openVault(path, PASSPHRASE)).read('llm.apiKey')).toBe(KEY);
  });

  it('that is sealed anew meanwhile loses nothing that was kept', async () => {
    await filled();
    const beside = await openVault(path, PASSPHRASE);
    const changing = changePassphrase(path, PASSPHRASE, 'a new passphrase', QUICK);
    beside.write('email.password', 'e-1', 2_000);
    await expect(changing).rejects.toThrow(/was changed meanwhile/);
    expect((await openVault(path, PASSPHRASE)).read('email.password')).toBe('e-1');
    await changePassphrase(path, PASSPHRASE, 'a new passphrase', QUICK);
    expect(() => beside.write('email.password', 'e-2', 3_000)).toThrow(/was changed meanwhile/);
  });

  it('says so where another program goes on writing it', async () => {
    await filled();
    const vault = await openVault(path, PASSPHRASE);
    const turn = takeTurn(`${path}.turn`);
    expect(() => vault.write('llm.apiKey', 'k-2', 2_000)).toThrow(/is being written by another program/);
    turn?.close();
    vault.write('llm.apiKey', 'k-2', 2_000);
    expect(vault.read('llm.apiKey')).toBe('k-2');
  });

  it('without secrets is begun anew: of a passphrase that nothing tells wrong none may come in by mistake', async () => {
    await filled();
    (await openVault(path, PASSPHRASE)).remove('llm.apiKey');
    await expect(openVault(path, 'short', QUICK)).rejects.toThrow(/at least 12 characters/);
    (await openVault(path, 'another passphrase', QUICK)).write('llm.apiKey', KEY, 2_000);
    expect((await openVault(path, 'another passphrase')).read('llm.apiKey')).toBe(KEY);
  });

  it('is opened by a passphrase with blanks at its ends as by the same in a file, which loses them', async () => {
    (await openVault(path, ` ${PASSPHRASE}  `, QUICK)).write('llm.apiKey', KEY, 1_000);
    expect((await openVault(path, PASSPHRASE)).read('llm.apiKey')).toBe(KEY);
    await expect(openVault(join(folder, 'other'), `short${' '.repeat(9)}`, QUICK)).rejects.toThrow(
      /at least 12/,
    );
  });

  it('takes no passphrase that can be tried out', async () => {
    await expect(openVault(path, 'short', QUICK)).rejects.toThrow(/at least 12 characters/);
  });
});

describe('files with secrets', () => {
  it.skipIf(!hasFileModes(PLATFORM))('are named where others can read them', async () => {
    await filled();
    const there = join(folder, 'run-secrets');
    mkdirSync(there);
    writeFileSync(join(there, 'llm.apiKey'), 'k', { mode: 0o644 });
    writeFileSync(join(there, 'email.password'), 'k', { mode: 0o600 });
    writeFileSync(join(there, 'of-somebody-else'), 'k', { mode: 0o644 });
    expect(looseSecretFiles({ directory: folder, folder: there })).toEqual([
      `${join(there, 'llm.apiKey')} can be read by others (mode 644): give it the mode 600`,
    ]);
    chmodSync(path, 0o640);
    expect(looseSecretFiles({ directory: folder, folder: join(folder, 'none') })).toEqual([
      `${path} can be read by others (mode 640): give it the mode 600`,
    ]);
  });

  it('the date of what the keychain keeps is noted, without a word of it', () => {
    expect(notedDates(folder).size).toBe(0);
    noteKept(folder, 'llm.apiKey', 5);
    noteKept(folder, 'email.password', 6);
    noteKept(folder, 'llm.apiKey', 7);
    expect(Object.fromEntries(notedDates(folder))).toEqual({ 'llm.apiKey': 7, 'email.password': 6 });
    // Where nothing can be noted the secret is kept all the same.
    expect(() => noteKept(join(folder, 'none'), 'llm.apiKey', 5)).not.toThrow();
  });
});

describe('secrets with a vault', () => {
  const of = (environment: Record<string, string>) =>
    openSecrets({ environment, folder: join(folder, 'none'), keychain: null, directory: folder });

  it('come from it last of all, opened by a passphrase from outside', async () => {
    await filled();
    const environment = { TRADEBOT_SECRET_VAULT_PASSPHRASE: PASSPHRASE };
    const secrets = await of(environment);
    expect([secrets.read('llm.apiKey'), secrets.sourceOf('llm.apiKey')]).toEqual([KEY, 'vault']);
    const both = await of({ ...environment, TRADEBOT_SECRET_LLM_APIKEY: 'k-outside' });
    expect([both.read('llm.apiKey'), both.sourceOf('llm.apiKey')]).toEqual(['k-outside', 'environment']);
    expect(secrets.read('email.password')).toBeUndefined();
  });

  it('are known to be there while it is locked, and what opens it is said when one is needed', async () => {
    await filled();
    const secrets = await of({});
    expect(secrets.sourceOf('llm.apiKey')).toBe('vault');
    expect(() => secrets.read('llm.apiKey')).toThrow(/is locked: give the vault’s passphrase/);
    expect(secrets.read('email.password')).toBeUndefined();
  });
});
