import type { KillActivation } from '../../contract/index.ts';

/** What the flattening came to: nothing left, or what could not be done, a line each. */
export interface FlattenOutcome {
  readonly flat: boolean;
  readonly failures: readonly string[];
  /** What is left on purpose, a line each. */
  readonly left: readonly string[];
  readonly symbols: readonly SymbolOutcome[];
  /** When every order there was had been asked to be cancelled (monotonic); null: there was none. */
  readonly cancelsSentMs: number | null;
  /** When a close had been sent for every symbol (monotonic); null: nothing was open. */
  readonly closesSentMs: number | null;
}

/** What became of one symbol. */
interface SymbolOutcome extends Omit<KillActivation['symbols'][number], 'failures'> {
  readonly failures: readonly string[];
}

/** The way out. */
export interface Flattening {
  /** Cancels every order, closes every position, verifies against the venue. Idempotent. */
  flatten(): Promise<FlattenOutcome>;
  /** Whether anything is at the venue, on its way there, or in doubt. */
  isFlat(): Promise<boolean>;
  /** Ends after the step in hand. */
  close(): void;
}
