import { generateKeySync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TraderError, textOfBytes } from '../../domain/index.ts';
import { type Keychain, openKeychain } from './keychain.ts';
import { openSecrets, type SecretSources } from './secrets.ts';

export interface KillSecret {
  readonly secret: string;
  /** Keeps one that was made by this call and that nobody has seen; null: it is kept already. */
  readonly keep: (() => Promise<void>) | null;
}

export interface KillSecretPlaces extends SecretSources {
  /** The data directory. */
  readonly directory: string;
}

export const KILL_SECRET = 'killSwitch.hmac';
const SECRET_FILE = 'kill-switch-secret';
const SECRET_BITS = 256;
/** Below that it can be tried out. */
const LEAST_LENGTH = 16;

/**
 * What signed requests to the kill switch are signed with: given from outside, or made at the first run, to be kept in the
 * keychain, where there is none in a file of the data directory that only its owner can read.
 *
 * @throws TraderError when a secret that was given is too short.
 */
export async function killSecret(places: KillSecretPlaces): Promise<KillSecret> {
  const known = await knownKillSecret(places);
  if (known !== undefined) return { secret: known, keep: null };
  const secret = generateKeySync('hmac', { length: SECRET_BITS }).export().toString('hex');
  return { secret, keep: () => keep(secret, places) };
}

async function keep(
  secret: string,
  { keychain = openKeychain(), directory }: KillSecretPlaces,
): Promise<void> {
  try {
    if (keychain === null) throw new TraderError('failure', 'there is no keychain');
    await keychain.write(KILL_SECRET, secret);
  } catch (error) {
    if (!(error instanceof TraderError)) throw error;
    // Two programs that start at once must not both think that theirs is kept.
    writeFileSync(join(directory, SECRET_FILE), `${secret}\n`, { mode: 0o600, flag: 'wx' });
  }
}

/** The same without making one; undefined: there is none yet. */
export async function knownKillSecret(places: KillSecretPlaces): Promise<string | undefined> {
  const { directory, keychain = openKeychain(), ...outside } = places;
  // A vault that is broken keeps nobody from starting here: who needs a secret of it says so.
  const given = await openSecrets({ ...outside, directory, keychain: null }).catch(() =>
    openSecrets({ ...outside, keychain: null }),
  );
  const secret = given.read(KILL_SECRET) ?? fromFile(directory) ?? (await fromKeychain(keychain));
  if (secret !== undefined && secret.length < LEAST_LENGTH)
    throw new TraderError(
      'bad-input',
      `${KILL_SECRET} is too short: give it at least ${LEAST_LENGTH} characters`,
    );
  return secret;
}

async function fromKeychain(keychain: Keychain | null): Promise<string | undefined> {
  return (await keychain?.readAll([KILL_SECRET]))?.get(KILL_SECRET);
}

function fromFile(directory: string): string | undefined {
  try {
    return textOfBytes(readFileSync(join(directory, SECRET_FILE))).trim() || undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new TraderError('failure', `${join(directory, SECRET_FILE)} cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}
