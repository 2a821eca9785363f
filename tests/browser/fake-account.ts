import type {
  DailyExposure,
  EntryCostView,
  ExcursionDimension,
  ExcursionTable,
  ExcursionView,
  FillView,
  MetricsView,
  OrderPurpose,
  OrderView,
  PerformanceDays,
  PortfolioView,
  PositionView,
  Side,
  TagCount,
  TradeDimension,
  TradeFilter,
  TradeNotes,
  TradeNotesChange,
  TradeRecord,
  TradeTotals,
  TradeView,
} from '../../core/contract/index.ts';
import type { TopicHub } from '../../core/engine/service/topic-hub.ts';

export interface FakePosition {
  readonly symbol: string;
  readonly quantity: number;
  readonly entry: number;
  readonly openedAt: number;
  readonly stop: number;
  readonly stopOrder: OrderView;
}

const FEE_RATE = 0.001;
const DAY_MS = 86_400_000;

/** A made-up account: buys, sells and keeps books in floats, which is good enough to look at. */
export class FakeAccount {
  readonly positions = new Map<string, FakePosition>();
  readonly orders = new Map<string, OrderView>();
  readonly trades: TradeView[] = [];
  /** How a symbol's position is guarded where it is not by a stop at the venue. */
  readonly protection = new Map<string, PositionView['protection']>();
  readonly #hub: TopicHub;
  readonly #capital: number;
  readonly #priceOf: (symbol: string) => number;
  readonly #startedAt: number;
  #now: number;
  #cash: number;
  #fees = 0;
  #realised = 0;
  #peak: number;
  #deepest = 0;
  #dayEquity: number;
  #count = 0;

  constructor(hub: TopicHub, capital: number, startedAt: number, priceOf: (symbol: string) => number) {
    this.#hub = hub;
    this.#capital = capital;
    this.#cash = capital;
    this.#peak = capital;
    this.#dayEquity = capital;
    this.#startedAt = startedAt;
    this.#now = startedAt;
    this.#priceOf = priceOf;
  }

  /** Takes the time and the prices as they are now. */
  mark(now: number): void {
    const equity = this.#equity();
    if (Math.floor(now / DAY_MS) !== Math.floor(this.#now / DAY_MS)) this.#dayEquity = equity;
    this.#now = now;
    this.#peak = Math.max(this.#peak, equity);
    this.#deepest = Math.max(this.#deepest, 1 - equity / this.#peak);
  }

  sampleEquity(): void {
    this.#hub.upsert('equity', 'equity', [{ time: this.#now, equity: this.#equity() }]);
  }

  /** What an entry has to go by. */
  means(): {
    readonly equity: number;
    readonly cash: number;
    readonly exposures: ReadonlyMap<string, number>;
  } {
    const worths = [...this.positions.values()].map(
      ({ symbol, quantity }) => [symbol, quantity * this.#priceOf(symbol)] as const,
    );
    return { equity: this.#equity(), cash: this.#cash, exposures: new Map(worths) };
  }

  enter(symbol: string, quantity: number, stop: number, decisionId: string): OrderView {
    const price = this.#priceOf(symbol);
    const order = this.#fill(symbol, 'buy', quantity, price, 'entry', decisionId);
    const resting = { type: 'stop', stopPrice: text(stop), status: 'OPEN' } as const;
    const stopOrder = this.#order(symbol, 'sell', quantity, 'protection', decisionId, resting);
    this.positions.set(symbol, { symbol, quantity, entry: price, openedAt: this.#now, stop, stopOrder });
    return order;
  }

  exit(position: FakePosition, price: number, purpose: OrderPurpose, decisionId: string | null): OrderView {
    const { symbol, quantity, entry, openedAt, stopOrder } = position;
    this.positions.delete(symbol);
    const order = this.#fill(symbol, 'sell', quantity, price, purpose, decisionId);
    this.#put({ ...stopOrder, status: 'CANCELED', updatedAt: this.#now });
    const gross = (price - entry) * quantity;
    const fees = (price + entry) * quantity * FEE_RATE;
    this.#realised += gross - fees;
    const trade: TradeView = {
      id: `trip-${this.trades.length + 1}`,
      symbol,
      direction: 'long',
      quantity: text(quantity),
      entryPrice: text(entry),
      exitPrice: text(price),
      grossPnl: text(gross),
      fees: text(fees),
      netPnl: text(gross - fees),
      returnPct: ((gross - fees) / (entry * quantity)) * 100,
      exitPurpose: purpose,
      entryCost: entryCostOf(entry * quantity),
      openedAt,
      closedAt: this.#now,
    };
    this.trades.push(trade);
    this.#hub.upsert('trades', 'trades', [trade]);
    return order;
  }

  positionViews(): PositionView[] {
    return [...this.positions.values()].map(({ symbol, quantity, entry, openedAt, stop }) => {
      const mark = this.#priceOf(symbol);
      return {
        symbol,
        quantity: text(quantity),
        averageEntryPrice: text(entry),
        markPrice: text(mark),
        notional: text(mark * quantity),
        unrealisedPnl: text((mark - entry) * quantity),
        unrealisedPnlPct: (mark / entry - 1) * 100,
        realisedPnl: '0',
        fees: text(entry * quantity * FEE_RATE),
        stopPrice: text(stop),
        protection: this.protection.get(symbol) ?? 'venue',
        entryThesis: 'The close is above its averages and the trend gains speed.',
        openedAt,
      };
    });
  }

  portfolioView(): PortfolioView {
    const equity = this.#equity();
    const { length: count } = this.trades;
    const wins = this.trades.filter(({ netPnl }) => Number(netPnl) > 0).length;
    return {
      time: this.#now,
      capital: text(this.#capital),
      equity: text(equity),
      cash: text(this.#cash),
      exposure: text(equity - this.#cash),
      realisedPnl: text(this.#realised),
      unrealisedPnl: text(equity - this.#capital - this.#realised),
      fees: text(this.#fees),
      entryCost: count === 0 ? null : entryCostOf(this.#fees / FEE_RATE / 2),
      funding: text(-this.#fees / 4),
      returnPct: (equity / this.#capital - 1) * 100,
      dailyPnl: text(equity - this.#dayEquity),
      drawdownPct: (1 - equity / Math.max(this.#peak, equity)) * 100,
      maxDrawdownPct: this.#deepest * 100,
      sharpe: { value: 1.42, sampleSize: Math.floor((this.#now - this.#startedAt) / DAY_MS) },
      sortino: { value: null, sampleSize: 12 },
      winRate: { value: count < 20 ? null : wins / count, sampleSize: count },
      trades: count,
    };
  }

  metricsView(): MetricsView {
    const { sharpe, sortino, winRate, ...account } = this.portfolioView();
    const { length: trades } = this.trades;
    const net = this.trades.reduce((sum, { netPnl }) => sum + Number(netPnl), 0);
    const fact = (value: number | string | null) => ({ value, sampleSize: null, interval: null });
    return {
      time: this.#now,
      quote: 'USDT',
      minSample: 20,
      metrics: {
        totalPnl: fact(text(Number(account.equity) - this.#capital)),
        dailyPnl: fact(account.dailyPnl),
        weeklyPnl: fact(account.dailyPnl),
        timeWeightedReturnPct: fact(account.returnPct),
        maxDrawdownPct: fact(account.maxDrawdownPct),
        drawdownPct: fact(account.drawdownPct),
        sharpe: { ...sharpe, interval: { low: -0.4, high: 3.1 } },
        sortino: { ...sortino, interval: null },
        trades: fact(trades),
        winRate: { ...winRate, interval: null },
        profitFactor: { value: 1.31, sampleSize: trades, interval: null },
        expectancy: { value: trades === 0 ? null : text(net / trades), sampleSize: trades, interval: null },
        exposurePct: fact((Number(account.exposure) / Number(account.equity)) * 100),
        turnover: fact(text(this.#fees / FEE_RATE)),
        fees: fact(account.fees),
        feeShare: fact(0.21),
      },
    };
  }

  tradeRecords({
    symbol,
    side,
    outcome,
    exit,
    tag,
    source,
    strategy = 'rules',
    from = 0,
    to = Number.POSITIVE_INFINITY,
    limit,
  }: TradeFilter): TradeRecord[] {
    return this.trades
      .filter((trade) => symbol === undefined || trade.symbol === symbol)
      .filter(({ id }) => tag === undefined || this.notes.get(id)?.tags.includes(tag) === true)
      .filter(() => source !== 'imported')
      .filter((trade) => exit === undefined || trade.exitPurpose === exit)
      .filter(({ netPnl }) => outcome === undefined || Number(netPnl) > 0 === (outcome === 'won'))
      .filter(({ closedAt }) => closedAt >= from && closedAt < to && side !== 'sell' && strategy === 'rules')
      .map(
        ({ id, quantity, entryPrice, exitPrice, netPnl, fees, returnPct, openedAt, closedAt, ...trade }) => ({
          ...{ id, quantity, entryPrice, exitPrice, netPnl, fees, returnPct, openedAt, closedAt },
          ...{ symbol: trade.symbol, side: 'buy' as const, orderType: 'market', won: Number(netPnl) > 0 },
          ...{ exitReason: trade.exitPurpose, strategy: 'rules', regime: 'trending', decisionId: null },
          source: '',
          ...{ note: this.notes.get(id)?.note ?? '', tags: this.notes.get(id)?.tags ?? [] },
          excursion: seenBy(Number(entryPrice), Number(exitPrice)),
        }),
      )
      .toReversed()
      .slice(0, limit);
  }

  performanceDays(symbols: readonly string[]): PerformanceDays {
    const first = this.#startedAt - 40 * DAY_MS;
    const level = (day: number, rate: number): number =>
      1 + rate * day + 0.01 * Math.sin(day / 3 + rate * 900);
    return {
      ...{ symbols: [...symbols], minSample: 20, averageInvestedPct: 43 },
      days: Array.from({ length: 40 }, (_, day) => ({
        day: new Date(first + day * DAY_MS).toISOString().slice(0, 10),
        ...{ account: level(day, 0.002), hold: level(day, 0.003) },
        ...{ holdAtEqualExposure: level(day, 0.0013), volatilityManagedHold: level(day, 0.002) },
      })),
      figures: {
        account: { returnPct: 8.2, returnPctPerYear: 105, sharpe: 1.42, maxDrawdownPct: 3.1 },
        hold: { returnPct: 12.4, returnPctPerYear: 190, sharpe: 1.31, maxDrawdownPct: 9.8 },
        holdAtEqualExposure: { returnPct: 5.3, returnPctPerYear: 60, sharpe: 1.29, maxDrawdownPct: 4.4 },
        volatilityManagedHold: { returnPct: 7.9, returnPctPerYear: 100, sharpe: 1.37, maxDrawdownPct: 6.2 },
      },
    };
  }

  dailyExposure(): DailyExposure[] {
    const first = this.#startedAt - 40 * DAY_MS;
    return Array.from({ length: 40 }, (_, day) => ({
      day: new Date(first + day * DAY_MS).toISOString().slice(0, 10),
      ...{ points: 24, closingExposure: '4300', closingEquity: '10000' },
      ...{ meanShare: 0.4 + 0.3 * Math.sin(day / 4), highestShare: 0.8 },
    }));
  }

  readonly notes = new Map<string, TradeNotes>();

  annotate({ id, note, tags }: TradeNotesChange): TradeNotes {
    const before = this.notes.get(id) ?? { id, note: '', tags: [] };
    const after = { id, note: note ?? before.note, tags: tags ?? before.tags };
    this.notes.set(id, after);
    return after;
  }

  tagCounts(): TagCount[] {
    const all = [...this.notes.values()].flatMap(({ tags }) => tags);
    return [...Map.groupBy(all, (tag) => tag)].map(([tag, those]) => ({ tag, trades: those.length }));
  }

  excursions(by: ExcursionDimension): ExcursionTable {
    const spread = { count: this.trades.length, median: 0.42, ninetieth: 0.88 };
    const unit = { adverse: spread, favourable: spread, winnersAdverse: spread, losersFavourable: spread };
    const keys = {
      all: '',
      strategy: 'rules',
      regime: 'trending',
      exit: 'exit',
      symbol: 'BTC/USDT',
      side: 'buy',
    };
    const row = {
      ...{ key: keys[by], trades: this.trades.length, wins: 1 },
      ...{ pct: { ...unit, result: 0.31 }, r: { ...unit, result: 0.12 } },
    };
    return { trades: this.trades.length, rows: this.trades.length === 0 ? [] : [row] };
  }

  /** By what a trade record has; the figures of the other dimensions are not looked at. */
  tradeTotals(by: TradeDimension): TradeTotals {
    const records = this.tradeRecords({ limit: 2_000 });
    const keyOf = (trade: TradeRecord): string => {
      const day = new Date(trade.closedAt).toISOString().slice(0, 10);
      const known: Partial<Record<TradeDimension, string>> = {
        ...{
          symbol: trade.symbol,
          side: trade.side,
          exit: trade.exitReason,
          strategy: 'rules',
          regime: 'trending',
        },
        ...{ day, month: day.slice(0, 7), hour: day.slice(8), weekday: '0', voter: 'bull for' },
      };
      return known[by] ?? '';
    };
    const totals = [...Map.groupBy(records, keyOf)].map(([key, trades]) => {
      const sum = (amounts: readonly string[]): string =>
        text(amounts.reduce((all, each) => all + Number(each), 0));
      return {
        ...{ key, trades: trades.length, wins: trades.filter(({ won }) => won).length },
        made: sum(trades.filter(({ won }) => won).map(({ netPnl }) => netPnl)),
        lost: text(-Number(sum(trades.filter(({ won }) => !won).map(({ netPnl }) => netPnl)))),
        netPnl: sum(trades.map(({ netPnl }) => netPnl)),
        fees: sum(trades.map(({ fees }) => fees)),
        heldMs: trades.reduce((all, { openedAt, closedAt }) => all + closedAt - openedAt, 0),
      };
    });
    totals.sort((a, b) => a.key.localeCompare(b.key));
    return { quote: 'USDT', spanMs: this.#now - this.#startedAt, totals };
  }

  #equity(): number {
    const positions = [...this.positions.values()];
    return positions.reduce(
      (sum, { symbol, quantity }) => sum + quantity * this.#priceOf(symbol),
      this.#cash,
    );
  }

  #fill(
    symbol: string,
    side: Side,
    quantity: number,
    price: number,
    purpose: OrderPurpose,
    decisionId: string | null,
  ): OrderView {
    const fee = quantity * price * FEE_RATE;
    this.#cash += (side === 'buy' ? -1 : 1) * quantity * price - fee;
    this.#fees += fee;
    const filled = { status: 'FILLED', filledAmount: text(quantity), averagePrice: text(price) } as const;
    const order = this.#order(symbol, side, quantity, purpose, decisionId, filled);
    const fill: FillView = {
      tradeId: `sim-${this.#count}`,
      clientOrderId: order.clientOrderId,
      symbol,
      side,
      price: text(price),
      amount: text(quantity),
      fee: text(fee),
      feeAsset: 'USDT',
      purpose,
      time: this.#now - 1,
    };
    this.#hub.upsert('fills', 'fills', [fill]);
    return order;
  }

  #order(
    symbol: string,
    side: Side,
    quantity: number,
    purpose: OrderPurpose,
    decisionId: string | null,
    changes: Partial<OrderView>,
  ): OrderView {
    this.#count += 1;
    return this.#put({
      clientOrderId: `demo-${this.#now.toString(36)}-${this.#count}`,
      venueOrderId: `${this.#count}`,
      symbol,
      side,
      type: 'market',
      purpose,
      status: 'SENT',
      amount: text(quantity),
      filledAmount: '0',
      limitPrice: null,
      stopPrice: null,
      averagePrice: null,
      reduceOnly: purpose !== 'entry',
      decisionId,
      reason: null,
      createdAt: this.#now,
      updatedAt: this.#now,
      ...changes,
    });
  }

  #put(order: OrderView): OrderView {
    this.orders.set(order.clientOrderId, order);
    this.#hub.upsert('orders', 'orders', [order]);
    return order;
  }
}

/** A number as decimal text. */
export function text(value: number): string {
  return value.toFixed(8).replace(/\.?0+$/, '');
}

/** Every entry takes: half a basis point worse than expected. */
function entryCostOf(worth: number): EntryCostView {
  const expectedBps = FEE_RATE * 10_000 + 3;
  const actualBps = expectedBps + 0.5;
  const bps = (count: number): string => text((worth * count) / 10_000);
  return {
    ...{ expectedBps, actualBps, feeBps: FEE_RATE * 10_000, slippageBps: 3.5, madeShare: 0 },
    ...{ expected: bps(expectedBps), actual: bps(actualBps) },
  };
}

/** A stop 2 % away, and prices a little beyond both ends of the trade. */
function seenBy(entry: number, exit: number): ExcursionView {
  const movePct = 100 * (exit / entry - 1);
  const [adversePct, favourablePct] = [Math.max(0.4, -movePct), Math.max(0.3, movePct)];
  return { adversePct, favourablePct, adverseR: adversePct / 2, favourableR: favourablePct / 2 };
}
