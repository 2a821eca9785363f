import type { Decision, DecisionStore, UtcMs } from '../../domain/index.ts';

/** Decisions that are read at a time. On bars of a minute, a sale may have been blocked for more of them than this. */
const PAGE = 24 * 7;

/**
 * Up to when everything was decided that was due of a symbol. A strategy that decides at times of its own is asked again
 * at the next bar when its time passed without a decision, or when a sale that it decided on did not get through.
 */
export class SettledUntil {
  readonly #decisions: Pick<DecisionStore, 'list'>;
  readonly #until = new Map<string, UtcMs>();

  constructor(decisions: Pick<DecisionStore, 'list'>) {
    this.#decisions = decisions;
  }

  /** Takes note of when the last bar closed before the loop began: books that have decided nothing owe nothing. */
  begin(symbol: string, end: UtcMs): void {
    this.#until.set(symbol, Math.min(end, this.#lastSettled(symbol)?.time ?? end));
  }

  /** @param otherwise for a symbol of which no bar was seen. */
  of(symbol: string, otherwise: UtcMs): UtcMs {
    const until = this.#until.get(symbol) ?? otherwise;
    this.#until.set(symbol, until);
    return until;
  }

  take(decision: Decision): void {
    if (!isSettled(decision)) return;
    const { symbol, time } = decision;
    this.#until.set(symbol, Math.max(time, this.#until.get(symbol) ?? time));
  }

  #lastSettled(symbol: string): Decision | undefined {
    let page = this.#decisions.list({ symbol, limit: PAGE });
    let found = page.find(isSettled);
    while (found === undefined && page.length === PAGE) {
      page = this.#decisions.list({ symbol, limit: PAGE, before: page[PAGE - 1]?.time ?? 0 });
      found = page.find(isSettled);
    }
    return found;
  }
}

function isSettled({ action, outcome, reasonCode }: Decision): boolean {
  if (reasonCode === 'late' || reasonCode === 'abandoned') return false;
  return action !== 'SELL' || (outcome !== 'blocked' && reasonCode !== 'order-unknown');
}
