import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { usesChannels } from '../../alerts/index.ts';
import type { SecretSource, Settings } from '../../contract/index.ts';
import { textOfBytes } from '../../domain/index.ts';
import { hasFileModes, PLATFORM } from '../../platform/index.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { openVault, type Vault, vaultPath } from './vault.ts';

/** Secrets by name, such as `llm.apiKey`. They are asked for where they are used and kept nowhere else. */
export interface Secrets {
  read(name: string): string | undefined;
  sourceOf(name: string): SecretSource | undefined;
}

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where a container platform puts secrets, one file each. */
  readonly folder?: string;
  /** Null: none is looked into. */
  readonly keychain?: Keychain | null;
  /** The data directory, which may have a vault. */
  readonly directory?: string;
  /** The venue whose keys are needed; none when absent. */
  readonly exchange?: string;
}

const CONTAINER_FOLDER = '/run/secrets';
const PREFIX = 'TRADEBOT_SECRET_';
/** Opens the vault, and is in none. */
const PASSPHRASE = 'vault.passphrase';

/** Every secret that the program may ask for; a name is a path, so only these are looked for. */
export const SECRET_NAMES = [
  'llm.apiKey',
  'llm.bull.apiKey',
  'llm.bear.apiKey',
  // Of fallback models at servers of their own, in their order.
  'llm.fallback1.apiKey',
  'llm.fallback2.apiKey',
  'llm.fallback3.apiKey',
  'timescale.password',
  'email.password',
  'telegram.botToken',
  'slack.webhookUrl',
  'webhook.url',
  'webhook.token',
  'killSwitch.hmac',
] as const;
/** What venues ask for, by ccxt's names for it: none asks for all. */
export const CREDENTIALS = [
  'apiKey',
  'secret',
  'password',
  'uid',
  'login',
  'twofa',
  'token',
  'accountId',
  'walletAddress',
  'privateKey',
] as const;
const EXCHANGE_SECRET = new RegExp(`^exchange\\.[a-z0-9]+\\.(${CREDENTIALS.join('|')})$`);

/** The name of one of a venue's keys. */
export function exchangeSecret(exchange: string, credential: string): string {
  return `exchange.${exchange}.${credential}`;
}

export function isSecretName(name: string): boolean {
  return (SECRET_NAMES as readonly string[]).includes(name) || EXCHANGE_SECRET.test(name);
}

/** Keys to sign with are documents of several lines at some venues; what is sent as it is has one. */
const OF_MANY_LINES = /\.(secret|privateKey)$/;

/** Why a value cannot be what a secret is, without a word of it; null where it can. */
export function secretFault(name: string, value: string): string | null {
  if (OF_MANY_LINES.test(name) || !/\p{Cc}/u.test(value)) return null;
  return `${name}: has a line break or control character in it: enter it again, in one line`;
}

/** `llm.apiKey` is `TRADEBOT_SECRET_LLM_APIKEY` in the environment. */
export function environmentName(name: string): string {
  return PREFIX + name.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/**
 * Looks where secrets are kept: the operating system's keychain, then `/run/secrets/<name>`, then the environment, then the
 * vault in the data directory. A keychain that cannot be used is no keychain; what it holds is read once, here. A secret
 * in a vault that is locked is there, and cannot be read.
 */
export async function openSecrets(sources: SecretSources): Promise<Secrets> {
  const { environment, folder = CONTAINER_FOLDER, exchange } = sources;
  const keychain = sources.keychain === undefined ? openKeychain() : sources.keychain;
  const ofVenue = exchange === undefined ? [] : CREDENTIALS.map((each) => exchangeSecret(exchange, each));
  const held = (await keychain?.readAll([...SECRET_NAMES, ...ofVenue])) ?? new Map<string, string>();
  const vault = await vaultOf(sources);
  const outside = (name: string): { value: string; source: SecretSource } | undefined => {
    if (!isSecretName(name)) return undefined;
    const fromKeychain = held.get(name);
    if (fromKeychain !== undefined) return { value: fromKeychain, source: 'keychain' };
    const fromFile = fileContent(join(folder, name));
    if (fromFile !== undefined) return { value: fromFile, source: 'file' };
    const fromEnvironment = environment[environmentName(name)];
    return fromEnvironment ? { value: fromEnvironment, source: 'environment' } : undefined;
  };
  return {
    read: (name) => outside(name)?.value ?? (isSecretName(name) ? vault?.read(name) : undefined),
    sourceOf: (name) => outside(name)?.source ?? (vault?.keptAt.has(name) === true ? 'vault' : undefined),
  };
}

/** The vault of a data directory, opened where its passphrase is given from outside; null: there is none. */
async function vaultOf(sources: SecretSources): Promise<Vault | null> {
  const { directory } = sources;
  if (directory === undefined || !existsSync(vaultPath(directory))) return null;
  return openVault(vaultPath(directory), vaultPassphrase(sources) ?? null);
}

/** What opens the vault, where it is given from outside the program. */
export function vaultPassphrase({
  environment,
  folder = CONTAINER_FOLDER,
}: SecretSources): string | undefined {
  return fileContent(join(folder, PASSPHRASE)) ?? (environment[environmentName(PASSPHRASE)] || undefined);
}

/** Files with secrets that more than their owner can read, a line each. */
export function looseSecretFiles({
  directory,
  folder = CONTAINER_FOLDER,
}: Omit<SecretSources, 'environment'>): string[] {
  if (!hasFileModes(PLATFORM)) return [];
  const names =
    statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true ? readdirSync(folder) : [];
  const files = names
    .filter((name) => isSecretName(name) || name === PASSPHRASE)
    .map((name) => join(folder, name));
  if (directory !== undefined) files.push(vaultPath(directory));
  return files.flatMap((file) => {
    const mode = statSync(file, { throwIfNoEntry: false })?.mode ?? 0;
    if ((mode & 0o077) === 0) return [];
    return [`${file} can be read by others (mode ${(mode & 0o777).toString(8)}): give it the mode 600`];
  });
}

/** The settings that say which secrets are needed. */
export type SettingsOfSecrets = Pick<Settings, 'mode' | 'llm' | 'exchange' | 'timescale' | 'alerts'>;

/** The secrets that a run with these settings may ask for. The keychain is not opened where there is none. */
export async function secretsFor(
  { mode, llm, exchange, timescale, alerts }: SettingsOfSecrets,
  sources: SecretSources,
): Promise<Secrets> {
  const needsVenue = mode === 'sandbox' || mode === 'live';
  const isNeeded = llm.enabled || needsVenue || timescale.url !== null || usesChannels(alerts);
  if (!isNeeded) return NO_SECRETS;
  return openSecrets({ ...sources, ...(needsVenue ? { exchange: exchange.id } : {}) });
}

/** Nobody's secrets: for what needs none. */
export const NO_SECRETS: Secrets = { read: () => undefined, sourceOf: () => undefined };

function fileContent(path: string): string | undefined {
  try {
    // Editors and `echo` end a file with a line break, which is no part of a key.
    return textOfBytes(readFileSync(path)).trim() || undefined;
  } catch {
    // Most secrets are not there; one that cannot be read is as good as none, and whoever needs it says so.
    return undefined;
  }
}
