import {
  type AssetAmount,
  absolute,
  add,
  asQuote,
  assetAmount,
  type BaseAmount,
  flatPosition,
  foldFill,
  type Instrument,
  negate,
  type Position,
  type QuoteAmount,
  quoteAmount,
  type SimulatedVenueState,
  subtract,
  sum,
  text,
  type VenueFill,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../domain/index.ts';

const NOTHING = assetAmount(0);

/**
 * The simulated venue's books: balances by asset and a position by symbol. A spot fill swaps cash for coins. A
 * perpetual's fill moves only its fee and realised P&L; its cost stays in the account as margin (no leverage).
 */
export class VenueAccount {
  readonly #balances: Map<string, AssetAmount>;
  readonly #positions = new Map<string, Position>();
  readonly #perpetuals: readonly Instrument[];

  /** @param stored what an earlier process left; when it has no balances, the account opens with `capital`. */
  constructor(
    instruments: ReadonlyMap<string, Instrument>,
    capital: { readonly asset: string; readonly amount: QuoteAmount },
    stored: Pick<SimulatedVenueState, 'balances' | 'fills'>,
  ) {
    const opening = new Map([[capital.asset, assetAmount(text(capital.amount))]]);
    this.#balances = stored.balances.size > 0 ? new Map(stored.balances) : opening;
    this.#perpetuals = [...instruments.values()].filter(({ kind }) => kind === 'perpetual');
    for (const fill of stored.fills) {
      const instrument = instruments.get(fill.symbol);
      if (instrument !== undefined) this.#fold(fill, instrument);
    }
  }

  position(symbol: string): Position {
    return this.#positions.get(symbol) ?? flatPosition(symbol);
  }

  /** How much of the position an order of this side would close. */
  closable(symbol: string, side: 'buy' | 'sell'): BaseAmount {
    const { quantity } = this.position(symbol);
    const opposite = side === 'sell' ? quantity.gt(0) : quantity.lt(0);
    return opposite ? absolute(quantity) : ZERO_BASE;
  }

  /** Cash that is neither spent nor margin of an open perpetual. */
  freeCash(settle: string): QuoteAmount {
    const margins = this.#perpetuals
      .filter((instrument) => instrument.settle === settle)
      .map(({ symbol }) => absolute(this.position(symbol).cost));
    return subtract(asQuote(this.#balance(settle)), sum(ZERO_QUOTE, margins));
  }

  settle(fill: VenueFill, instrument: Instrument): void {
    const value = quoteAmount(text(fill.price)).times(fill.amount).toFixed();
    const gain = this.#fold(fill, instrument);
    if (instrument.kind === 'spot') {
      const cash = assetAmount(value);
      const coins = assetAmount(text(fill.amount));
      this.#credit(instrument.quote, fill.side === 'buy' ? negate(cash) : cash);
      this.#credit(instrument.base, fill.side === 'buy' ? coins : negate(coins));
    } else {
      this.#credit(instrument.settle, assetAmount(text(gain)));
    }
    this.#credit(fill.fee.asset, negate(fill.fee.amount));
  }

  balances(): ReadonlyMap<string, AssetAmount> {
    return new Map(this.#balances);
  }

  /** Signed quantity by symbol, flat symbols left out. */
  quantities(): ReadonlyMap<string, BaseAmount> {
    const open = [...this.#positions.values()].filter(({ quantity }) => !quantity.isZero());
    return new Map(open.map(({ symbol, quantity }) => [symbol, quantity]));
  }

  /** @returns the P&L that the fill realised, before fees. */
  #fold(fill: VenueFill, { base }: Instrument): QuoteAmount {
    const before = this.position(fill.symbol);
    // What an order was for is not the venue's business; the fold needs some purpose and does not use it here.
    const { position, closed } = foldFill(before, { ...fill, purpose: 'entry' }, base);
    this.#positions.set(fill.symbol, position);
    return subtract(closed?.grossPnl ?? position.realisedPnl, before.realisedPnl);
  }

  #balance(asset: string): AssetAmount {
    return this.#balances.get(asset) ?? NOTHING;
  }

  #credit(asset: string, amount: AssetAmount): void {
    this.#balances.set(asset, add(this.#balance(asset), amount));
  }
}
