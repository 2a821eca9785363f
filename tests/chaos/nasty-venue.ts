import {
  type AccountEvent,
  assetAmount,
  type Candle,
  type Exchange,
  type Instrument,
  type OrderIntent,
  type OrderRef,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueOrder,
} from '../../core/domain/index.ts';
import { type Conditions, seededConditions } from './conditions.ts';
import { Dice } from './dice.ts';
import type { Life } from './life.ts';
import { CAPITAL, type Scenario } from './scenario.ts';
import { type Fate, Line } from './venue/line.ts';
import { firstPriceOf, marketOf, THIRD_ASSET } from './venue/markets.ts';
import { lateFeeOf, Matcher } from './venue/matcher.ts';
import { type Mood, PricePath, TICK_MS } from './venue/price-path.ts';
import { Records } from './venue/records.ts';
import { VenueSession } from './venue/session.ts';
import { TrueAccount } from './venue/true-account.ts';
import type { OrderTerms, Origin, TrueOrder } from './venue/true-order.ts';
import type { VirtualTime } from './virtual-time.ts';

/** One of our orders on its way, as the venue's side of the line knows it. */
export interface Sent {
  readonly intent: OrderIntent;
  readonly leftAt: UtcMs;
  /** Whether it may get there: the sender was not told at once that it does not. */
  readonly mayArrive: boolean;
  /** Whether the sender will hear the venue's own answer. */
  readonly heard: boolean;
  /** Null until it arrived, if it ever does. */
  outcome: 'accepted' | 'refused' | null;
}

const HALTED = { status: 'halted' } as const;

/** What a trader who shares the account had before: none of it is ours. */
const HUMAN_ASSETS: readonly (readonly [string, string])[] = [
  ['USDT', '20000'],
  ['BTC', '0.8'],
  ['ETH', '12'],
  ['XRP', '5000'],
  [THIRD_ASSET, '50'],
];

/**
 * A venue as venues are on a bad day, with a truth of its own: it loses, delays and doubles what is said, its lists
 * lag, it forgets old orders, refuses stops, closes markets, and others trade on the same account.
 */
export class NastyVenue {
  readonly time: VirtualTime;
  readonly scenario: Scenario;
  readonly conditions: Conditions;
  readonly line: Line;
  readonly account: TrueAccount;
  readonly matcher: Matcher;
  /** What it says when it is asked. */
  readonly records: Records;
  readonly markets: ReadonlyMap<string, Instrument>;
  readonly accountEvents: AccountEvent[] = [];
  readonly sent: Sent[] = [];
  /** Told of everything that happens, when somebody wants to see it. */
  trace: (line: () => string) => void = () => undefined;
  readonly #dice: Dice;
  readonly #paths: ReadonlyMap<string, PricePath>;
  readonly #sequences = new Map<string, number>();
  #session: VenueSession | null = null;
  #revision = 0;
  #stands = false;

  constructor(time: VirtualTime, scenario: Scenario, conditions = seededConditions(scenario)) {
    const dice = new Dice(scenario.seed).fork('venue');
    this.time = time;
    this.scenario = scenario;
    this.#dice = dice.fork('nodes');
    this.conditions = conditions;
    this.line = new Line(time, dice.fork('line'), conditions, scenario);
    this.markets = new Map(scenario.symbols.map((symbol) => [symbol, marketOf(symbol)]));
    this.#paths = new Map(
      [...this.markets].map(([symbol, { tickSize }]) => [
        symbol,
        new PricePath(dice.fork(`price ${symbol}`), firstPriceOf(symbol), tickSize.toNumber()),
      ]),
    );
    this.account = new TrueAccount(this.markets, openingOf(scenario), time.now());
    this.matcher = new Matcher({
      clock: time,
      dice: dice.fork('matcher'),
      markets: this.markets,
      account: this.account,
      profile: scenario.profile,
      traits: scenario.traits,
      priceOf: (symbol) => this.priceOf(symbol),
      dry: (symbol) => conditions.dry(symbol, time.now()),
      halted: (symbol) => conditions.halted(symbol, time.now()),
      stopRefusal: () => conditions.stopRefusal(time.now()),
      tell: (event) => this.#tell(event),
    });
    this.records = new Records({
      ...{ time, scenario, conditions },
      dice: this.#dice,
      matcher: this.matcher,
      account: this.account,
      accountEvents: this.accountEvents,
    });
  }

  /** The venue as a process sees it. There is one process at a time. */
  connect(life: Life): Exchange & VenueSession {
    this.#session = new VenueSession(this, life);
    return this.#session;
  }

  /** Grows with everything that happens to an order. */
  get revision(): number {
    return this.#revision;
  }

  priceOf(symbol: string): number {
    return this.#path(symbol).price;
  }

  /** Multiplies a market's price, as a crash does. What it does to orders shows at the next tick. */
  movePrice(symbol: string, factor: number): void {
    this.#path(symbol).move(factor);
  }

  barsBefore(symbol: string, end: UtcMs, count: number): readonly Candle[] {
    return this.#path(symbol).barsBefore(end, count);
  }

  /** A tick of every market that is open. @returns its candles. */
  tick(): ReadonlyMap<string, Candle> {
    const now = this.time.now();
    const candles = new Map<string, Candle>();
    this.matcher.expire();
    for (const [symbol, path] of this.#paths) {
      if (this.conditions.halted(symbol, now)) continue;
      candles.set(symbol, path.next(now - TICK_MS, this.#mood));
      this.matcher.tick(symbol);
    }
    this.#session?.look(!this.conditions.outage.holds(now) && !this.conditions.deafness.holds(now));
    return candles;
  }

  /** From now on prices move by `movePrice` alone, and fees are told at once: for whoever compares books. */
  stand(): void {
    this.#stands = true;
  }

  get #mood(): Mood {
    if (this.#stands) return 'still';
    return this.time.now() < this.scenario.faultsEnd ? 'wild' : 'calm';
  }

  /** Undefined while the venue does not list it. */
  instrument(symbol: string): Instrument | undefined {
    const market = this.markets.get(symbol);
    const now = this.time.now();
    if (market === undefined || this.conditions.unlisted(symbol, now)) return undefined;
    return { ...market, ...(this.conditions.halted(symbol, now) ? HALTED : {}) };
  }

  noteSent(intent: OrderIntent, { failure }: Fate): Sent {
    const refused = failure instanceof VenueError && failure.fault === 'rate-limited';
    const sent: Sent = {
      ...{ intent, leftAt: this.time.now(), outcome: null },
      mayArrive: !refused,
      heard: failure === null,
    };
    this.sent.push(sent);
    return sent;
  }

  submit(sent: Sent): VenueOrder {
    const { intent, leftAt } = sent;
    const { purpose, decisionId } = intent;
    try {
      const order = this.accept(intent, { hand: 'ours', purpose, decisionId, leftAt, parent: null });
      sent.outcome = 'accepted';
      return order.now;
    } catch (error) {
      sent.outcome = 'refused';
      this.trace(() => `venue refuses ${intent.clientOrderId}: ${String(error)}`);
      throw error;
    }
  }

  accept(terms: OrderTerms, origin: Origin): TrueOrder {
    const order = this.matcher.accept(terms, origin);
    this.trace(() => `venue takes ${origin.hand} ${describeOrder(order)}`);
    return order;
  }

  cancel(ref: OrderRef): VenueOrder {
    const order = this.records.find(ref);
    if (order === undefined) throw new VenueError('rejected', 'unknown order');
    if (!order.working && this.scenario.traits.cancelOfEnded === 'refuses') {
      throw new VenueError('rejected', 'unknown order or already done');
    }
    this.matcher.cancel(order, 'cancelled on request');
    return order.now;
  }

  /** Money comes or goes by another way than a fill. */
  moveMoney(event: AccountEvent): void {
    this.account.move(event);
    this.account.remember(this.time.now(), this.matcher.working);
    this.#record(event);
  }

  /** A fill's place among all, by the id under which it is told. */
  sequenceOf({ symbol, tradeId }: { readonly symbol: string; readonly tradeId: string }): number {
    return this.#sequences.get(`${symbol} ${tradeId}`) ?? 0;
  }

  #tell(event: VenueEvent): void {
    this.#revision += 1;
    if (event.kind === 'fill') this.#noteFill();
    this.#session?.announce(event);
  }

  #noteFill(): void {
    const filled = this.matcher.fills.at(-1);
    if (filled === undefined) return;
    const { fill, sequence, hand, feeToldLater } = filled;
    this.#sequences.set(`${fill.symbol} ${fill.tradeId}`, sequence);
    this.trace(() => {
      const what = `${fill.symbol} ${fill.side} ${fill.amount.toFixed()}@${fill.price.toFixed()}`;
      return `venue fills ${hand} ${what} of ${fill.clientOrderId ?? fill.venueOrderId}`;
    });
    if (!feeToldLater) return;
    this.time.after(this.#stands ? 100 : this.#dice.between(2_000, 40_000), () => {
      this.#record(lateFeeOf(filled, this.time.now()));
    });
  }

  #record(event: AccountEvent): void {
    this.accountEvents.push(event);
    this.trace(() => `venue books ${event.kind} ${event.amount.toFixed()} ${event.asset}`);
    this.#session?.announce({ kind: 'account', event });
  }

  #path(symbol: string): PricePath {
    const path = this.#paths.get(symbol);
    if (path === undefined) throw new RangeError(`${symbol} is not listed`);
    return path;
  }
}

function openingOf({ profile }: Scenario): ReadonlyMap<string, ReturnType<typeof assetAmount>> {
  const opening = new Map([['USDT', assetAmount(CAPITAL)]]);
  if (profile.account === 'ours') return opening;
  for (const [asset, amount] of HUMAN_ASSETS) {
    opening.set(asset, assetAmount((opening.get(asset) ?? assetAmount(0)).plus(amount).toFixed()));
  }
  return opening;
}

function describeOrder({ venueOrderId, terms }: TrueOrder): string {
  const { clientOrderId, symbol, side, type, amount, stopPrice } = terms;
  const at = stopPrice === null ? '' : ` at ${stopPrice.toFixed()}`;
  return `${clientOrderId ?? '-'} (${venueOrderId}) ${symbol} ${side} ${type} ${amount.toFixed()}${at}`;
}
