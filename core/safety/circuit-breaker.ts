import {
  type Clock,
  type Logger,
  type RoundTrip,
  SILENT_LOGGER,
  type StateStore,
  TIMEFRAME_MS,
  type UtcMs,
  utcDayStart,
  utcText,
  type Verdict,
} from '../domain/index.ts';
import { BREAKER_STATE, type BreakerDocument, parseBreakerDocument, type Trip } from './breaker-document.ts';
import {
  type BreakerFault,
  type BreakerFigures,
  type BreakerSettings,
  breakerNumbers,
  drawdownFloor,
  equityFaults,
  lossFloor,
  profitCeiling,
  sharpeFaults,
  tradeFaults,
} from './breaker-rules.ts';
import { Halts } from './halts.ts';
import { allow, refuse } from './verdict.ts';

const DAY_MS = TIMEFRAME_MS['1d'];
const HOUR_MS = TIMEFRAME_MS['1h'];
/** How often the equity is written down while nothing else happens. */
const SAVE_EVERY_MS = TIMEFRAME_MS['15m'];

export interface BreakerOptions {
  readonly settings: BreakerSettings;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly logger?: Logger;
}

export interface BreakerState {
  readonly tripped: boolean;
  /** Why, of every halt in force, the one that lasts longest first. */
  readonly reason: string | null;
  /** When entries are allowed again; null also while a halt waits for the trader's release. */
  readonly until: UtcMs | null;
  /** Why the state is in memory only; null while it is stored. */
  readonly storeFault: string | null;
}

/** A halt in force; `until` is null where only the trader ends it. */
export type BreakerHalt = Pick<Trip, 'code' | 'message' | 'until'>;

export type ReleaseResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/**
 * Halts entries when the account does badly: loss of the UTC day, drawdown from the peak, losses in a row, win
 * rate, Sharpe ratio; and, where the trader wants that, for the rest of a UTC day whose gain is enough. Exits and
 * protection go on. Every rule is watched all the time and has a halt of its own, so
 * that one in force hides no other. A halt lasts `haltHours`, one by drawdown as `drawdownRelease` says, one by gain
 * until midnight, and survives a restart. Its end starts only that rule's figures anew: a new peak after a drawdown, no losses in the
 * row after losses in a row; otherwise one drawdown would halt for ever. Nothing else touches the peak.
 *
 * Equity that is not a number is a trip; before the first equity nothing is allowed. A store that fails is
 * reported, and the breaker goes on from memory. One that cannot be read at the start is a trip, because a halt
 * might have been forgotten.
 */
export class CircuitBreaker {
  #settings: BreakerSettings;
  readonly #store: StateStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #halts = new Halts();
  /** NaN, as are peak, day's start and loss base, before the first equity. */
  #equity = Number.NaN;
  #peak = Number.NaN;
  #dayStart = Number.NaN;
  #lossBase = Number.NaN;
  #dayEnd: UtcMs = 0;
  #dailyReturns: readonly number[] = [];
  #outcomes: readonly boolean[] = [];
  #lossesInRow = 0;
  /** Whether the last equity told in this run was a number. */
  #known = false;
  #storeFault: string | null = null;
  #stored = { equity: Number.NaN, peak: Number.NaN };
  // While the equity lies between floor and ceiling and nothing is due, there is nothing to look at.
  #floor = Number.POSITIVE_INFINITY;
  #ceiling = Number.NEGATIVE_INFINITY;
  #due = Number.NEGATIVE_INFINITY;
  #nextSave = Number.NEGATIVE_INFINITY;

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

  /** Judges by other limits from now on, what is known already included. Halts in force keep their end. */
  use(settings: BreakerSettings): void {
    this.#settings = settings;
    const now = this.#clock.now();
    this.#expire(now);
    const figures = this.#figures();
    this.#tripOn(now, [
      ...equityFaults(figures, settings),
      ...tradeFaults(figures, settings),
      ...sharpeFaults(figures, settings),
    ]);
    this.#setBounds();
  }

  /** Tells a finished round trip. One that made exactly nothing ends a row of losses without being a win. */
  observeTrade(roundTrip: Pick<RoundTrip, 'netPnl'>): void {
    const now = this.#clock.now();
    this.#expire(now);
    this.#outcomes = [...this.#outcomes, roundTrip.netPnl.gt(0)].slice(-this.#settings.winRateTrades);
    this.#lossesInRow = roundTrip.netPnl.lt(0) ? this.#lossesInRow + 1 : 0;
    this.#tripOn(now, tradeFaults(this.#figures(), this.#settings));
    this.#save(now);
  }

  /**
   * Tells money that came in (above 0) or went out, before the equity that it changed. Every figure keeps its ratio to
   * the equity, as those of the equity curve do: a transfer is no profit and no loss, and a fall before it stays as
   * deep as it was. An account that was emptied, or had nothing, is measured anew.
   */
  observeTransfer(amount: number): void {
    const before = this.#equity;
    const after = before + amount;
    const goesOn = before > 0 && after > 0;
    // What equals the equity goes on to do so, whatever the quotient is in binary.
    const moved = (figure: number): number =>
      goesOn && figure !== before ? figure * (after / before) : after;
    this.#peak = moved(this.#peak);
    this.#dayStart = moved(this.#dayStart);
    this.#lossBase = moved(this.#lossBase);
    this.#equity = after;
    this.#save(this.#clock.now());
    this.#setBounds();
  }

  /** Whether entries are allowed now. */
  verdict(): Verdict {
    this.#expire(this.#clock.now());
    const numbers = breakerNumbers(this.#figures(), this.#settings);
    const { longest, reason } = this.#halts;
    if (longest !== undefined) {
      const { code, until } = longest;
      const wait = until === null ? '' : `no entries until ${utcText(until)}, `;
      const message = `${reason}; ${wait}exits and stops go on`;
      return refuse('circuit-breaker', code, message, { ...numbers, until: until ?? Number.NaN });
    }
    if (!this.#known) {
      return refuse('circuit-breaker', 'missing-equity', 'the equity of the account is not known', numbers);
    }
    return allow('circuit-breaker', 'the account is within its limits', numbers);
  }

  get state(): BreakerState {
    this.#expire(this.#clock.now());
    const { longest, reason } = this.#halts;
    const until = longest === undefined ? null : longest.until;
    return { tripped: longest !== undefined, reason, until, storeFault: this.#storeFault };
  }

  /** Those in force, each by its own rule. */
  get halts(): readonly BreakerHalt[] {
    this.#expire(this.#clock.now());
    return this.#halts.all;
  }

  /** The trader ends the halts that wait for that. Those that end by themselves are nobody's to shorten. */
  release(by: string): ReleaseResult {
    const now = this.#clock.now();
    this.#expire(now);
    const waiting = this.#halts.waiting();
    if (waiting.length > 0) {
      this.#end(waiting, now, by);
      return { ok: true };
    }
    const { reason } = this.#halts;
    const others = reason === null ? '' : `, those in force end by themselves: ${reason}`;
    return { ok: false, message: `no halt of the circuit breaker waits for a release${others}` };
  }

  /** Until when nothing is due that time alone brings: up to then, an equity that stays where it is changes nothing. */
  get calmUntil(): UtcMs {
    return this.#due;
  }

  /** For the end of each bar: writes only a peak that is not stored yet, or what could not be stored before. */
  checkpoint(time: UtcMs): void {
    if (this.#store.keepsNothing) return;
    if (this.#storeFault !== null || !Object.is(this.#peak, this.#stored.peak)) this.#save(time);
  }

  /** For the end of the program: writes the last equity as well. */
  flush(): void {
    const now = this.#clock.now();
    this.checkpoint(now);
    if (!Object.is(this.#equity, this.#stored.equity)) this.#save(now);
  }

  #consider(time: UtcMs, equity: number): void {
    this.#expire(time);
    this.#known = Number.isFinite(equity);
    if (!this.#known) {
      this.#tripOn(time, [{ code: 'missing-equity', message: 'the equity of the account is not known' }]);
      this.#setBounds();
      return;
    }
    if (Number.isNaN(this.#peak)) this.#begin(equity);
    if (time >= this.#dayEnd) this.#endDay(time);
    this.#equity = equity;
    this.#peak = Math.max(this.#peak, equity);
    this.#tripOn(time, equityFaults(this.#figures(), this.#settings));
    if (time >= this.#nextSave) this.#save(time);
    this.#setBounds();
  }

  #begin(equity: number): void {
    this.#equity = equity;
    this.#peak = equity;
    this.#dayStart = equity;
  }

  #endDay(time: UtcMs): void {
    // A day that the breaker did not see begin has no return, and of nothing there is none.
    if (this.#dayEnd !== 0 && this.#dayStart > 0) {
      const dailyReturn = this.#equity / this.#dayStart - 1;
      this.#dailyReturns = [...this.#dailyReturns, dailyReturn].slice(-this.#settings.sharpeDays);
    }
    this.#dayStart = this.#equity;
    this.#lossBase = this.#equity;
    this.#dayEnd = utcDayStart(time) + DAY_MS;
    this.#tripOn(time, sharpeFaults(this.#figures(), this.#settings));
    this.#save(time);
  }

  #tripOn(at: UtcMs, faults: readonly BreakerFault[]): void {
    for (const fault of faults) {
      if (this.#halts.has(fault.code)) continue;
      const trip = this.#tripOf(fault, at);
      this.#halts.add(trip);
      this.#logger.warn({ ...trip }, 'circuit breaker tripped');
      this.#save(at);
      this.#setBounds();
    }
  }

  #tripOf({ code, message }: BreakerFault, at: UtcMs): Trip {
    if (code === 'drawdown' && this.#settings.drawdownRelease === 'by-trader') {
      const untilReleased = `${message}: no entries until you release the circuit breaker`;
      return { code, message: untilReleased, at, until: null };
    }
    const until = code === 'profit-lock' ? this.#dayEnd : at + this.#settings.haltHours * HOUR_MS;
    return { code, message, at, until };
  }

  #expire(time: UtcMs): void {
    const over = this.#halts.over(time);
    if (over.length > 0) this.#end(over, time, 'time');
  }

  #end(ended: readonly Trip[], time: UtcMs, by: string): void {
    this.#halts.remove(ended);
    for (const trip of ended) {
      this.#logger.info({ ...trip, by }, 'circuit breaker released');
      this.#startAnew(trip);
    }
    this.#save(time);
    this.#setBounds();
  }

  #startAnew({ code, at }: Trip): void {
    switch (code) {
      case 'drawdown':
        this.#peak = this.#equity;
        break;
      case 'daily-loss':
        // On another day its own midnight is what that day is measured by.
        if (at >= this.#dayEnd - DAY_MS) this.#lossBase = this.#equity;
        break;
      case 'consecutive-losses':
        this.#lossesInRow = 0;
        break;
      case 'win-rate':
        this.#outcomes = [];
        break;
      case 'sharpe':
        this.#dailyReturns = [];
        break;
      case 'profit-lock':
      case 'missing-equity':
      case 'unreadable-state':
    }
  }

  #setBounds(): void {
    const figures = this.#figures();
    this.#floor = Math.max(
      this.#halts.has('daily-loss') ? Number.NEGATIVE_INFINITY : lossFloor(figures, this.#settings),
      this.#halts.has('drawdown') ? Number.NEGATIVE_INFINITY : drawdownFloor(figures, this.#settings),
    );
    this.#ceiling = this.#halts.has('profit-lock')
      ? this.#peak
      : Math.min(this.#peak, profitCeiling(figures, this.#settings));
    this.#due = this.#known
      ? Math.min(this.#dayEnd, this.#nextSave, this.#halts.nextEnd)
      : Number.NEGATIVE_INFINITY;
  }

  #figures(): BreakerFigures {
    return {
      equity: this.#equity,
      dayStart: this.#dayStart,
      lossBase: this.#lossBase,
      peak: this.#peak,
      dailyReturns: this.#dailyReturns,
      outcomes: this.#outcomes,
      lossesInRow: this.#lossesInRow,
    };
  }

  #load(): void {
    try {
      const found = this.#store.read(BREAKER_STATE);
      if (found !== undefined && found !== null) this.#restore(parseBreakerDocument(found));
    } catch (error) {
      this.#report("the circuit breaker's state cannot be read", error);
      const message = "the circuit breaker's stored state cannot be read, an earlier halt may be forgotten";
      this.#tripOn(this.#clock.now(), [{ code: 'unreadable-state', message }]);
    }
  }

  #restore({ trips, account, dailyReturns, outcomes, lossesInRow }: BreakerDocument): void {
    this.#halts = new Halts(trips);
    this.#dailyReturns = dailyReturns;
    this.#outcomes = outcomes;
    this.#lossesInRow = lossesInRow;
    if (account === null) return;
    this.#equity = account.equity;
    this.#peak = account.peak;
    this.#dayStart = account.dayStart;
    this.#lossBase = account.lossBase;
    this.#dayEnd = account.dayEnd;
    this.#stored = { equity: account.equity, peak: account.peak };
  }

  #save(time: UtcMs): void {
    if (this.#store.keepsNothing) {
      this.#nextSave = Number.POSITIVE_INFINITY;
      return;
    }
    this.#nextSave = time + SAVE_EVERY_MS;
    const account = {
      equity: this.#equity,
      peak: this.#peak,
      dayStart: this.#dayStart,
      lossBase: this.#lossBase,
      dayEnd: this.#dayEnd,
    };
    const document: BreakerDocument = {
      version: 2,
      trips: [...this.#halts.all],
      account: Number.isNaN(this.#peak) ? null : account,
      dailyReturns: [...this.#dailyReturns],
      outcomes: [...this.#outcomes],
      lossesInRow: this.#lossesInRow,
    };
    try {
      this.#store.write(BREAKER_STATE, document);
      this.#stored = { equity: this.#equity, peak: this.#peak };
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
