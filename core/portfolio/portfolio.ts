import type { FillPurpose } from '../contract/index.ts';
import {
  type AccountEvent,
  type AssetAmount,
  absolute,
  add,
  addEntryCosts,
  assetAmount,
  type BaseAmount,
  type EntryCost,
  type EquityRecord,
  type Fill,
  flatPosition,
  float,
  type Instrument,
  isOfOtherHands,
  isTransfer,
  type LedgerAccountEvent,
  MoneyError,
  NO_ENTRY_COST,
  type Position,
  type QuoteAmount,
  quoteAmount,
  type RoundTrip,
  rounded,
  subtract,
  sum,
  symbolTouchedBy,
  type TradeId,
  text,
  type UtcMs,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { AccountBook, type BookedSoFar, credit } from './account-book.ts';
import { type EquityCurve, restoredCurve, writeMarks } from './equity-curve.ts';
import { type FoldedHolding, Holding, sameFold, termsOf } from './holding.ts';
import { type FeeOfTrade, LateFees } from './late-fees.ts';
import { type CountedTrades, TradeTally } from './trade-tally.ts';

export interface PortfolioOptions {
  /** The account's currency. Amounts in another are never added to it. */
  readonly quote: string;
  /** What the venue says of a symbol, asked when the symbol first appears; undefined when it is not listed. */
  readonly instruments: (symbol: string) => Instrument | undefined;
  /** What happened so far, as the stores tell it. */
  readonly history: PortfolioHistory;
}

export interface PortfolioHistory {
  readonly fills: Iterable<Fill>;
  /** One that does not say after which fill it came is taken for the first of all. */
  readonly accountEvents: Iterable<AccountEvent & Partial<Pick<LedgerAccountEvent, 'afterFills'>>>;
  /** Ascending. */
  readonly equity: Iterable<EquityRecord>;
  /** What came before those fills and events; null or missing: nothing did. See `fitsFolded`. */
  readonly before?: FoldedBefore | null;
}

/** What a portfolio had made of the first fills and events of its ledger. Plain values, to be kept and gone on from. */
export interface FoldedPortfolio {
  /** How many of each. */
  readonly fills: number;
  readonly accountEvents: number;
  readonly quote: string;
  readonly holdings: readonly FoldedHolding[];
  readonly book: BookedSoFar;
  readonly trades: CountedTrades;
  /** The newest, oldest first. */
  readonly roundTrips: readonly RoundTrip[];
  readonly turnover: QuoteAmount;
  readonly entryCost: EntryCost;
  readonly waitingFees: readonly FeeOfTrade[];
}

export interface FoldedBefore {
  readonly folded: FoldedPortfolio;
  /** What the newest of those fills of a trade was for; undefined: none of them is of it. */
  readonly purposeOf: (symbol: string, trade: TradeId) => FillPurpose | undefined;
}

/** Whether fills that were folded for an account come to the same for this one, by what the venue says of its markets now. */
export function fitsFolded(
  { quote, holdings }: FoldedPortfolio,
  account: Pick<PortfolioOptions, 'quote' | 'instruments'>,
): boolean {
  const isSame = ({ symbol, terms }: FoldedHolding): boolean =>
    sameFold(terms, termsOf(symbol, account.instruments(symbol)));
  return quote === account.quote && holdings.every(isSame);
}

/** Round trips that are gone on from: the lists on screen begin with them. */
const KEPT_ROUND_TRIPS = 1_000;
/** Decimals of the equity in its records. */
const EQUITY_DECIMALS = 8;

/**
 * Cash, positions and P&L as a fold over fills and account events, marked to market. Cash is what buying and selling
 * left of the capital, for spot and perpetuals alike. Whatever else comes or goes in an asset that is not traded here
 * counts as if its worth had been paid in cash. Marking is float arithmetic and cheap; every amount that is asked for
 * is computed exactly.
 *
 * Fills of other hands belong to a derivative's one position, whoever trades in it; on spot they moved coins that are
 * not ours. Symbols of another quote currency, and contracts that are not settled in their quote currency, have a
 * position and no worth: see `foreignQuotes`.
 */
export class Portfolio {
  readonly quote: string;
  readonly curve: EquityCurve;
  /** Of the finished round trips. */
  readonly tally: TradeTally;
  readonly #instruments: (symbol: string) => Instrument | undefined;
  readonly #bySymbol = new Map<string, Holding>();
  /** Those that count in the account's currency. */
  readonly #holdings: Holding[] = [];
  readonly #foreign: Holding[] = [];
  readonly #roundTrips: RoundTrip[];
  #turnover: QuoteAmount;
  /** Of the round trips. */
  #entryCost: EntryCost;
  readonly #book: AccountBook;
  readonly #lateFees: LateFees;
  #fills: number;
  #accountEvents: number;
  /** Float copy of the cash; null until somebody asks. */
  #cashFloat: number | null = null;
  #marked = false;

  constructor({ quote, instruments, history }: PortfolioOptions) {
    this.quote = quote;
    this.#instruments = instruments;
    const before = history.before ?? null;
    const folded = before?.folded;
    this.tally = new TradeTally(folded?.trades);
    this.#roundTrips = [...(folded?.roundTrips ?? [])];
    this.#turnover = folded?.turnover ?? ZERO_QUOTE;
    this.#entryCost = folded?.entryCost ?? NO_ENTRY_COST;
    this.#book = new AccountBook(folded?.book);
    this.#fills = folded?.fills ?? 0;
    this.#accountEvents = folded?.accountEvents ?? 0;
    for (const each of folded?.holdings ?? []) this.#hold(each.symbol, each);
    this.#lateFees = new LateFees((symbol, trade) => {
      const purpose = before?.purposeOf(symbol, trade);
      if (purpose === undefined) return undefined;
      return !isOfOtherHands({ purpose }, this.#holdingOf(symbol).terms.isSpot);
    }, folded?.waitingFees ?? []);
    this.#foldHistory(history);
    this.curve = restoredCurve(history.equity, this.#book);
  }

  /** What the history has come to; to be asked before anything else is told. */
  folded(): FoldedPortfolio {
    return {
      fills: this.#fills,
      accountEvents: this.#accountEvents,
      quote: this.quote,
      holdings: [...this.#bySymbol.values()].map((holding) => holding.folded()),
      book: this.#book.soFar(),
      trades: this.tally.counted(),
      roundTrips: this.#roundTrips.slice(-KEPT_ROUND_TRIPS),
      turnover: this.#turnover,
      entryCost: this.#entryCost,
      waitingFees: this.#lateFees.waiting,
    };
  }

  /**
   * Counts a fill; answers the round trip that it ended. Its price marks the symbol unless a newer price does.
   */
  apply(fill: Fill): RoundTrip | undefined {
    const holding = this.#holdingOf(fill.symbol);
    if (this.#leavesOut(fill, holding)) return undefined;
    this.curve.passTime(fill.time);
    const closed = this.#fold(holding, fill);
    holding.mark(float(fill.price), fill.time);
    this.#observe();
    return closed;
  }

  /**
   * Counts money that moved by another way than a fill; a fee of a trade once the trade itself is counted. What is told
   * here is ours: of an account shared with others only what concerns our orders.
   */
  applyAccountEvent(event: AccountEvent): void {
    this.curve.passTime(event.time);
    this.#count(event);
    if (isTransfer(event)) this.curve.transfer(float(event.quoteValue));
    this.#observe();
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
    const holding = this.#holdingOf(symbol);
    if (holding.mark(markPrice, time) && !holding.isFlat) this.#observe();
  }

  /**
   * False after a restart until every open position has had a price of its own: before that the equity is a guess,
   * which must trip no breaker and enter no curve. What is no longer listed has no price to wait for.
   */
  get marked(): boolean {
    this.#marked ||= this.#holdings.every(({ isMarked }) => isMarked);
    return this.#marked;
  }

  /** Whether nothing at all is held, of no symbol. */
  get isFlat(): boolean {
    return this.#holdings.every(({ isFlat }) => isFlat) && this.#foreign.every(({ isFlat }) => isFlat);
  }

  /** What profit is measured from: what was paid in less what was paid out. */
  get capital(): QuoteAmount {
    return this.#book.capital;
  }

  /** What was ever paid in. */
  get paidIn(): QuoteAmount {
    return this.#book.paidIn;
  }

  get cash(): QuoteAmount {
    return this.#book.cash;
  }

  /** Cash plus the worth of everything held, exactly: capital + realised + unrealised - fees + funding + adjustments. */
  equity(): QuoteAmount {
    return add(
      this.#book.cash,
      this.#sum(({ worth }) => worth),
    );
  }

  /** The equity as float64, for curves and the circuit breaker. */
  equityFloat(): number {
    this.#cashFloat ??= float(this.#book.cash);
    let equity = this.#cashFloat;
    for (const { worthFloat } of this.#holdings) equity += worthFloat;
    return equity;
  }

  /** Of all round trips and partial exits so far, before fees. */
  get realisedPnl(): QuoteAmount {
    return this.#sum(({ realisedPnl }) => realisedPnl);
  }

  /** Of what is held, before fees. */
  get unrealisedPnl(): QuoteAmount {
    return this.#sum(({ unrealisedPnl }) => unrealisedPnl);
  }

  /** What getting into round trips and open positions has cost, as far as something was expected of that. */
  get entryCost(): EntryCost {
    return this.positions().reduce(withEntryCost, this.#entryCost);
  }

  get fees(): QuoteAmount {
    return add(
      this.#book.fees,
      this.#sum(({ fees }) => fees),
    );
  }

  /** Funding and interest, received less paid. */
  get funding(): QuoteAmount {
    return this.#book.funding;
  }

  /** Of conversions and of what others changed, received less paid. */
  get adjustments(): QuoteAmount {
    return this.#book.adjustments;
  }

  /** Change of the equity since the UTC day began, at the prices known then, but for what was paid in or out. */
  get dailyPnl(): QuoteAmount {
    return this.#gainSince(this.curve.dayStart);
  }

  /** The same since the UTC week began. */
  get weeklyPnl(): QuoteAmount {
    return this.#gainSince(this.curve.weekStart);
  }

  /** Worth of everything that was bought and sold. */
  get turnover(): QuoteAmount {
    return this.#turnover;
  }

  /** The position in a symbol, flat when there never was one. */
  position(symbol: string): Position {
    return this.#bySymbol.get(symbol)?.position ?? flatPosition(symbol);
  }

  /** Open positions. A remainder below the venue's lot is not one, though it still counts in the equity. */
  positions(): readonly Position[] {
    return [...this.#bySymbol.values()].filter(({ isOpen }) => isOpen).map(({ position }) => position);
  }

  /** Everything that is ours to close, by symbol, signed: open positions and remainders too small to trade. */
  owned(): ReadonlyMap<string, BaseAmount> {
    const held = [...this.#bySymbol].filter(([, { isFlat }]) => !isFlat);
    return new Map(held.map(([symbol, { position }]) => [symbol, position.quantity]));
  }

  /**
   * What the venue should hold of ours by asset, exactly. A derivative moves its settlement asset by realised P&L and
   * funding alone; one that is not settled in its quote currency is left out, its fees are not.
   */
  assets(): ReadonlyMap<string, AssetAmount> {
    const assets = this.#book.assets();
    for (const { terms, position, settled } of this.#bySymbol.values()) {
      if (terms.isSpot) credit(assets, terms.base, assetAmount(text(position.quantity)));
      if (terms.settle === terms.quote) credit(assets, terms.settle, assetAmount(text(settled)));
    }
    return assets;
  }

  /** Symbols that were traded here and are in no sum: amounts of two currencies cannot be added up. */
  get foreignQuotes(): readonly string[] {
    return this.#foreign.filter(({ position }) => position.lastTradeId !== null).map(({ symbol }) => symbol);
  }

  /** What a symbol was last valued at; undefined before its first price or fill. */
  markPrice(symbol: string): number | undefined {
    return this.#bySymbol.get(symbol)?.markPrice;
  }

  /** Worth of all open positions regardless of sign. */
  exposure(): QuoteAmount {
    return sum(ZERO_QUOTE, this.exposures().values());
  }

  /** Worth of each open position regardless of sign, by symbol. Open orders are not in it. */
  exposures(): ReadonlyMap<string, QuoteAmount> {
    const open = this.#holdings.filter(({ isOpen }) => isOpen);
    return new Map(open.map(({ symbol, worth }) => [symbol, absolute(worth)]));
  }

  /** Finished round trips, oldest first; of those that were folded before the newest 1,000. */
  get roundTrips(): readonly RoundTrip[] {
    return this.#roundTrips;
  }

  /** Adds a point to the equity curve, once the equity is known (see `marked`). */
  sampleEquity(time: UtcMs): void {
    if (this.marked) this.curve.sample(time, this.equityFloat());
  }

  /** The equity as the curve's next point, to be stored. */
  equityRecord(time: UtcMs): EquityRecord {
    this.curve.passTime(time);
    return {
      time,
      equity: this.equity().toFixed(EQUITY_DECIMALS),
      capital: text(this.#book.capital),
      marks: writeMarks(this.curve.marks),
      exposure: this.exposure().toFixed(EQUITY_DECIMALS),
    };
  }

  #foldHistory({ fills, accountEvents }: PortfolioHistory): void {
    const events = accountEvents[Symbol.iterator]();
    let next = events.next();
    const bookUpTo = (fillsBefore: number): void => {
      for (; next.done !== true && (next.value.afterFills ?? 0) <= fillsBefore; next = events.next()) {
        this.#count(next.value);
        this.#accountEvents += 1;
      }
    };
    for (const fill of fills) {
      bookUpTo(this.#fills);
      const holding = this.#holdingOf(fill.symbol);
      if (!this.#leavesOut(fill, holding)) this.#fold(holding, fill);
      this.#fills += 1;
    }
    bookUpTo(Number.POSITIVE_INFINITY);
  }

  #fold(holding: Holding, fill: Fill): RoundTrip | undefined {
    const { closed, flow } = holding.fold(fill);
    const { isCounted } = holding;
    if (isCounted) {
      this.#book.pay(flow);
      this.#turnover = add(this.#turnover, absolute(flow));
    }
    // A fee in coins is not paid in cash.
    if (fill.fee !== null && fill.fee.asset !== holding.asset) this.#book.payFee(fill.fee, isCounted);
    this.#cashFloat = null;
    if (isCounted && closed !== undefined) {
      this.#roundTrips.push(closed);
      this.tally.add(closed);
      this.#entryCost = withEntryCost(this.#entryCost, closed);
    }
    for (const fee of this.#lateFees.settle(fill, true)) this.#enter(fee);
    return closed;
  }

  /** Whether a fill moved the trader's own coins, which are no business of ours. */
  #leavesOut(fill: Fill, { terms }: Holding): boolean {
    if (!isOfOtherHands(fill, terms.isSpot)) return false;
    this.#lateFees.settle(fill, false);
    return true;
  }

  #count(event: AccountEvent): void {
    if (this.#lateFees.admits(event)) this.#enter(event);
  }

  #enter(event: AccountEvent): void {
    const held = symbolTouchedBy(event, this.quote);
    const holding = held === null ? undefined : this.#bySymbol.get(held);
    this.#book.book(event, holding);
    this.#cashFloat = null;
  }

  #observe(): void {
    if (this.marked) this.curve.observe(this.equityFloat());
  }

  #holdingOf(symbol: string): Holding {
    const known = this.#bySymbol.get(symbol);
    return known ?? this.#hold(symbol, null);
  }

  #hold(symbol: string, folded: FoldedHolding | null): Holding {
    const terms = termsOf(symbol, this.#instruments(symbol));
    const holding = new Holding(symbol, terms, this.quote, folded);
    this.#bySymbol.set(symbol, holding);
    (holding.isCounted ? this.#holdings : this.#foreign).push(holding);
    return holding;
  }

  #gainSince(equity: number): QuoteAmount {
    return subtract(this.equity(), rounded(quoteAmount(equity), EQUITY_DECIMALS));
  }

  #sum(amount: (holding: Holding) => QuoteAmount): QuoteAmount {
    return sum(ZERO_QUOTE, this.#holdings.map(amount));
  }
}

function withEntryCost(sum: EntryCost, { entryCost }: Pick<RoundTrip, 'entryCost'>): EntryCost {
  return entryCost === undefined ? sum : addEntryCosts(sum, entryCost);
}
