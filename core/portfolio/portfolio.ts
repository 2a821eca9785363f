import {
  absolute,
  add,
  type Fill,
  flatPosition,
  float,
  foldFill,
  type Instrument,
  isOpen,
  MoneyError,
  negate,
  notional,
  type Position,
  price,
  type QuoteAmount,
  quoteAmount,
  type RoundTrip,
  rounded,
  subtract,
  sum,
  type UtcMs,
  unrealisedPnl,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { EquityCurve } from './equity-curve.ts';

export interface PortfolioOptions {
  /** Cash at the start, in quote currency. */
  readonly capital: QuoteAmount;
  readonly instruments: (symbol: string) => Instrument;
  /** What happened before a restart: every fill of the ledger, and the equity curve as it was stored. */
  readonly history?: {
    readonly fills: Iterable<Fill>;
    readonly equity: readonly { readonly time: UtcMs; readonly equity: string }[];
  };
}

/** The time of a price that is not there yet. */
const NEVER = Number.NEGATIVE_INFINITY;

/** What is known of one symbol: the exact position, and float copies of it for marking on every tick. */
interface Holding {
  readonly instrument: Instrument;
  position: Position;
  /** Gross P&L and fees of the round trips that ended. */
  closedPnl: QuoteAmount;
  closedFees: QuoteAmount;
  quantity: number;
  markPrice: number;
  markTime: UtcMs;
}

/**
 * Cash, positions and P&L as a fold over fills, marked to market. Cash is what buying and selling left of the
 * capital, for spot and perpetuals alike; a fee taken in a third asset counts as if its worth had been paid in
 * cash, because that asset is not part of the capital. Marking is float arithmetic and cheap; every amount that
 * is asked for is computed exactly.
 */
export class Portfolio {
  readonly capital: QuoteAmount;
  readonly curve: EquityCurve;
  readonly #instruments: (symbol: string) => Instrument;
  readonly #bySymbol = new Map<string, Holding>();
  readonly #holdings: Holding[] = [];
  readonly #roundTrips: RoundTrip[] = [];
  #cash: QuoteAmount;
  #cashFloat: number;
  #marked = false;

  constructor({ capital, instruments, history }: PortfolioOptions) {
    this.capital = capital;
    this.#instruments = instruments;
    this.#cash = capital;
    this.#cashFloat = float(capital);
    this.curve = new EquityCurve(this.#cashFloat);
    for (const fill of history?.fills ?? []) this.#fold(fill);
    for (const { time, equity } of history?.equity ?? []) this.curve.sample(time, Number(equity));
  }

  /** Counts a fill; answers the round trip that it ended. Its price marks the symbol unless a newer price does. */
  apply(fill: Fill): RoundTrip | undefined {
    this.curve.passTime(fill.time);
    const closed = this.#fold(fill);
    const holding = this.#holdingOf(fill.symbol);
    if (fill.time >= holding.markTime) {
      holding.markPrice = float(fill.price);
      holding.markTime = fill.time;
    }
    this.#observe();
    return closed;
  }

  #fold(fill: Fill): RoundTrip | undefined {
    const holding = this.#holdingOf(fill.symbol);
    const { base, lotSize } = holding.instrument;
    const { position, closed } = foldFill(holding.position, fill, base, lotSize);
    holding.position = position;
    holding.quantity = float(position.quantity);
    // Until the market tells, what was last paid is the best that is known.
    if (holding.markTime === NEVER) holding.markPrice = float(fill.price);
    this.#cash = add(this.#cash, cashFlow(fill, base));
    this.#cashFloat = float(this.#cash);
    if (closed !== undefined) {
      holding.closedPnl = add(holding.closedPnl, closed.grossPnl);
      holding.closedFees = add(holding.closedFees, closed.fees);
      this.#roundTrips.push(closed);
    }
    return closed;
  }

  /**
   * Values a symbol at a price from now on. An older price than the one known changes nothing.
   * @throws MoneyError when the price is not a finite number above 0.
   */
  mark(symbol: string, markPrice: number, time: UtcMs): void {
    if (!(markPrice > 0 && markPrice < Number.POSITIVE_INFINITY)) {
      throw new MoneyError(`${symbol} cannot be valued at ${markPrice}, a price must be finite and above 0`);
    }
    this.curve.passTime(time);
    const holding = this.#bySymbol.get(symbol) ?? this.#holdingOf(symbol);
    if (time < holding.markTime) return;
    holding.markPrice = markPrice;
    holding.markTime = time;
    if (holding.quantity !== 0) this.#observe();
  }

  /**
   * False after a restart until every open position has had a price of its own: before that the equity is a
   * guess, which must trip no breaker and enter no curve.
   */
  get marked(): boolean {
    this.#marked ||= this.#holdings.every(({ quantity, markTime }) => quantity === 0 || markTime !== NEVER);
    return this.#marked;
  }

  #observe(): void {
    if (this.marked) this.curve.observe(this.equityFloat());
  }

  /** The position in a symbol, flat when there never was one. */
  position(symbol: string): Position {
    return this.#bySymbol.get(symbol)?.position ?? flatPosition(symbol);
  }

  /** Open positions. A remainder below the venue's lot is not one, though it still counts in the equity. */
  positions(): readonly Position[] {
    return this.#open().map(({ position }) => position);
  }

  /** What a symbol was last valued at; undefined before its first price or fill. */
  markPrice(symbol: string): number | undefined {
    return this.#bySymbol.get(symbol)?.markPrice;
  }

  get cash(): QuoteAmount {
    return this.#cash;
  }

  /** Cash plus the worth of everything held, exactly. */
  equity(): QuoteAmount {
    return add(this.#cash, this.#sum(worth));
  }

  /** The equity as float64, for curves and the circuit breaker. */
  equityFloat(): number {
    let equity = this.#cashFloat;
    for (const holding of this.#holdings) {
      if (holding.quantity !== 0) equity += holding.quantity * holding.markPrice;
    }
    return equity;
  }

  /** Worth of all open positions regardless of sign. */
  exposure(): QuoteAmount {
    return sum(ZERO_QUOTE, this.exposures().values());
  }

  /** Worth of each open position regardless of sign, by symbol. Open orders are not in it. */
  exposures(): ReadonlyMap<string, QuoteAmount> {
    return new Map(this.#open().map((holding) => [holding.position.symbol, absolute(worth(holding))]));
  }

  /** Of all round trips and partial exits so far, before fees. */
  get realisedPnl(): QuoteAmount {
    return this.#sum((holding) => add(holding.closedPnl, holding.position.realisedPnl));
  }

  /** Of what is held, before fees. */
  get unrealisedPnl(): QuoteAmount {
    return this.#sum(({ position, markPrice }) => unrealisedPnl(position, price(markPrice)));
  }

  get fees(): QuoteAmount {
    return this.#sum((holding) => add(holding.closedFees, holding.position.fees));
  }

  /** Change of the equity since the UTC day began, at the prices known then. */
  get dailyPnl(): QuoteAmount {
    return subtract(this.equity(), rounded(quoteAmount(this.curve.dayStart), 8));
  }

  /** Finished round trips, oldest first. */
  get roundTrips(): readonly RoundTrip[] {
    return this.#roundTrips;
  }

  /** Adds a point to the equity curve, once the equity is known (see `marked`). */
  sampleEquity(time: UtcMs): void {
    if (this.marked) this.curve.sample(time, this.equityFloat());
  }

  #holdingOf(symbol: string): Holding {
    const known = this.#bySymbol.get(symbol);
    if (known !== undefined) return known;
    const holding: Holding = {
      instrument: this.#instruments(symbol),
      position: flatPosition(symbol),
      closedPnl: ZERO_QUOTE,
      closedFees: ZERO_QUOTE,
      quantity: 0,
      markPrice: 0,
      markTime: NEVER,
    };
    this.#bySymbol.set(symbol, holding);
    this.#holdings.push(holding);
    return holding;
  }

  #open(): readonly Holding[] {
    return this.#holdings.filter(({ position, instrument }) => isOpen(position, instrument.lotSize));
  }

  #sum(amount: (holding: Holding) => QuoteAmount): QuoteAmount {
    return sum(ZERO_QUOTE, this.#holdings.map(amount));
  }
}

function worth({ position, markPrice }: Holding): QuoteAmount {
  return notional(price(markPrice), position.quantity);
}

/** What a fill did to the cash. A fee in coins is not paid in cash, any other counts as if it were. */
function cashFlow(fill: Fill, base: string): QuoteAmount {
  const value = notional(fill.price, fill.amount);
  const paid = fill.side === 'buy' ? negate(value) : value;
  return fill.fee.asset === base ? paid : subtract(paid, fill.fee.quoteValue);
}
