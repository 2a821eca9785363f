import { add, negate, type QuoteAmount, type RoundTrip, subtract, ZERO_QUOTE } from '../domain/index.ts';

/** What trades had come to. */
export type CountedTrades = Pick<TradeTally, 'trades' | 'wins' | 'made' | 'lost'>;

/** Round trips counted up, exactly, as each one ends: what figures of trades are made of. */
export class TradeTally {
  #trades = 0;
  #wins = 0;
  #made = ZERO_QUOTE;
  #lost = ZERO_QUOTE;

  /** @param counted what an earlier process had counted up. */
  constructor(counted: CountedTrades | null = null) {
    if (counted === null) return;
    this.#trades = counted.trades;
    this.#wins = counted.wins;
    this.#made = counted.made;
    this.#lost = counted.lost;
  }

  /** A round trip that made nothing after fees is no win. */
  add({ netPnl }: Pick<RoundTrip, 'netPnl'>): void {
    this.#trades += 1;
    if (netPnl.gt(0)) {
      this.#wins += 1;
      this.#made = add(this.#made, netPnl);
    } else {
      this.#lost = add(this.#lost, negate(netPnl));
    }
  }

  get trades(): number {
    return this.#trades;
  }

  get wins(): number {
    return this.#wins;
  }

  /** What the winners made after fees. */
  get made(): QuoteAmount {
    return this.#made;
  }

  /** What the others lost after fees, 0 or above. */
  get lost(): QuoteAmount {
    return this.#lost;
  }

  /** To go on from. */
  counted(): CountedTrades {
    const { trades, wins, made, lost } = this;
    return { trades, wins, made, lost };
  }

  get net(): QuoteAmount {
    return subtract(this.#made, this.#lost);
  }
}
