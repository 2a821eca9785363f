import type { Settings } from '../../contract/index.ts';

/** Between the program and its guardian. */

/** What is guarded. No key is in it. */
export interface GuardedPlace {
  /** The data directory. */
  readonly directory: string;
  /** Where the program is noted; null: nowhere. */
  readonly runtimeFolder: string | null;
  /** Of the program. */
  readonly pid: number;
  readonly settings: Settings;
  readonly migrationsFolder: string | null;
}

/** The venue's keys, where the guardian finds them. It holds them in memory. */
export interface GuardianKeys {
  /** Names of those that it reads from the keychain itself. */
  readonly inKeychain: readonly string[];
  /** Those that are elsewhere, by name. */
  readonly given: Readonly<Record<string, string>>;
}

export type ToGuardian =
  | {
      readonly kind: 'guard';
      readonly place: GuardedPlace;
      readonly keys: GuardianKeys;
    }
  | { readonly kind: 'beat' }
  /** The program is ended on purpose. */
  | { readonly kind: 'goodbye' };

export type FromGuardian =
  | { readonly kind: 'ready'; readonly hasKeys: boolean }
  | { readonly kind: 'beat' }
  /** The guardian cannot say what it has missed. */
  | { readonly kind: 'ask-reconciliation' };

/** The guardian, for the program. */
export interface GuardianProcess {
  /** Undefined where it could not be started. */
  readonly pid: number | undefined;
  /** Of one that has ended it is lost. */
  send(message: ToGuardian): void;
  onMessage(listener: (message: FromGuardian) => void): void;
  /** Told how it ended, in words. */
  onExit(listener: (how: string) => void): void;
  /** Ends it at once. */
  end(): void;
  /** Lets it go on without the program. */
  leave(): void;
}

/** The program, for the guardian. */
export interface GuardedProgram {
  send(message: FromGuardian): void;
  onMessage(listener: (message: ToGuardian) => void): void;
  /** Its process has ended, be it before anybody listened. */
  onGone(listener: () => void): void;
}
