import { z } from 'zod';
import {
  type Clock,
  type Logger,
  type RoundTrip,
  SILENT_LOGGER,
  type StateStore,
  TIMEFRAME_MS,
  type UtcMs,
  utcDayStart,
  type Verdict,
} from '../domain/index.ts';
import {
  type BreakerFault,
  type BreakerFigures,
  type BreakerSettings,
  breakerNumbers,
  equityFault,
  equityFloor,
  sharpeFault,
  tradeFault,
} from './breaker-rules.ts';
import { allow, refuse } from './verdict.ts';

/** The name of the breaker's document in the state store. */
export const BREAKER_STATE = 'circuit-breaker';

const DAY_MS = TIMEFRAME_MS['1d'];
const HOUR_MS = TIMEFRAME_MS['1h'];
/** How often peak and equity are written down while nothing else happens. */
const CHECKPOINT_MS = TIMEFRAME_MS['15m'];

export interface BreakerOptions {
  readonly settings: BreakerSettings;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger?: Logger;
}

export interface BreakerState {
  readonly tripped: boolean;
  readonly reason: string | null;
  /** When entries are allowed again. */
  readonly until: UtcMs | null;
  /** Why the state is in memory only; null while it is stored. */
  readonly storeFault: string | null;
}

const StoredSchema = z.object({
  trip: z.object({ at: z.number(), until: z.number(), code: z.string(), message: z.string() }).nullable(),
  /** Null before the first equity. */
  account: z
    .object({ equity: z.number(), peak: z.number(), dayStart: z.number(), dayEnd: z.number() })
    .nullable(),
  dailyReturns: z.array(z.number()),
  outcomes: z.array(z.boolean()),
  lossesInRow: z.number().int(),
});
type Stored = z.infer<typeof StoredSchema>;
type Trip = NonNullable<Stored['trip']>;

/**
 * Halts entries when the account does badly: loss of the UTC day, drawdown from the peak, losses in a row, win
 * rate, Sharpe ratio. Exits and protection go on. A trip lasts `haltHours` and survives a restart. When it ends
 * the samples are empty, and the peak and the day's start are the equity of that moment: otherwise one drawdown
 * would halt for ever.
 *
 * Equity that is not a number is a trip; before the first equity nothing is allowed. A store that fails is
 * reported, and the breaker goes on from memory. One that cannot be read at the start is a trip, because a halt
 * might have been forgotten.
 */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #trip: Trip | null = null;
  /** NaN, as are peak and day's start, before the first equity. */
  #equity = Number.NaN;
  #peak = Number.NaN;
  #dayStart = Number.NaN;
  #dayEnd: UtcMs = 0;
  #dailyReturns: number[] = [];
  #outcomes: boolean[] = [];
  #lossesInRow = 0;
  /** Whether the last equity told in this run was a number. */
  #known = false;
  #storeFault: string | null = null;
  // While the equity lies between floor and peak and nothing is due, there is nothing to look at.
  #floor = Number.POSITIVE_INFINITY;
  #ceiling = Number.NEGATIVE_INFINITY;
  #due = Number.NEGATIVE_INFINITY;
  #checkpoint = Number.NEGATIVE_INFINITY;

  constructor({ settings, state, clock, logger = SILENT_LOGGER }: BreakerOptions) {
    this.#settings = settings;
    this.#store = state;
    this.#clock = clock;
    this.#logger = logger;
    this.#load();
  }

  /** Tells the equity in quote currency, marked to market. Cheap enough for every tick. */
  observeEquity(time: UtcMs, equity: number): void {
    if (equity > this.#floor && equity <= this.#ceiling && time < this.#due) this.#equity = equity;
    else this.#consider(time, equity);
  }

  /** Tells a finished round trip. One that made exactly nothing ends a row of losses without being a win. */
  observeTrade(roundTrip: Pick<RoundTrip, 'netPnl'>): void {
    const now = this.#clock.now();
    this.#expire(now);
    this.#outcomes = [...this.#outcomes, roundTrip.netPnl.gt(0)].slice(-this.#settings.winRateTrades);
    this.#lossesInRow = roundTrip.netPnl.lt(0) ? this.#lossesInRow + 1 : 0;
    this.#tripOn(now, tradeFault(this.#figures(), this.#settings));
    this.#save(now);
  }

  /** Whether entries are allowed now. */
  verdict(): Verdict {
    this.#expire(this.#clock.now());
    const numbers = breakerNumbers(this.#figures(), this.#settings);
    if (this.#trip !== null) {
      const { code, message, until } = this.#trip;
      const wait = `${message}; no entries until ${new Date(until).toISOString()}, exits and stops go on`;
      return refuse('circuit-breaker', code, wait, { ...numbers, until });
    }
    if (!this.#known) {
      return refuse('circuit-breaker', 'missing-equity', 'the equity of the account is not known', numbers);
    }
    return allow('circuit-breaker', 'the account is within its limits', numbers);
  }

  get state(): BreakerState {
    this.#expire(this.#clock.now());
    return {
      tripped: this.#trip !== null,
      reason: this.#trip?.message ?? null,
      until: this.#trip?.until ?? null,
      storeFault: this.#storeFault,
    };
  }

  #consider(time: UtcMs, equity: number): void {
    this.#expire(time);
    this.#known = Number.isFinite(equity);
    if (!this.#known) {
      this.#tripOn(time, { code: 'missing-equity', message: 'the equity of the account is not known' });
      this.#setBounds();
      return;
    }
    if (Number.isNaN(this.#peak)) this.#begin(equity);
    if (time >= this.#dayEnd) this.#endDay(time);
    this.#equity = equity;
    this.#peak = Math.max(this.#peak, equity);
    this.#tripOn(time, equityFault(this.#figures(), this.#settings));
    if (time >= this.#checkpoint) this.#save(time);
    this.#setBounds();
  }

  #begin(equity: number): void {
    this.#equity = equity;
    this.#peak = equity;
    this.#dayStart = equity;
  }

  #endDay(time: UtcMs): void {
    // A day that the breaker did not see begin has no return.
    if (this.#dayEnd !== 0) {
      const dailyReturn = this.#equity / this.#dayStart - 1;
      this.#dailyReturns = [...this.#dailyReturns, dailyReturn].slice(-this.#settings.sharpeDays);
    }
    this.#dayStart = this.#equity;
    this.#dayEnd = utcDayStart(time) + DAY_MS;
    this.#tripOn(time, sharpeFault(this.#figures(), this.#settings));
    this.#save(time);
  }

  #tripOn(at: UtcMs, fault: BreakerFault | undefined): void {
    if (fault === undefined || this.#trip !== null) return;
    this.#trip = { ...fault, at, until: at + this.#settings.haltHours * HOUR_MS };
    this.#logger.warn({ ...this.#trip }, 'circuit breaker tripped');
    this.#save(at);
    this.#setBounds();
  }

  #expire(time: UtcMs): void {
    if (this.#trip === null || time < this.#trip.until) return;
    this.#logger.info({ ...this.#trip }, 'circuit breaker released');
    this.#trip = null;
    this.#dailyReturns = [];
    this.#outcomes = [];
    this.#lossesInRow = 0;
    this.#begin(this.#equity);
    this.#save(time);
    this.#setBounds();
  }

  #setBounds(): void {
    const tripped = this.#trip !== null;
    this.#floor = tripped ? Number.NEGATIVE_INFINITY : equityFloor(this.#figures(), this.#settings);
    this.#ceiling = this.#peak;
    const until = this.#trip?.until ?? Number.POSITIVE_INFINITY;
    this.#due = this.#known ? Math.min(this.#dayEnd, this.#checkpoint, until) : Number.NEGATIVE_INFINITY;
  }

  #figures(): BreakerFigures {
    return {
      equity: this.#equity,
      dayStart: this.#dayStart,
      peak: this.#peak,
      dailyReturns: this.#dailyReturns,
      outcomes: this.#outcomes,
      lossesInRow: this.#lossesInRow,
    };
  }

  #load(): void {
    try {
      const found = this.#store.read(BREAKER_STATE);
      if (found !== undefined && found !== null) this.#restore(StoredSchema.parse(found));
    } catch (error) {
      this.#report("the circuit breaker's state cannot be read", error);
      const message = "the circuit breaker's stored state cannot be read, an earlier halt may be forgotten";
      this.#tripOn(this.#clock.now(), { code: 'unreadable-state', message });
    }
  }

  #restore(stored: Stored): void {
    this.#trip = stored.trip;
    this.#dailyReturns = stored.dailyReturns;
    this.#outcomes = stored.outcomes;
    this.#lossesInRow = stored.lossesInRow;
    if (stored.account === null) return;
    this.#equity = stored.account.equity;
    this.#peak = stored.account.peak;
    this.#dayStart = stored.account.dayStart;
    this.#dayEnd = stored.account.dayEnd;
  }

  #save(time: UtcMs): void {
    this.#checkpoint = time + CHECKPOINT_MS;
    const account = {
      equity: this.#equity,
      peak: this.#peak,
      dayStart: this.#dayStart,
      dayEnd: this.#dayEnd,
    };
    const stored: Stored = {
      trip: this.#trip,
      account: Number.isNaN(this.#peak) ? null : account,
      dailyReturns: this.#dailyReturns,
      outcomes: this.#outcomes,
      lossesInRow: this.#lossesInRow,
    };
    try {
      this.#store.write(BREAKER_STATE, stored);
      this.#storeFault = null;
    } catch (error) {
      this.#report("the circuit breaker's state cannot be stored, it holds in memory only", error);
    }
  }

  #report(message: string, error: unknown): void {
    this.#storeFault = `${message}: ${String(error)}`;
    this.#logger.error({ error: String(error) }, message);
  }
}
