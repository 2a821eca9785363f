import {
  type AccountEvent,
  type AccountSnapshot,
  type AssetAmount,
  absolute,
  add,
  assetAmount,
  type BaseAmount,
  baseAmount,
  type Instrument,
  maximum,
  minimum,
  negate,
  notional,
  type QuoteAmount,
  ratio,
  rounded,
  scale,
  subtract,
  text,
  type UtcMs,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../core/domain/index.ts';
import type { TrueFill } from './true-fill.ts';
import type { TrueOrder } from './true-order.ts';

interface Perpetual {
  readonly quantity: BaseAmount;
  /** Of the open quantity at its average price, signed like it. */
  readonly cost: QuoteAmount;
}

const NOTHING = assetAmount(0);
const FLAT: Perpetual = { quantity: ZERO_BASE, cost: ZERO_QUOTE };
const SHARE_DECIMALS = 20;

/** What the venue's books hold: balances, perpetual positions, and what each was at any earlier moment. */
export class TrueAccount {
  readonly #markets: ReadonlyMap<string, Instrument>;
  readonly #totals: Map<string, AssetAmount>;
  readonly #perpetuals = new Map<string, Perpetual>();
  /** Spot coins that came and went by our orders. */
  readonly #ours = new Map<string, BaseAmount>();
  readonly #snapshots: AccountSnapshot[] = [];

  constructor(
    markets: ReadonlyMap<string, Instrument>,
    opening: ReadonlyMap<string, AssetAmount>,
    at: UtcMs,
  ) {
    this.#markets = markets;
    this.#totals = new Map(opening);
    this.remember(at, []);
  }

  total(asset: string): AssetAmount {
    return this.#totals.get(asset) ?? NOTHING;
  }

  totals(): ReadonlyMap<string, AssetAmount> {
    return this.#totals;
  }

  /** A perpetual's signed position. */
  position(symbol: string): BaseAmount {
    return this.#perpetuals.get(symbol)?.quantity ?? ZERO_BASE;
  }

  positions(): ReadonlyMap<string, BaseAmount> {
    return new Map(
      [...this.#perpetuals]
        .filter(([, { quantity }]) => !quantity.isZero())
        .map(([symbol, { quantity }]) => [symbol, quantity]),
    );
  }

  /** Coins of a spot market that our own orders bought and did not sell, less the fees taken in them. */
  ours(symbol: string): BaseAmount {
    return this.#ours.get(symbol) ?? ZERO_BASE;
  }

  /** What of an asset no working order and no margin holds. */
  free(asset: string, working: readonly TrueOrder[]): AssetAmount {
    const held = working
      .map((order) => this.#heldBy(order, asset))
      .reduce((sum, each) => add(sum, each), NOTHING);
    const margins = [...this.#perpetuals]
      .filter(([symbol]) => this.#market(symbol).quote === asset)
      .reduce((sum, [, { cost }]) => add(sum, assetAmount(text(absolute(cost)))), NOTHING);
    return maximum(NOTHING, subtract(subtract(this.total(asset), held), margins));
  }

  settle({ fill, hand }: TrueFill): void {
    const market = this.#market(fill.symbol);
    if (market.kind === 'spot') this.#swap(fill, market, hand === 'ours');
    else this.#trade(fill, market);
    this.#credit(fill.fee.asset, negate(fill.fee.amount));
  }

  move({ asset, amount }: AccountEvent): void {
    this.#credit(asset, amount);
  }

  /** Keeps what the account is now, for lists that lag. */
  remember(at: UtcMs, working: readonly TrueOrder[]): void {
    const assets = [...this.#totals].map(
      ([asset, total]) => [asset, { total, free: this.free(asset, working) }] as const,
    );
    this.#snapshots.push({ time: at, assets: new Map(assets), positions: this.positions() });
  }

  asOf(at: UtcMs): AccountSnapshot {
    const snapshot = this.#snapshots.findLast(({ time }) => time <= at) ?? this.#snapshots[0];
    if (snapshot === undefined) throw new RangeError('the account has no snapshot yet');
    return { ...snapshot, time: at };
  }

  #swap(fill: TrueFill['fill'], { base, quote }: Instrument, ours: boolean): void {
    const sign = fill.side === 'buy' ? 1 : -1;
    this.#credit(base, assetAmount(scale(fill.amount, sign).toFixed()));
    this.#credit(quote, assetAmount(scale(notional(fill.price, fill.amount), -sign).toFixed()));
    if (!ours) return;
    const fee = fill.fee.asset === base ? baseAmount(text(fill.fee.amount)) : ZERO_BASE;
    this.#ours.set(fill.symbol, subtract(add(this.ours(fill.symbol), scale(fill.amount, sign)), fee));
  }

  #trade({ symbol, side, price, amount }: TrueFill['fill'], { quote }: Instrument): void {
    const { quantity, cost } = this.#perpetuals.get(symbol) ?? FLAT;
    const change = scale(amount, side === 'buy' ? 1 : -1);
    const closing = quantity.times(change).lt(0) ? minimum(absolute(quantity), amount) : ZERO_BASE;
    const share = closing.eq(absolute(quantity))
      ? cost
      : rounded(scale(cost, ratio(closing, absolute(quantity))), SHARE_DECIMALS);
    const received = scale(notional(price, closing), quantity.isNegative() ? -1 : 1);
    const opened = scale(subtract(amount, closing), side === 'buy' ? 1 : -1);
    this.#perpetuals.set(symbol, {
      quantity: add(quantity, change),
      cost: add(subtract(cost, share), notional(price, opened)),
    });
    this.#credit(quote, assetAmount(text(subtract(received, share))));
  }

  #heldBy({ terms: { symbol, side, limitPrice }, remaining }: TrueOrder, asset: string): AssetAmount {
    const { kind, base, quote } = this.#market(symbol);
    if (kind !== 'spot') return NOTHING;
    if (side === 'sell') return asset === base ? assetAmount(text(remaining)) : NOTHING;
    return asset === quote && limitPrice !== null
      ? assetAmount(text(notional(limitPrice, remaining)))
      : NOTHING;
  }

  #market(symbol: string): Instrument {
    const market = this.#markets.get(symbol);
    if (market === undefined) throw new RangeError(`${symbol} is not listed`);
    return market;
  }

  #credit(asset: string, amount: AssetAmount): void {
    this.#totals.set(asset, add(this.total(asset), amount));
  }
}
