import {
  type BackupView,
  CallError,
  type DecisionView,
  type DrillView,
  type KillActivation,
  type KillSwitchView,
  LIMIT_WORDS,
  type LimitChange,
  limitText,
  type MethodName,
  type MethodParsedParams,
  type MethodResult,
  type PositionView,
  type SafetyView,
  type Settings,
  SettingsSchema,
  type StartupView,
  type StatusView,
  type StopOrigin,
  type StorageView,
  type StreamMessage,
  symbolsOf,
  type TopicAddress,
} from '../../core/contract/index.ts';
import { type ConsensusResult, type Disposer, float } from '../../core/domain/index.ts';
import { refusalOf } from '../../core/engine/loop/trade-outcome.ts';
import type { ContractService } from '../../core/engine/service/client-session.ts';
import { TopicHub } from '../../core/engine/service/topic-hub.ts';
import { voteView } from '../../core/engine/views/domain-views.ts';
import { CANDLE_GROUPS, featuresOf } from '../../core/features/catalogue.ts';
import { HealthWatch, LogTail } from '../../core/monitoring/index.ts';
import { type LadderFacts, ladderOf, limitChange } from '../../core/safety/index.ts';
import { FakeAccount, text } from './fake-account.ts';
import { FakeAlerts } from './fake-alerts.ts';
import { fakeContenders } from './fake-arena.ts';
import { fakeConsensus, fakeFeatures, fakeReview } from './fake-decisions.ts';
import { fakeEntryHindsight, fakeHindsight } from './fake-hindsight.ts';
import { FakePrompts, fakeCalls } from './fake-llm.ts';
import { FakeMarket, seededRandom } from './fake-market.ts';
import { FAKE_SETS, fakeModels } from './fake-models.ts';
import { fakeSafety } from './fake-safety.ts';
import { fakeVenues } from './fake-venues.ts';

export interface FakeTradingOptions {
  readonly mode?: Settings['mode'];
  readonly seed?: number;
  /** Closed hourly bars before the first message. */
  readonly historyBars?: number;
}

type Answers = { [N in MethodName]: (params: MethodParsedParams<N>) => MethodResult<N> };
type Outcome = Pick<DecisionView, 'outcome' | 'exit' | 'reasonCode' | 'reason' | 'verdicts' | 'orderIds'>;

const HOUR_MS = 3_600_000;
const START = Date.UTC(2025, 0, 6);
const HISTORY_BARS = 900;
/** Candles in the stream; older ones are to be asked for. */
const STREAMED_CANDLES = 500;
const PRICES: Readonly<Record<string, number>> = { 'BTC/USDT': 94_200, 'ETH/USDT': 3_310, 'SOL/USDT': 188 };

/** An engine that makes everything up but speaks the contract: for looking at the pages and testing them. */
export class FakeTrading implements ContractService {
  readonly hub = new TopicHub();
  #settings: Settings;
  /** What a backup comes to, to be set by a test. */
  backUp: () => BackupView = () => ({
    file: '/data/backups/demo-2024-05-01-09-30.sqlite',
    bytes: 12_300_000,
  });
  /** What the strategy has shown, to be set by a test. */
  ladder: Omit<LadderFacts, 'strategy'> = {
    ...{ version: null, rung: 'backtest', since: null, audit: null },
    ...{ paper: { days: 0, trades: 0 }, live: { days: 0, trades: 0 } },
  };
  /** What is on the disk, to be set by a test. */
  storage: StorageView = {
    mirror: null,
    growth: {
      files: [{ name: 'demo.sqlite', bytes: 12_300_000, bytesPerDay: 900_000 }],
      bytes: 15_400_000,
      bytesPerDay: 1_200_000,
    },
  };
  readonly #random: () => number;
  readonly #markets: ReadonlyMap<string, FakeMarket>;
  readonly #account: FakeAccount;
  readonly #decisions: DecisionView[] = [];
  readonly #answers: Answers;
  readonly #refusals = new Map<MethodName, string>();
  #now = START;
  /** What the Alerts page shows. */
  readonly alerts = new FakeAlerts((changed) => this.hub.upsert('alerts', 'alerts', changed));
  #inUse = 'settings';
  readonly #prompts = new FakePrompts();
  #modelSet: string = FAKE_SETS[0];
  #activations: readonly KillActivation[] = [];
  #locks: SafetyView['locks'] = [];
  #limitChanges: readonly LimitChange[] = [];
  #status: StatusView;
  /** What the Logs page shows. */
  readonly log = new LogTail();
  readonly #health = new HealthWatch({ now: () => this.#now });

  constructor(options: FakeTradingOptions = {}) {
    this.#settings = SettingsSchema.parse({
      mode: options.mode ?? 'demo',
      symbols: Object.keys(PRICES),
      strategy: { id: 'ensemble' },
    });
    this.#random = seededRandom(options.seed ?? 11);
    this.#markets = new Map(
      symbolsOf(this.#settings).map((symbol) => [
        symbol,
        new FakeMarket(PRICES[symbol] ?? 100, HOUR_MS, this.#random),
      ]),
    );
    this.#account = new FakeAccount(this.hub, Number(this.#settings.capital), START, (symbol) =>
      this.#price(symbol),
    );
    this.#status = initialStatus(this.#settings);
    const { mode } = this.#settings;
    this.startup({ run: 1, state: 'running', mode, message: '', failed: false });
    this.#answers = this.#makeAnswers();
    for (let bar = 0; bar < (options.historyBars ?? HISTORY_BARS); bar += 1) this.#advance(HOUR_MS);
    for (const [symbol, { candles }] of this.#markets) {
      this.hub.upsert('candles', `candles:${symbol}`, candles.slice(-STREAMED_CANDLES));
    }
    this.alert('info', 'Started', 'The simulated market is running; nothing here is real money.');
    this.change({});
  }

  async call<N extends MethodName>(method: N, params: MethodParsedParams<N>): Promise<MethodResult<N>> {
    const refusal = this.#refusals.get(method);
    this.#refusals.delete(method);
    if (refusal !== undefined) throw new CallError('UNAVAILABLE', refusal);
    const answer = this.#answers[method];
    const result = answer(params);
    this.hub.flush();
    return result;
  }

  subscribe(address: TopicAddress, listener: (message: StreamMessage) => void): Disposer {
    return this.hub.subscribe(address, listener);
  }

  /** Lets the market move on by this many milliseconds of its own time. A stale feed stands still. */
  tick(marketMs: number): void {
    if (!this.#status.feed.stale) this.#advance(marketMs, true);
    this.change({});
  }

  /** Tells how the start of an engine goes. */
  startup(view: StartupView): void {
    this.hub.set('startup', view);
    this.hub.flush();
  }

  /** Changes what the status says, as faults do, and tells everybody. */
  change(changes: Partial<StatusView>): void {
    this.#status = { ...this.#status, ...changes, marketTime: this.#now };
    this.hub.set('status', this.#status);
    this.hub.set('portfolio', this.#account.portfolioView());
    this.hub.set('positions', this.#account.positionViews());
    this.hub.flush();
  }

  /** Sees to it that something is held of a symbol, guarded so. */
  hold(symbol: string, protection: PositionView['protection']): void {
    const mark = this.#price(symbol);
    const { equity } = this.#account.means();
    if (!this.#account.positions.has(symbol)) {
      const quantity = Number(((equity * 0.2) / mark).toPrecision(3));
      this.#account.enter(symbol, quantity, Number((mark * 0.98).toPrecision(6)), `${symbol}@by-hand`);
    }
    this.#account.protection.set(symbol, protection);
    this.change({});
  }

  /** The next call of a method fails, with these words. */
  refuseNext(method: MethodName, message: string): void {
    this.#refusals.set(method, message);
  }

  /** No message of these symbols has come for so long; of the others one has just come. */
  silence(symbols: readonly string[], ageMs: number): void {
    const markets = this.#status.markets.map((market) => {
      const stale = symbols.includes(market.symbol);
      return { ...market, stale, ageMs: stale ? ageMs : 0, message: stale ? 'its data is too old' : '' };
    });
    const stale = markets.some((market) => market.stale);
    this.change({ markets, feed: { lastMessageAgeMs: stale ? ageMs : 0, stale, gaps: 1 } });
  }

  /** The next bar closes before the voters on a symbol's last one have answered. */
  answerTooLate(symbol: string, thinkingMs: number): void {
    const last = this.#decisions.findLast((decision) => decision.symbol === symbol);
    if (last === undefined) throw new RangeError(`nothing was decided on ${symbol}`);
    const reason = 'the answer came 4.2 s after the next bar closed';
    this.#record({ ...last, ...held('late', reason), id: `${last.id}-late`, time: this.#now, thinkingMs });
    this.hub.flush();
  }

  alert(severity: 'info' | 'warning' | 'critical', title: string, message: string): void {
    this.hub.upsert('alerts', 'alerts', [this.alerts.raise(severity, title, message, this.#now)]);
  }

  #advance(marketMs: number, streamed = false): void {
    const from = this.#now;
    this.#now += marketMs;
    this.#account.mark(this.#now);
    for (const [symbol, market] of this.#markets) {
      const candle = market.advance(from, this.#now);
      if (streamed) this.hub.upsert('candles', `candles:${symbol}`, [candle]);
      const position = this.#account.positions.get(symbol);
      if (position !== undefined && candle.low <= position.stop) {
        this.#account.exit(position, position.stop, 'protection', null);
      }
      if (candle.closed) this.#decide(symbol, market);
    }
    if (Math.floor(from / HOUR_MS) !== Math.floor(this.#now / HOUR_MS)) this.#account.sampleEquity();
  }

  #decide(symbol: string, market: FakeMarket): void {
    const bar = market.candles.at(-1);
    if (bar === undefined) return;
    const { votes, result } = fakeConsensus(market.candles, this.#settings, this.#random);
    const quantity = this.#account.positions.get(symbol)?.quantity ?? 0;
    const id = `${symbol}@1h@${bar.openTime}`;
    const decision: DecisionView = {
      id,
      symbol,
      timeframe: '1h',
      barOpenTime: bar.openTime,
      time: this.#now,
      close: bar.close,
      regime: result.regime,
      proposedBy: null,
      proposal: null,
      judgement: null,
      action: result.action,
      support: result.support,
      threshold: result.threshold,
      votes: votes.map((vote) => voteView(vote, result.weights[vote.voter])),
      features: fakeFeatures(this.#random),
      positionQuantity: text(quantity),
      thinkingMs: null,
      ...this.#act(symbol, result, id),
    };
    this.#record(decision);
  }

  #record(decision: DecisionView): void {
    this.#decisions.push(decision);
    this.hub.upsert('decisions', 'decisions', [decision]);
  }

  #act(symbol: string, { action, reason }: ConsensusResult, id: string): Outcome {
    const position = this.#account.positions.get(symbol);
    if (position !== undefined) {
      if (action !== 'SELL') return held('holding', `position kept: ${reason.message}`);
      const order = this.#account.exit(position, this.#price(symbol), 'exit', id);
      return {
        outcome: 'traded',
        exit: 'sell',
        reasonCode: 'opposite-consensus',
        reason: `the voters turned: ${reason.message}`,
        verdicts: [],
        orderIds: [order.clientOrderId],
      };
    }
    if (action === 'HOLD') return held(reason.code, reason.message);
    if (action === 'SELL') {
      const why = 'the voters would sell, but nothing is held and a spot market has no shorts';
      return held('nothing-to-sell', why);
    }
    if (this.#status.trading !== 'running') {
      return { ...held('paused', 'the trader paused new entries'), outcome: 'blocked' };
    }
    const entry = { symbol, price: this.#price(symbol), ...this.#account.means() };
    const { verdicts: given, plan } = fakeReview(entry, this.#settings, this.#random);
    const verdicts = given.map((verdict) => ({ ...verdict, numbers: { ...verdict.numbers } }));
    if (plan === undefined) return { ...refusalOf(verdicts), exit: null, verdicts, orderIds: [] };
    const order = this.#account.enter(symbol, float(plan.amount), float(plan.stopPrice), id);
    return {
      outcome: 'traded',
      exit: null,
      reasonCode: 'entered',
      reason: `BUY: ${reason.message}`,
      verdicts,
      orderIds: [order.clientOrderId],
    };
  }

  #price(symbol: string): number {
    return this.#markets.get(symbol)?.price ?? 0;
  }

  #makeAnswers(): Answers {
    const account = this.#account;
    return {
      'status.get': () => this.#status,
      'symbols.lock': ({ from: _from, ...lock }) => {
        this.#locks = [...this.#locks.filter(({ symbol }) => symbol !== lock.symbol), lock];
        return this.#status;
      },
      'symbols.unlock': ({ symbol }) => {
        this.#locks = this.#locks.filter((lock) => lock.symbol !== symbol);
        return this.#status;
      },
      'alerts.get': () => this.alerts.view(),
      'alerts.acknowledge': ({ id }) => this.alerts.acknowledge(id, this.#now),
      'alerts.test': ({ channel }) => this.alerts.test(channel, this.#now),
      'health.get': () => this.#health.look({ status: this.#status, guardian: null, mirror: null }),
      'logs.list': (query) => ({
        ...{ lines: [...this.log.list(query)], loggers: [...this.log.loggers] },
        ...{ kept: this.log.kept, lost: 0, folder: '/data/logs' },
      }),
      'portfolio.get': () => account.portfolioView(),
      'positions.list': () => account.positionViews(),
      'candles.history': ({ symbol, before = Number.POSITIVE_INFINITY, limit }) => {
        const candles = this.#markets.get(symbol)?.candles ?? [];
        return candles.filter(({ openTime }) => openTime < before).slice(-limit);
      },
      'decisions.list': ({ symbol, outcome, search = '', before = Number.POSITIVE_INFINITY, limit }) =>
        this.#decisions
          .filter((decision) => symbol === undefined || decision.symbol === symbol)
          .filter((decision) => outcome === undefined || decision.outcome === outcome)
          .filter(({ time }) => time < before)
          .filter(({ reason, votes }) => JSON.stringify([reason, votes]).includes(search))
          .slice(-limit),
      'decisions.get': ({ id }) => {
        const found = this.#decisions.find((decision) => decision.id === id);
        if (found === undefined) throw new CallError('NOT_FOUND', `there is no decision ${id}`);
        return found;
      },
      'orders.list': ({ limit }) => [...account.orders.values()].slice(-limit),
      'metrics.days': () => account.performanceDays([...this.#markets.keys()]),
      'metrics.exposure': () => account.dailyExposure(),
      'metrics.curve': () => [],
      'metrics.get': () => account.metricsView(),
      'hindsight.get': () => fakeHindsight(),
      'hindsight.decision': () => fakeEntryHindsight(),
      'trades.find': (filter) => account.tradeRecords(filter),
      'trades.totals': ({ by }) => account.tradeTotals(by),
      'trades.excursions': ({ by }) => account.excursions(by),
      'trades.annotate': (change) => account.annotate(change),
      'trades.tags': () => account.tagCounts(),
      'trades.streaks': () => ({ longestWin: 6, longestLoss: 4, current: -2 }),
      'trades.list': ({ limit }) => account.trades.slice(-limit),
      'models.rollBack': () => fakeModels(this.#modelSet),
      'models.latest': ({ symbol }) => {
        throw new CallError('NOT_FOUND', `the models have not been asked about ${symbol} yet`);
      },
      'arena.get': () => fakeContenders(this.#account.portfolioView(), this.#inUse),
      'arena.promote': ({ name }) => {
        this.#inUse = name;
        return fakeContenders(this.#account.portfolioView(), name);
      },
      'decisions.calls': ({ id }) => (this.#status.analysts === 'llm' ? fakeCalls(id) : []),
      'llm.test': () => [
        {
          agent: 'bull',
          ok: true,
          line: 'bull: made-up-model at 127.0.0.1:4010 answered in 214 ms for 0.0001 USD',
        },
        { agent: 'bear', ok: false, line: 'bear: the key is not accepted (401): set llm.apiKey again' },
      ],
      'llm.costs': () =>
        this.#status.analysts === 'llm'
          ? {
              month: '2025-01',
              spentUsd: 1.2345,
              debated: 41,
              stood: 23,
              perDecisionUsd: 0.0213,
              savedUsd: 0.4899,
              tokens: { input: 2_950, output: 640 },
              rule: 'A debate is held when something has moved since the last one.',
            }
          : null,
      'llm.records': () =>
        (['bull', 'bear'] as const).map((agent, side) => ({
          agent,
          n: 84 - 20 * side,
          hitRate: 0.44 + side / 20,
          brier: 0.26,
          buckets: [
            { from: 0.4, n: 50, meanConfidence: 0.52, hitRate: 0.41 },
            { from: 0.6, n: 34 - 20 * side, meanConfidence: 0.68, hitRate: 0.49 },
          ],
        })),
      'prompts.list': () => this.#prompts.list(),
      'prompts.save': ({ name, source }) => this.#prompts.save(name, source),
      'prompts.reset': ({ name }) => this.#prompts.reset(name),
      'prompts.replay': ({ last }) =>
        this.#decisions.slice(-last).map(({ symbol, barOpenTime }, index) => ({
          symbol,
          barOpenTime,
          before: { action: 'BUY', confidence: 0.6 },
          after: index % 3 === 0 ? null : { action: index % 3 === 1 ? 'HOLD' : 'BUY', confidence: 0.55 },
          failure: index % 3 === 0 ? 'no answer within 20 s' : null,
          costUsd: 0.0009,
        })),
      'features.inspect': ({ symbol, barOpenTime }) => ({
        symbol,
        barOpenTime,
        bars: 1_000,
        features: featuresOf(CANDLE_GROUPS).map(({ name, group, meaning }, index) => ({
          name,
          group,
          meaning,
          value: index % 17 === 16 ? null : Math.sin(index * 1.7 + barOpenTime / 3e7) * 2,
          percentile: index % 17 === 16 ? null : ((index * 37) % 100) / 100,
        })),
      }),
      'models.get': () => fakeModels(this.#modelSet),
      'models.use': ({ setId }) => {
        this.#modelSet = setId;
        return fakeModels(setId);
      },
      ...fakeVenues((view) => this.startup(view)),
      'settings.get': () => this.#settings,
      'trading.pause': ({ reason, from = 'api' }) => {
        const pause = { at: this.#now, by: 'the trader', from, reason: reason || null };
        return this.#become({ trading: 'paused', pause, message: 'paused by the trader' });
      },
      'trading.resume': () => this.#become({ trading: 'running', pause: null, message: 'trading' }),
      'breaker.release': () => {
        const { tripped, until } = this.#status.breaker;
        if (tripped && until === null) return this.#become({ breaker: CLOSED });
        throw new CallError('CONFLICT', 'no halt of the circuit breaker waits for a release');
      },
      'live.describeArming': () => {
        throw new CallError('CONFLICT', 'nothing needs arming in demo mode: no real money is traded');
      },
      'live.arm': () => {
        throw new CallError('CONFLICT', 'nothing needs arming in demo mode: no real money is traded');
      },
      'killSwitch.activate': ({ reason, from = 'api' }) => this.#kill(reason, from),
      'safety.get': () => this.#safety(),
      'ladder.get': ({ strategy }) =>
        ladderOf({ ...this.ladder, strategy: strategy ?? this.#settings.strategy.id }),
      'storage.get': () => this.storage,
      'storage.backup': () => this.backUp(),
      'safety.drill': () => DRILL,
      'limits.change': (change) => this.#changeLimit(change),
      'limits.history': () => [...this.#limitChanges],
      'killSwitch.history': () => [...this.#activations],
      'killSwitch.describeReset': () => {
        const allowed = this.#status.killSwitch.stage === 'flat';
        return {
          allowed,
          statement:
            'Orders may leave again and trading starts paused. What was cancelled and closed stays so.',
          obstacles: allowed ? [] : ['the venue has not confirmed that all positions are flat'],
        };
      },
      'killSwitch.reset': () => {
        const [last, ...before] = this.#activations;
        if (last !== undefined)
          this.#activations = [{ ...last, outcome: 'reset', resetAt: this.#now }, ...before];
        return this.#become({ killSwitch: ARMED, trading: 'paused', message: 'paused after a reset' })
          .killSwitch;
      },
    };
  }

  #safety(): SafetyView {
    const armed = this.#settings.mode === 'live' ? true : null;
    const { safety } = this.#settings;
    return fakeSafety(safety, this.#account.positionViews(), [...this.#locks], armed);
  }

  #changeLimit({ name, value, loosen, from = 'api' }: MethodParsedParams<'limits.change'>): SafetyView {
    const result = limitChange(this.#settings.safety, name, value);
    if (!result.ok) throw new CallError('BAD_REQUEST', result.message);
    const { change, settings } = result;
    if (change.effect === 'loosens' && !loosen)
      throw new CallError('CONFIRMATION_REQUIRED', `${LIMIT_WORDS[name].name} lets more happen`);
    this.#settings = { ...this.#settings, safety: settings };
    const told = {
      what: LIMIT_WORDS[name].name,
      before: limitText(name, change.from),
      after: limitText(name, change.to),
    };
    const { effect } = change;
    this.#limitChanges = [{ at: this.#now, by: 'the trader', from, ...told, effect }, ...this.#limitChanges];
    return this.#safety();
  }

  #kill(reason: string, from: StopOrigin): KillSwitchView {
    const positions = [...this.#account.positions.values()];
    this.#activations = [activationOf(this.#now, reason, from, positions), ...this.#activations];
    for (const position of positions) {
      this.#account.exit(position, this.#price(position.symbol), 'emergency', null);
    }
    this.alert('critical', 'Kill switch engaged', reason);
    const killSwitch: KillSwitchView = { engaged: true, at: this.#now, reason, stage: 'flat', failures: [] };
    return this.#become({ killSwitch, trading: 'halted', message: 'halted by the kill switch' }).killSwitch;
  }

  #become(changes: Partial<StatusView>): StatusView {
    this.change(changes);
    return this.#status;
  }
}

/** As a real one ends, in short. */
const DRILL: DrillView = {
  flat: true,
  steps: [
    { step: 'the emergency stop is latched on disk', atMs: 1.6 },
    { step: 'the program shows no sign of life: it is closed from outside', atMs: 5_031.2 },
    { step: 'simulated: connected, with a line of its own', atMs: 5_048.7 },
    { step: 'the venue: BTC/USDT limit CANCELED', atMs: 5_053 },
    { step: 'the venue: ETH/USDT limit CANCELED', atMs: 5_059.5 },
    { step: 'the venue: BTC/USDT market FILLED', atMs: 5_076.9 },
    { step: 'the venue: ETH/USDT market FILLED', atMs: 5_081.5 },
    { step: 'simulated: flat, and looked at once more in 3 s', atMs: 5_274.6 },
    { step: 'simulated: still flat', atMs: 8_276.1 },
  ],
};

/** Milliseconds as a real one takes them at a venue 50 ms away. */
const STEPS: KillActivation['steps'] = [
  { step: 'latched', afterMs: 0.8 },
  { step: 'cancels-sent', afterMs: 3.1 },
  { step: 'closes-sent', afterMs: 61 },
  { step: 'flat', afterMs: 318 },
];

function activationOf(
  at: number,
  reason: string,
  from: StopOrigin,
  positions: readonly { readonly symbol: string }[],
): KillActivation {
  return {
    ...{ id: `${at} the trader`, at, by: 'the trader', from, reason, durable: true, steps: STEPS },
    ...{ outcome: 'flat', mode: 'demo', venue: 'simulated', failures: [], again: [], resetAt: null },
    outside: [],
    symbols: positions.map(({ symbol }) => ({ symbol, cancels: 1, closes: 1, failures: [], left: null })),
  };
}

const CLOSED: StatusView['breaker'] = { tripped: false, reason: null, until: null };
const ARMED: KillSwitchView = { engaged: false, at: null, reason: null, stage: 'armed', failures: [] };

function held(reasonCode: string, reason: string): Outcome {
  return { outcome: 'held', exit: null, reasonCode, reason, verdicts: [], orderIds: [] };
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
    llm: null,
    models: { installed: 4, message: '4 models verified' },
    trading: 'running',
    message: 'trading',
    pause: null,
    marketTime: START,
    speed: settings.mode === 'demo' ? 1_200 : 1,
    killSwitch: ARMED,
    breaker: CLOSED,
    feed: { lastMessageAgeMs: 210, stale: false, gaps: 0 },
    markets: symbolsOf(settings).map((symbol) => {
      return { symbol, tradable: true, stale: false, ageMs: 0, message: '' };
    }),
    reconciliation: { green: true, at: START, differences: [] },
    venue: null,
    conditions: [],
  };
}
