import type { Death } from './death.ts';

/** What the runner tells the process under test. */
export type ToHost =
  | {
      readonly kind: 'open';
      readonly now: number;
      readonly skewMs: number;
      readonly directory: string;
      /** As a settings file has them. */
      readonly settings: unknown;
      /** Keys by the names of secrets. */
      readonly keys: Readonly<Record<string, string>>;
      readonly death: Death | null;
    }
  /** Time passes: answered with `turned` when everything had its turn. */
  | { readonly kind: 'time'; readonly now: number; readonly skewMs: number }
  /** No time passes, but everything gets a turn: answered with `turned`. */
  | { readonly kind: 'turn' };

/** What the process under test says of itself: the books are not among it, they are read from its files. */
export type FromHost =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'turned' }
  /** It trades. */
  | { readonly kind: 'started' }
  | { readonly kind: 'status'; readonly status: SeenStatus }
  | { readonly kind: 'failed'; readonly words: string };

/** What a trader sees. */
export interface SeenStatus {
  readonly green: boolean;
  /** When the books were last compared; null: not yet. */
  readonly reconciledAt: number | null;
  readonly differences: readonly string[];
  /** What he must not overlook, in words. */
  readonly conditions: readonly string[];
}
