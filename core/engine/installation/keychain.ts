import type { AsyncEntry } from 'keytar';
import { TraderError } from '../../domain/index.ts';

/** Secrets in the operating system's keychain: Keychain, Credential Manager, or a Secret Service on Linux. */
export interface Keychain {
  /** What of these names is there. Empty when the keychain cannot be used. */
  readAll(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** @throws TraderError when it was not kept. */
  write(name: string, secret: string): Promise<void>;
  /** Whether there was one. @throws TraderError */
  remove(name: string): Promise<boolean>;
}

const SERVICE = 'llm-tradebot';

/** Opened at the first use: the package loads a native library. */
export function openKeychain(): Keychain {
  const entry = async (name: string): Promise<AsyncEntry> => {
    const { AsyncEntry: Entry } = await import('keytar');
    // Without `store` Linux falls back to the kernel's keyring in silence, which forgets at the next reboot.
    return new Entry(SERVICE, name, { linux: { store: 'secret-service' } });
  };
  const attempt = async <T>(use: () => Promise<T>): Promise<T> => {
    try {
      return await use();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
      throw new TraderError(
        'failure',
        `this machine's keychain cannot be used (${why}): give the secret as a file in /run/secrets or in the environment`,
        { cause },
      );
    }
  };
  return {
    async readAll(names) {
      const found = new Map<string, string>();
      try {
        for (const name of names) {
          const secret = await (await entry(name)).getPassword();
          if (secret != null && secret !== '') found.set(name, secret);
        }
      } catch {
        // No keychain here: files and the environment are left.
        return found;
      }
      return found;
    },
    write: (name, secret) => attempt(async () => (await entry(name)).setPassword(secret)),
    remove: (name) =>
      attempt(async () => {
        const known = await entry(name);
        if ((await known.getPassword()) == null) return false;
        return known.deletePassword();
      }),
  };
}
