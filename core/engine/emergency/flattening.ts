import type { FlattenResult } from '../../execution/index.ts';

/** The way out. */
export interface Flattening {
  /** Cancels every order, closes every position, verifies against the venue. Idempotent. */
  flatten(): Promise<FlattenResult>;
  /** Whether anything is at the venue, on its way there, or in doubt. */
  isFlat(): Promise<boolean>;
  /** Ends after the step in hand. */
  close(): void;
}
