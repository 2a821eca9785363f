import type { SecretView } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { type Keychain, openKeychain } from '../installation/keychain.ts';
import {
  environmentName,
  exchangeSecret,
  isSecretName,
  openSecrets,
  type SecretSources,
  type Secrets,
  type SettingsOfSecrets,
  secretFault,
  secretsFor,
  vaultPassphrase,
} from '../installation/secrets.ts';
import { SYSTEM_CLOCK } from '../installation/system-timers.ts';
import { openVault, vaultPath } from '../installation/vault.ts';

/**
 * The keys of venues: kept, forgotten, and told to whoever trades with them, never to whoever shows them. Where this
 * machine has no keychain they are kept in the vault, and where its passphrase is not given in memory, until the program ends.
 */
export class KeyRing {
  readonly #sources: SecretSources & { readonly keychain: Keychain | null };
  readonly #memory = new Map<string, string>();
  /** One at a time: of two that make a vault one would have another key than it. */
  #keeping = Promise.resolve();

  constructor(sources: SecretSources) {
    const { keychain = openKeychain() } = sources;
    this.#sources = { ...sources, keychain };
  }

  /** Which of the keys that a venue asks for are there. */
  async keysOf(exchange: string, credentials: readonly string[]): Promise<SecretView[]> {
    const secrets = await this.forVenue(exchange);
    return credentials.map((credential) => {
      const name = exchangeSecret(exchange, credential);
      return { name, credential, source: secrets.sourceOf(name) ?? null };
    });
  }

  /** Keeps it in the vault where its passphrase is given, else in memory. */
  async #keepWithoutKeychain(name: string, value: string): Promise<void> {
    const { directory } = this.#sources;
    const passphrase = vaultPassphrase(this.#sources);
    if (directory === undefined || passphrase === undefined) {
      this.#memory.set(name, value);
      return;
    }
    const before = this.#keeping;
    this.#keeping = (async () => {
      await before.catch(() => undefined);
      (await openVault(vaultPath(directory), passphrase)).write(name, value, SYSTEM_CLOCK.now());
      this.#memory.delete(name);
    })();
    await this.#keeping;
  }

  /** @throws TraderError for what is no key of a venue, or cannot be one. */
  async keep(exchange: string, credential: string, value: string): Promise<void> {
    const name = knownName(exchange, credential);
    const fault = secretFault(name, value);
    if (fault !== null) throw new TraderError('bad-input', fault);
    try {
      if (this.#sources.keychain === null) throw new TraderError('failure', 'there is no keychain');
      await this.#sources.keychain.write(name, value);
      this.#memory.delete(name);
    } catch (error) {
      if (!(error instanceof TraderError)) throw error;
      await this.#keepWithoutKeychain(name, value);
    }
  }

  /** @throws TraderError where it cannot be taken away from here, with what to do. */
  async forget(exchange: string, credential: string): Promise<void> {
    const name = knownName(exchange, credential);
    if (this.#memory.delete(name)) return;
    const source = (await this.forVenue(exchange)).sourceOf(name);
    if (source === 'keychain') await this.#sources.keychain?.remove(name);
    if (source === 'vault' && this.#sources.directory !== undefined)
      (await openVault(vaultPath(this.#sources.directory), null)).remove(name);
    if (source === 'file' || source === 'environment') {
      const place = source === 'file' ? `the file /run/secrets/${name}` : environmentName(name);
      throw new TraderError(
        'bad-input',
        `${name} comes from outside the program: take ${place} away and start it again`,
      );
    }
  }

  /** What a run with these settings may ask for. */
  async forSettings(settings: SettingsOfSecrets): Promise<Secrets> {
    return this.#withMemory(await secretsFor(settings, this.#sources));
  }

  async forVenue(exchange: string): Promise<Secrets> {
    return this.#withMemory(await openSecrets({ ...this.#sources, exchange }));
  }

  #withMemory(secrets: Secrets): Secrets {
    return {
      read: (name) => this.#memory.get(name) ?? secrets.read(name),
      sourceOf: (name) => (this.#memory.has(name) ? 'memory' : secrets.sourceOf(name)),
    };
  }
}

function knownName(exchange: string, credential: string): string {
  const name = exchangeSecret(exchange, credential);
  if (isSecretName(name)) return name;
  throw new TraderError('bad-input', `${credential} is no key that a venue asks for`);
}
