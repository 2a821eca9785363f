import {
  CallError,
  type DecisionView,
  type FillView,
  type KillSwitchView,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type OrderPurpose,
  type OrderView,
  type PortfolioView,
  type PositionView,
  type Settings,
  SettingsSchema,
  type Side,
  type StatusView,
  type StreamMessage,
  symbolsOf,
  type TopicAddress,
  type TradeView,
} from '../../core/contract/index.ts';
import type { Disposer } from '../../core/domain/index.ts';
import type { ContractService } from '../../core/engine/client-session.ts';
import { TopicHub } from '../../core/engine/topic-hub.ts';
import { fakeConsensus, fakeFeatures, fakeVerdicts } from './fake-decisions.ts';
import { FakeMarket, seededRandom } from './fake-market.ts';

export interface FakeTradingOptions {
  readonly mode?: Settings['mode'];
  readonly seed?: number;
  /** Closed hourly bars before the first message. */
  readonly historyBars?: number;
}

interface Position {
  readonly symbol: string;
  readonly quantity: number;
  readonly entry: number;
  readonly openedAt: number;
  readonly stop: number;
  readonly stopOrder: OrderView;
  readonly thesis: string;
}

const HOUR_MS = 3_600_000;
const START = Date.UTC(2025, 0, 6);
const FEE_RATE = 0.001;
const PRICES: Readonly<Record<string, number>> = { 'BTC/USDT': 94_200, 'ETH/USDT': 3_310, 'SOL/USDT': 188 };

type Answers = { [N in MethodName]: (params: MethodParsedParams<N>) => MethodResult<N> };

/** An engine that makes everything up but speaks the contract: for looking at the pages and testing them. */
export class FakeTrading implements ContractService {
  readonly hub = new TopicHub();
  readonly #settings: Settings;
  readonly #random: () => number;
  readonly #markets = new Map<string, FakeMarket>();
  readonly #positions = new Map<string, Position>();
  readonly #decisions: DecisionView[] = [];
  readonly #orders = new Map<string, OrderView>();
  readonly #trades: TradeView[] = [];
  readonly #answers: Answers;
  #now = START;
  #cash: number;
  #fees = 0;
  #realised = 0;
  #peak = 0;
  #deepest = 0;
  #dayEquity = 0;
  #count = 0;
  #status: StatusView;

  constructor(options: FakeTradingOptions = {}) {
    this.#settings = SettingsSchema.parse({ mode: options.mode ?? 'demo', symbols: Object.keys(PRICES) });
    this.#random = seededRandom(options.seed ?? 11);
    this.#cash = Number(this.#settings.capital);
    for (const symbol of symbolsOf(this.#settings)) {
      this.#markets.set(symbol, new FakeMarket(PRICES[symbol] ?? 100, HOUR_MS, this.#random));
    }
    this.#status = initialStatus(this.#settings);
    this.#answers = this.#makeAnswers();
    for (let bar = 0; bar < (options.historyBars ?? 900); bar += 1) this.#advance(HOUR_MS);
    for (const [symbol, { candles }] of this.#markets)
      this.hub.upsert('candles', `candles:${symbol}`, candles.slice(-500));
    this.alert('info', 'Started', 'The simulated market is running; nothing here is real money.');
    this.#publish();
    this.hub.flush();
  }

  async call<N extends MethodName>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>> {
    const answer = this.#answers[method];
    const result = answer(params);
    this.hub.flush();
    return result;
  }

  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer {
    return this.hub.subscribe(address, listener);
  }

  /** Lets the market move on by this many milliseconds of its own time. */
  tick(marketMs: number): void {
    if (!this.#status.feed.stale) this.#advance(marketMs);
    this.#publish();
    this.hub.flush();
  }

  /** Changes what the status says, as faults do. */
  change(changes: Partial<StatusView>): void {
    this.#status = { ...this.#status, ...changes };
    this.#publish();
    this.hub.flush();
  }

  alert(severity: 'info' | 'warning' | 'critical', title: string, message: string): void {
    this.#count += 1;
    this.hub.upsert('alerts', 'alerts', [
      { id: `alert-${this.#count}`, time: this.#now, severity, title, message },
    ]);
  }

  #advance(marketMs: number): void {
    const from = this.#now;
    this.#now += marketMs;
    const dayBegan = Math.floor(from / (24 * HOUR_MS)) !== Math.floor(this.#now / (24 * HOUR_MS));
    for (const [symbol, market] of this.#markets) {
      const candle = market.advance(from, this.#now);
      this.hub.upsert('candles', `candles:${symbol}`, [candle]);
      const position = this.#positions.get(symbol);
      if (position !== undefined && candle.low <= position.stop)
        this.#exit(position, position.stop, 'protection', null);
      if (candle.closed) this.#decide(symbol, market);
    }
    const equity = this.#equity();
    if (dayBegan || this.#dayEquity === 0) this.#dayEquity = equity;
    this.#peak = Math.max(this.#peak, equity);
    this.#deepest = Math.max(this.#deepest, 1 - equity / this.#peak);
    if (Math.floor(from / HOUR_MS) !== Math.floor(this.#now / HOUR_MS)) {
      this.hub.upsert('equity', 'equity', [{ time: this.#now, equity }]);
    }
  }

  #decide(symbol: string, market: FakeMarket): void {
    const bar = market.candles.at(-1);
    if (bar === undefined) return;
    const { votes, result } = fakeConsensus(market.candles, this.#settings, this.#random);
    const position = this.#positions.get(symbol);
    const id = `${symbol}@1h@${bar.openTime}`;
    const held = (reasonCode: string, reason: string) => ({
      outcome: 'held' as const,
      reasonCode,
      reason,
      verdicts: [],
      orderIds: [],
    });
    const outcome = (): Pick<DecisionView, 'outcome' | 'reasonCode' | 'reason' | 'verdicts' | 'orderIds'> => {
      if (position !== undefined) {
        if (result.action !== 'SELL') return held('holding', `position kept: ${result.reason.message}`);
        const order = this.#exit(position, market.price, 'exit', id);
        const reason = `the voters turned: ${result.reason.message}`;
        return {
          outcome: 'traded',
          reasonCode: 'opposite-consensus',
          reason,
          verdicts: [],
          orderIds: [order.clientOrderId],
        };
      }
      if (result.action === 'HOLD') return held(result.reason.code, result.reason.message);
      if (result.action === 'SELL')
        return held(
          'nothing-to-sell',
          'the voters would sell, but nothing is held and a spot market has no shorts',
        );
      if (this.#status.trading !== 'running') {
        return { ...held('paused', 'the trader paused new entries'), outcome: 'blocked' };
      }
      const verdicts = fakeVerdicts(this.#settings, this.#random);
      const refused = verdicts.find(({ allowed }) => !allowed);
      if (refused !== undefined) {
        return {
          outcome: 'blocked',
          reasonCode: refused.code,
          reason: refused.message,
          verdicts,
          orderIds: [],
        };
      }
      const order = this.#enter(symbol, market, id);
      return {
        outcome: 'traded',
        reasonCode: 'entered',
        reason: `BUY: ${result.reason.message}`,
        verdicts,
        orderIds: [order.clientOrderId],
      };
    };
    const decision: DecisionView = {
      id,
      symbol,
      timeframe: '1h',
      barOpenTime: bar.openTime,
      time: this.#now,
      close: bar.close,
      regime: result.regime,
      action: result.action,
      support: result.support,
      threshold: result.threshold,
      votes: votes.map((vote) =>
        vote.kind === 'abstention'
          ? vote
          : { ...vote, weight: result.weights[vote.voter], evidence: [...vote.evidence] },
      ),
      features: fakeFeatures(this.#random),
      positionQuantity: text(position?.quantity ?? 0),
      ...outcome(),
    };
    this.#decisions.push(decision);
    this.hub.upsert('decisions', 'decisions', [decision]);
  }

  #enter(symbol: string, market: FakeMarket, decisionId: string): OrderView {
    const quantity = Number(((this.#equity() * 0.24) / market.price).toPrecision(3));
    const order = this.#fill(symbol, 'buy', quantity, market.price, 'entry', decisionId);
    const stop = Number((market.price * 0.982).toPrecision(6));
    const stopOrder = this.#order(symbol, 'sell', quantity, 'protection', decisionId, {
      type: 'stop',
      stopPrice: text(stop),
      status: 'OPEN',
    });
    const thesis = 'The close is above its averages and the trend gains speed.';
    this.#positions.set(symbol, {
      symbol,
      quantity,
      entry: market.price,
      openedAt: this.#now,
      stop,
      stopOrder,
      thesis,
    });
    return order;
  }

  #exit(position: Position, price: number, purpose: OrderPurpose, decisionId: string | null): OrderView {
    const { symbol, quantity, entry, openedAt, stopOrder } = position;
    this.#positions.delete(symbol);
    const order = this.#fill(symbol, 'sell', quantity, price, purpose, decisionId);
    this.#putOrder({ ...stopOrder, status: 'CANCELED', updatedAt: this.#now });
    const gross = (price - entry) * quantity;
    const fees = (price + entry) * quantity * FEE_RATE;
    this.#realised += gross - fees;
    const trade: TradeView = {
      id: `trip-${this.#trades.length + 1}`,
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
      openedAt,
      closedAt: this.#now,
    };
    this.#trades.push(trade);
    this.hub.upsert('trades', 'trades', [trade]);
    return order;
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
    const order = this.#order(symbol, side, quantity, purpose, decisionId, {
      status: 'FILLED',
      filledAmount: text(quantity),
      averagePrice: text(price),
    });
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
    this.hub.upsert('fills', 'fills', [fill]);
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
    const order: OrderView = {
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
    };
    this.#putOrder(order);
    return order;
  }

  #putOrder(order: OrderView): void {
    this.#orders.set(order.clientOrderId, order);
    this.hub.upsert('orders', 'orders', [order]);
  }

  #exposure(): number {
    return [...this.#positions.values()].reduce(
      (sum, { symbol, quantity }) => sum + quantity * this.#price(symbol),
      0,
    );
  }

  #equity(): number {
    return this.#cash + this.#exposure();
  }

  #price(symbol: string): number {
    return this.#markets.get(symbol)?.price ?? 0;
  }

  #publish(): void {
    this.#status = { ...this.#status, marketTime: this.#now };
    this.hub.set('status', this.#status);
    this.hub.set('portfolio', this.#portfolio());
    this.hub.set('positions', this.#positionViews());
  }

  #positionViews(): PositionView[] {
    return [...this.#positions.values()].map(({ symbol, quantity, entry, openedAt, stop, thesis }) => {
      const mark = this.#price(symbol);
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
        protection: symbol.startsWith('SOL') ? 'engine' : 'venue',
        entryThesis: thesis,
        openedAt,
      };
    });
  }

  #portfolio(): PortfolioView {
    const capital = Number(this.#settings.capital);
    const equity = this.#equity();
    const wins = this.#trades.filter(({ netPnl }) => Number(netPnl) > 0).length;
    const { length: count } = this.#trades;
    return {
      time: this.#now,
      capital: text(capital),
      equity: text(equity),
      cash: text(this.#cash),
      exposure: text(this.#exposure()),
      realisedPnl: text(this.#realised),
      unrealisedPnl: text(equity - capital - this.#realised),
      fees: text(this.#fees),
      returnPct: (equity / capital - 1) * 100,
      dailyPnl: text(equity - this.#dayEquity),
      drawdownPct: (1 - equity / Math.max(this.#peak, equity)) * 100,
      maxDrawdownPct: this.#deepest * 100,
      sharpe: { value: 1.42, sampleSize: Math.floor((this.#now - START) / (24 * HOUR_MS)) },
      sortino: { value: null, sampleSize: 12 },
      winRate: { value: count < 20 ? null : wins / count, sampleSize: count },
      trades: count,
    };
  }

  #makeAnswers(): Answers {
    const page = <T>(rows: readonly T[], limit: number): T[] => rows.slice(-limit);
    return {
      'status.get': () => this.#status,
      'health.get': () => ({ ready: !this.#status.killSwitch.engaged, problems: [] }),
      'portfolio.get': () => this.#portfolio(),
      'positions.list': () => this.#positionViews(),
      'candles.history': ({ symbol, before = Number.POSITIVE_INFINITY, limit }) =>
        page(
          (this.#markets.get(symbol)?.candles ?? []).filter(({ openTime }) => openTime < before),
          limit,
        ),
      'decisions.list': ({ symbol, outcome, search = '', before = Number.POSITIVE_INFINITY, limit }) =>
        page(
          this.#decisions.filter(
            (decision) =>
              (symbol === undefined || decision.symbol === symbol) &&
              (outcome === undefined || decision.outcome === outcome) &&
              decision.time < before &&
              JSON.stringify([decision.reason, decision.votes]).toLowerCase().includes(search.toLowerCase()),
          ),
          limit,
        ),
      'decisions.get': ({ id }) => {
        const found = this.#decisions.find((decision) => decision.id === id);
        if (found === undefined) throw new CallError('NOT_FOUND', `there is no decision ${id}`);
        return found;
      },
      'orders.list': ({ limit }) => page([...this.#orders.values()], limit),
      'trades.list': ({ limit }) => page(this.#trades, limit),
      'settings.get': () => this.#settings,
      'trading.pause': () => this.#set({ trading: 'paused', message: 'paused by the trader' }),
      'trading.resume': () => this.#set({ trading: 'running', message: 'trading' }),
      'killSwitch.activate': ({ reason }) => this.#kill(reason),
      'killSwitch.describeReset': () => ({
        allowed: this.#status.killSwitch.stage === 'flat',
        statement:
          'Orders may leave again and trading starts paused. What was cancelled and closed stays so.',
        obstacles:
          this.#status.killSwitch.stage === 'flat'
            ? []
            : ['the venue has not confirmed that all positions are flat'],
      }),
      'killSwitch.reset': () => {
        const killSwitch: KillSwitchView = {
          engaged: false,
          at: null,
          reason: null,
          stage: 'armed',
          failures: [],
        };
        return this.#set({ killSwitch, trading: 'paused', message: 'paused after a reset' }).killSwitch;
      },
    };
  }

  #kill(reason: string): KillSwitchView {
    for (const position of [...this.#positions.values()])
      this.#exit(position, this.#price(position.symbol), 'emergency', null);
    this.alert('critical', 'Kill switch engaged', reason);
    const killSwitch: KillSwitchView = { engaged: true, at: this.#now, reason, stage: 'flat', failures: [] };
    return this.#set({ killSwitch, trading: 'halted', message: 'halted by the kill switch' }).killSwitch;
  }

  #set(changes: Partial<StatusView>): StatusView {
    this.#status = { ...this.#status, ...changes };
    this.#publish();
    return this.#status;
  }
}

function text(value: number): string {
  return value.toFixed(8).replace(/\.?0+$/, '');
}

function initialStatus(settings: Settings): StatusView {
  return {
    version: '0.1.0',
    mode: settings.mode,
    host: 'headless',
    exchange: settings.mode === 'demo' ? 'simulated' : settings.exchange.id,
    symbols: [...symbolsOf(settings)],
    timeframe: settings.timeframe,
    strategy: settings.strategy.id,
    analysts: 'rules',
    models: { installed: 4, message: '4 models verified' },
    trading: 'running',
    message: 'trading',
    marketTime: START,
    speed: settings.mode === 'demo' ? 1_200 : 1,
    killSwitch: { engaged: false, at: null, reason: null, stage: 'armed', failures: [] },
    breaker: { tripped: false, reason: null, until: null },
    feed: { lastMessageAgeMs: 210, stale: false, gaps: 0 },
    reconciliation: { green: true, at: START, differences: [] },
  };
}
