import type { Action } from '../../contract/index.ts';
import type { Decision } from '../../domain/index.ts';

/** Bars on which only one side has decided that are kept in mind: one side may think for minutes. */
const KEPT = 1_000;

/**
 * Sets what two line-ups wanted side by side, bar by bar, whichever of them is later. A bar on which the voters of
 * either were not heard counts for neither.
 */
export class Agreement {
  readonly #count: (agreed: boolean) => void;
  readonly #own = new Map<string, Action>();
  readonly #active = new Map<string, Action>();

  /** @param count told of each bar that both have decided on. */
  constructor(count: (agreed: boolean) => void) {
    this.#count = count;
  }

  own(decision: Decision): void {
    this.#note(decision, this.#own, this.#active);
  }

  active(decision: Decision): void {
    this.#note(decision, this.#active, this.#own);
  }

  #note({ id, action, votes }: Decision, side: Map<string, Action>, other: Map<string, Action>): void {
    if (votes.length === 0) return;
    const others = other.get(id);
    if (others !== undefined) {
      other.delete(id);
      this.#count(others === action);
      return;
    }
    side.set(id, action);
    const [oldest] = side.keys();
    if (side.size > KEPT && oldest !== undefined) side.delete(oldest);
  }
}
