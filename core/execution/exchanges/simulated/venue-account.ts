import {
  type AssetAmount,
  absolute,
  add,
  asAsset,
  asBase,
  assetAmount,
  type BaseAmount,
  type Fee,
  flatPosition,
  foldFill,
  type Instrument,
  negate,
  notional,
  type Position,
  parseSymbol,
  type QuoteAmount,
  type SimulatedVenueStore,
  subtract,
  type VenueBeginning,
  type VenueFill,
  ZERO_BASE,
} from '../../../domain/index.ts';

type DerivativeTerms = Pick<Instrument, 'base' | 'settle'>;

const NOTHING = assetAmount(0);
/** Fills that are in memory together when a position is made of them anew. */
const AT_A_TIME = 1_000;

/**
 * The simulated venue's books: balances by asset, and a position for each perpetual. A spot fill swaps cash for
 * coins, which are an asset like any other. A perpetual's fill moves only its fee and realised P&L; its cost stays in
 * the account as margin (no leverage).
 */
export class VenueAccount {
  readonly #balances: Map<string, AssetAmount>;
  readonly #positions = new Map<string, { readonly terms: DerivativeTerms; readonly position: Position }>();

  /**
   * @param stored what an earlier process left; when it has no balances, the account opens with `capital`.
   * @param store is asked for the fills of perpetuals whose position it does not know.
   */
  constructor(
    instruments: ReadonlyMap<string, Instrument>,
    capital: { readonly asset: string; readonly amount: QuoteAmount },
    stored: Pick<VenueBeginning, 'balances' | 'positions' | 'fillCounts'>,
    store: Pick<SimulatedVenueStore, 'fills'>,
  ) {
    const opening = new Map([[capital.asset, asAsset(capital.amount)]]);
    this.#balances = stored.balances.size > 0 ? new Map(stored.balances) : opening;
    for (const [symbol, count] of stored.fillCounts) {
      // A position outlives the listing of its market.
      const terms = instruments.get(symbol) ?? parseSymbol(symbol);
      if (terms?.kind !== 'perpetual') continue;
      const position = stored.positions.get(symbol);
      if (position !== undefined) this.#positions.set(symbol, { terms, position });
      else this.#foldAll(symbol, terms, count, store);
    }
  }

  balance(asset: string): AssetAmount {
    return this.#balances.get(asset) ?? NOTHING;
  }

  balances(): ReadonlyMap<string, AssetAmount> {
    return new Map(this.#balances);
  }

  /** What is held of a market: the coins, or the signed position. */
  held({ kind, base, symbol }: Instrument): BaseAmount {
    return kind === 'spot' ? asBase(this.balance(base)) : this.#position(symbol).quantity;
  }

  /** How much of what is held an order of this side would close. */
  closable(instrument: Instrument, side: 'buy' | 'sell'): BaseAmount {
    const held = this.held(instrument);
    const opposite = side === 'sell' ? held.gt(0) : held.lt(0);
    return opposite ? absolute(held) : ZERO_BASE;
  }

  /** What open perpetuals hold back of an asset. */
  margin(asset: string): AssetAmount {
    let margin = NOTHING;
    for (const { terms, position } of this.#positions.values()) {
      if (terms.settle === asset) margin = add(margin, asAsset(absolute(position.cost)));
    }
    return margin;
  }

  /** Signed quantity of the open perpetuals by symbol. */
  positions(): ReadonlyMap<string, BaseAmount> {
    const all = [...this.#positions].map(([symbol, { position }]) => [symbol, position.quantity] as const);
    return new Map(all.filter(([, quantity]) => !quantity.isZero()));
  }

  /** What the fills of a market came to, to be remembered; empty for coins. */
  position(symbol: string): ReadonlyMap<string, Position> {
    const own = this.#positions.get(symbol);
    return new Map(own === undefined ? [] : [[symbol, own.position]]);
  }

  /** The same of all markets. */
  everyPosition(): ReadonlyMap<string, Position> {
    return new Map([...this.#positions].map(([symbol, { position }]) => [symbol, position]));
  }

  settle(fill: VenueFill & { readonly fee: Fee }, instrument: Instrument): void {
    if (instrument.kind === 'spot') {
      const cash = asAsset(notional(fill.price, fill.amount));
      const coins = asAsset(fill.amount);
      this.credit(instrument.settle, fill.side === 'buy' ? negate(cash) : cash);
      this.credit(instrument.base, fill.side === 'buy' ? coins : negate(coins));
    } else {
      this.credit(instrument.settle, asAsset(this.#fold(fill, instrument)));
    }
    this.credit(fill.fee.asset, negate(fill.fee.amount));
  }

  credit(asset: string, amount: AssetAmount): void {
    this.#balances.set(asset, add(this.balance(asset), amount));
  }

  #position(symbol: string): Position {
    return this.#positions.get(symbol)?.position ?? flatPosition(symbol);
  }

  #foldAll(
    symbol: string,
    terms: DerivativeTerms,
    count: number,
    store: Pick<SimulatedVenueStore, 'fills'>,
  ): void {
    for (let from = 0; from < count; from += AT_A_TIME) {
      for (const fill of store.fills(symbol, from, AT_A_TIME)) this.#fold(fill, terms);
    }
  }

  /** @returns the P&L that the fill realised, before fees. */
  #fold(fill: VenueFill, terms: DerivativeTerms): QuoteAmount {
    const before = this.#position(fill.symbol);
    // What an order was for is not the venue's business; the fold needs some purpose and does not use it here.
    const { position, closed } = foldFill(before, { ...fill, purpose: 'entry' }, terms.base);
    this.#positions.set(fill.symbol, { terms, position });
    return subtract(closed?.grossPnl ?? position.realisedPnl, before.realisedPnl);
  }
}
