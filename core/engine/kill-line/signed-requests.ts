import { closeSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../domain/index.ts';
import { flushFolder } from '../../platform/index.ts';
import { type KillAction, type SignedHeaders, signedTime } from './signature.ts';

export interface SignedRequestsOptions {
  readonly directory: string;
  readonly secret: string;
  /** The wall's. */
  readonly clock: Clock;
}

/**
 * `accepted`: signed, fresh, and noted as used; `unnoted`: signed and fresh, but that it was used cannot be noted, so
 * that it could be used again after a restart.
 */
export type SignedAnswer = 'accepted' | 'unnoted' | 'refused';

/** How far a request's time may be from ours. */
const WINDOW_MS = 30_000;
const FOLDER = 'kill-switch-signatures';
/** Only who has the secret makes them: so many are never used within the window, whatever the clock does. */
const KEPT = 1_000;

/**
 * Lets each signature in once, over restarts and over every process and thread that asks on the same directory: what is
 * used has a file of its name, which only one of them can make.
 */
export class SignedRequests {
  readonly #options: SignedRequestsOptions;
  readonly #folder: string;
  /** Used here, for when no file can be made. */
  readonly #used = new Set<string>();

  constructor(options: SignedRequestsOptions) {
    this.#options = options;
    this.#folder = join(options.directory, FOLDER);
    this.#forgetOldest();
  }

  /** Uses the signature up. Changes nothing where it refuses. Never throws. */
  admit(action: KillAction, headers: SignedHeaders): SignedAnswer {
    const { secret, clock } = this.#options;
    const time = signedTime(secret, action, headers);
    if (time === undefined || Math.abs(clock.now() - time) > WINDOW_MS) return 'refused';
    const name = `${time}-${action}`;
    if (this.#used.has(name)) return 'refused';
    this.#used.add(name);
    return this.#claim(name);
  }

  /** What was admitted is used for good, over a power cut too. Answers whether that is so. Never throws. */
  flush(): boolean {
    return flushFolder(this.#folder);
  }

  #claim(name: string): SignedAnswer {
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    } catch {
      // Answered, not ignored. Apart from the file: a folder that "exists" as something else is no used signature.
      return 'unnoted';
    }
    try {
      closeSync(openSync(join(this.#folder, name), 'wx', 0o600));
      return 'accepted';
    } catch (error) {
      const isUsed = error instanceof Error && 'code' in error && error.code === 'EEXIST';
      return isUsed ? 'refused' : 'unnoted';
    }
  }

  #forgetOldest(): void {
    try {
      const names = readdirSync(this.#folder).sort();
      for (const name of names.slice(0, Math.max(0, names.length - KEPT)))
        rmSync(join(this.#folder, name), { force: true });
    } catch {
      // No folder yet, or one that cannot be read: what is there stays used.
    }
  }
}
