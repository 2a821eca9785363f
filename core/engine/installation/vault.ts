import { createCipheriv, createDecipheriv, generateKeySync, scrypt } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { TraderError, type UtcMs } from '../../domain/index.ts';
import { pause, writeWhole } from '../../platform/index.ts';
import { takeTurn } from '../../storage/index.ts';

/** Secrets in a file that a passphrase opens, for a machine without a keychain. Names and dates can be read without it. */
export interface Vault {
  readonly path: string;
  /** When each was kept, by its name. */
  readonly keptAt: ReadonlyMap<string, UtcMs>;
  /** Whether the passphrase is known here, right or wrong. */
  readonly hasPassphrase: boolean;
  /** Undefined: there is none of that name. @throws TraderError where the passphrase is missing or wrong. */
  read(name: string): string | undefined;
  /** Puts another in the place of the one there is. @throws TraderError where it was not kept. */
  write(name: string, secret: string, now: UtcMs): void;
  /** Whether there was one. @throws TraderError */
  remove(name: string): boolean;
}

export const VAULT_FILE = 'secrets.vault';
/** Below that a passphrase can be tried out. */
export const LEAST_PASSPHRASE = 12;

/** scrypt with 128 MB and a third of a second for each try. A file may not ask for more than a machine has. */
const COST = 2 ** 17;
const LEAST_COST = 2 ** 14;
const MOST_COST = 2 ** 20;
const BLOCK_SIZE = 8;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const IV_BYTES = 12;
/** A write takes some milliseconds. */
const TURN_PAUSES_MS = [10, 20, 50, 100, 200, 400, 400, 0] as const;
const CIPHER = 'aes-256-gcm';

const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/);
const VaultFileSchema = z.strictObject({
  format: z.literal(1),
  /** N of scrypt; r is 8, p is 1. */
  cost: z
    .number()
    .int()
    .min(LEAST_COST)
    .max(MOST_COST)
    .refine((cost) => Number.isInteger(Math.log2(cost))),
  salt: base64,
  secrets: z.record(
    z.string().max(100),
    z.strictObject({ keptAt: z.number().int(), iv: base64, tag: base64, sealed: base64 }),
  ),
});
type VaultFile = z.infer<typeof VaultFileSchema>;
type Entry = VaultFile['secrets'][string];

const derive = promisify(scrypt) as (
  passphrase: string,
  salt: Buffer,
  bytes: number,
  options: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
) => Promise<Buffer>; // one of its overloads

export interface VaultOptions {
  /** For a new file; a lower one only in tests. */
  readonly cost?: number;
}

export function vaultPath(directory: string): string {
  return join(directory, VAULT_FILE);
}

/**
 * Opens the vault at a path, or an empty one where there is no file yet.
 *
 * @param passphrase null: not known, so that only names can be told.
 * @throws TraderError where the file is there and is no vault, or a new passphrase is too short.
 */
export async function openVault(
  path: string,
  passphrase: string | null,
  { cost = COST }: VaultOptions = {},
): Promise<Vault> {
  const there = readFile(path);
  // Of one without secrets nobody could tell a wrong passphrase: it is begun anew.
  const isNew = there === null || Object.keys(there.secrets).length === 0;
  if (isNew && passphrase !== null) requireLong(passphrase);
  const fresh = { format: 1, cost, salt: freshBytes(SALT_BYTES).toString('base64'), secrets: {} } as const;
  const file: VaultFile = isNew ? fresh : there;
  const key = passphrase === null ? null : await keyOf(passphrase, file);
  let { secrets } = file;
  /** Changes what is there by then: another program may have kept something meanwhile. */
  const change = (changed: (now: VaultFile['secrets']) => VaultFile['secrets']): void =>
    inTurn(path, () => {
      const now = readFile(path);
      const isOurs = now === null || Object.keys(now.secrets).length === 0 || now.salt === file.salt;
      if (!isOurs) throw changedMeanwhile(path);
      const { secrets: _, ...head } = file;
      secrets = save(path, { ...head, secrets: changed(now?.secrets ?? {}) });
    });
  const opened = (name: string, entry: Entry): string => {
    if (key === null) throw new TraderError('bad-input', `${path} is locked: ${UNLOCK}`);
    return unseal(key, name, entry, path);
  };
  return {
    path,
    get keptAt() {
      return new Map(Object.entries(secrets).map(([name, { keptAt }]) => [name, keptAt]));
    },
    hasPassphrase: key !== null,
    read(name) {
      const entry = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
      return entry === undefined ? undefined : opened(name, entry);
    },
    write(name, secret, now) {
      if (key === null) throw new TraderError('bad-input', `${path} is locked: ${UNLOCK}`);
      change((kept) => {
        // Two passphrases in one file would lock each other out.
        const [first] = Object.entries(kept);
        if (first !== undefined) opened(...first);
        return { ...kept, [name]: seal(key, name, secret, now) };
      });
    },
    remove(name) {
      if (!Object.hasOwn(secrets, name)) return false;
      change(({ [name]: _, ...rest }) => rest);
      return true;
    },
  };
}

/** Seals everything anew under another passphrase. @throws TraderError, and the old one holds. */
export async function changePassphrase(
  path: string,
  before: string,
  after: string,
  options: VaultOptions = {},
): Promise<void> {
  const found = textIn(path);
  const vault = await openVault(path, before);
  requireLong(after);
  const { cost = COST } = options;
  const file = { format: 1, cost, salt: freshBytes(SALT_BYTES).toString('base64') } as const;
  const key = await keyOf(after, file);
  const secrets = [...vault.keptAt].map(([name, keptAt]) => [
    name,
    seal(key, name, vault.read(name) ?? '', keptAt),
  ]);
  inTurn(path, () => {
    if (textIn(path) !== found) throw changedMeanwhile(path);
    save(path, { ...file, secrets: Object.fromEntries(secrets) });
  });
}

function save(path: string, file: VaultFile): VaultFile['secrets'] {
  writeWhole(path, `${JSON.stringify(file, null, 2)}\n`);
  return file.secrets;
}

/** One writer at a time: what another has just kept would be lost. @throws TraderError */
function inTurn(path: string, work: () => void): void {
  try {
    const turn = turnAt(`${path}.turn`);
    if (turn === null)
      throw new TraderError('failure', `${path} is being written by another program: try again`);
    try {
      work();
    } finally {
      turn.close();
    }
  } catch (cause) {
    if (cause instanceof TraderError) throw cause;
    throw new TraderError('failure', `${path} cannot be written: see the disk and its rights`, { cause });
  }
}

function turnAt(file: string): ReturnType<typeof takeTurn> {
  for (const pauseMs of TURN_PAUSES_MS) {
    const turn = takeTurn(file);
    if (turn !== null) return turn;
    pause(pauseMs);
  }
  return null;
}

function changedMeanwhile(path: string): TraderError {
  return new TraderError('failure', `${path} was changed meanwhile: nothing was written, try again`);
}

function requireLong(passphrase: string): void {
  if (plain(passphrase).length < LEAST_PASSPHRASE)
    throw new TraderError('bad-input', `a passphrase takes at least ${LEAST_PASSPHRASE} characters`);
}

/** What to do about a vault that cannot be opened. */
export const UNLOCK =
  'give the vault’s passphrase as the file /run/secrets/vault.passphrase or as TRADEBOT_SECRET_VAULT_PASSPHRASE';

async function keyOf(passphrase: string, { cost, salt }: Pick<VaultFile, 'cost' | 'salt'>): Promise<Buffer> {
  const maxmem = 256 * cost * BLOCK_SIZE;
  return derive(plain(passphrase), Buffer.from(salt, 'base64'), KEY_BYTES, {
    ...{ N: cost, r: BLOCK_SIZE, p: 1, maxmem },
  });
}

/** The same letters may be written in several ways, by the keyboard; blanks at its ends are lost in a file. */
function plain(passphrase: string): string {
  return passphrase.normalize('NFKC').trim();
}

/** Of the system's own chance: what keeps secrets may not be repeated by a seed. */
function freshBytes(count: number): Buffer {
  return generateKeySync('hmac', { length: count * 8 }).export();
}

function seal(key: Buffer, name: string, secret: string, keptAt: UtcMs): Entry {
  const iv = freshBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(aboutOf(name, keptAt));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  const text = (bytes: Buffer): string => bytes.toString('base64');
  return { keptAt, iv: text(iv), tag: text(cipher.getAuthTag()), sealed: text(sealed) };
}

function unseal(key: Buffer, name: string, { keptAt, iv, tag, sealed }: Entry, path: string): string {
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  try {
    const decipher = createDecipheriv(CIPHER, key, bytes(iv), { authTagLength: 16 })
      .setAAD(aboutOf(name, keptAt))
      .setAuthTag(bytes(tag));
    return Buffer.concat([decipher.update(bytes(sealed)), decipher.final()]).toString('utf8');
  } catch {
    // The cause would say nothing more, and one answer for both helps nobody who tries.
    throw new TraderError('bad-input', `${path}: the passphrase is wrong, or the file was changed`);
  }
}

/** A secret holds under its own name and date only. */
function aboutOf(name: string, keptAt: UtcMs): Buffer {
  return Buffer.from(JSON.stringify([name, keptAt]));
}

function textIn(path: string): string | null {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? null : readFileSync(path, 'utf8');
}

/** Null: there is none. @throws TraderError */
function readFile(path: string): VaultFile | null {
  try {
    const text = textIn(path);
    return text === null ? null : VaultFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new TraderError('failure', `${path} is no vault that can be read: put a backup in its place`, {
      cause,
    });
  }
}
