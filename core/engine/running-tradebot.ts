import { BOOKS_KEY, VENUE_KEY } from '../alerts/index.ts';
import {
  type HealthView,
  type PauseView,
  pauseWords,
  type Severity,
  type StatusView,
} from '../contract/index.ts';
import {
  type Connection,
  type Decision,
  type Disposer,
  type Logger,
  type MarketEvent,
  TIMEFRAME_MS,
  type UtcMs,
  utcText,
} from '../domain/index.ts';
import { LABEL } from '../inference/index.ts';
import { type AlertAbout, type HealthFacts, HealthWatch } from '../monitoring/index.ts';
import { type ResetFacts, SymbolLocks } from '../safety/index.ts';
import { GuardianKeeper } from './guardian/guardian-keeper.ts';
import { every } from './loop/every.ts';
import { OneAtATime } from './loop/one-at-a-time.ts';
import { Pacer } from './loop/pacer.ts';
import { SleepWatch, stoodStillWords } from './loop/sleep-watch.ts';
import { endsWithin } from './loop/within.ts';
import { rememberReplay } from './modes/mode.ts';
import type { EngineService } from './service/client-session.ts';
import { Pause } from './service/pause.ts';
import { type Phase, type Reconciliation, standInOf, statusOf } from './service/status.ts';
import { portfolioView } from './views/account-views.ts';
import { modelsExpiry } from './views/models-expiry.ts';
import { LATCH, paceOf, type TradebotParts, type Wiring, wireTradebot } from './wire-tradebot.ts';

/** One running program: what a host starts, shows and stops. */
export interface Tradebot {
  readonly service: EngineService;
  readonly log: Logger;
  /** Resolves at the end of the data or after `stop`; rejects when the engine fails. */
  start(): Promise<void>;
  /**
   * Ends the loop and gives everything back; voters that still think are not waited for. Orders and positions stay
   * as they are.
   */
  stop(): Promise<void>;
  /**
   * Says to the guardian that the program is ended on purpose, be it that what follows does not come to its end. `stop`
   * says it too.
   */
  goodbye(): Promise<void>;
  /** Compares our books with the venue's now. */
  reconcile(reason: string): Promise<void>;
  /** Entries wait while there is a reason, and what rests of them is taken back. Null: there is none any more. */
  holdEntries(reason: string | null): void;
  /** Entries wait for a comparison with the venue that begins after this: what was seen before may hold no more. */
  distrustBooks(): void;
  alert(severity: Severity, title: string, message: string, about?: AlertAbout): void;
  /** Figures of the running engine in Prometheus' text format. */
  metrics(): Promise<string>;
  /** Told now and on every change. */
  onStatus(listener: (status: StatusView) => void): Disposer;
}

/** Clients get at most one message a topic in this time; the window on the same machine gets more. */
const FLUSH_MS = { desktop: 250, headless: 1_000 } as const;
/** How often the latch file is looked for: another process may write it. Every order looks for itself as well. */
const LATCH_CHECK_MS = 100;
const RECONCILE_MS = 30_000;
/** How often what could not be stored is tried again. */
const RETRY_MS = 1_000;
/** How often it is looked whether the machine has slept. */
const SLEEP_CHECK_MS = 2_000;
/** How often alerts are looked for, and sent. */
const ALERTS_MS = 1_000;
const FREE_DISK_MS = 60_000;
/** How often a little of what is old is forgotten. */
const UPKEEP_MS = 5_000;
const KEEP_FOLDED_MS = 600_000;
/** How often the venue is asked what the key may do. */
const KEY_RIGHTS_MS = 60_000;
/** How long the end waits for the venue. */
const STOP_PATIENCE_MS = 5_000;
const DAY_MS = TIMEFRAME_MS['1d'];
/** Market time for which a demo keeps decisions that led to nothing. */
const DEMO_MEMORY_MS = 90 * DAY_MS;

/** The engine of one mode at work: the loop at its pace, the emergency stop, reconciliation and the streams. */
export class RunningTradebot implements Tradebot {
  readonly service: EngineService;
  readonly log: Logger;
  readonly #parts: TradebotParts;
  readonly #wiring: Wiring;
  readonly #pause: Pause;
  readonly #locks: SymbolLocks;
  readonly #guardian: GuardianKeeper | null;
  readonly #stop = new AbortController();
  readonly #reconciling = new OneAtATime(() => this.#reconcile());
  readonly #statusListeners = new Set<(status: StatusView) => void>();
  readonly #tasks: Promise<void>[] = [];
  readonly #health: HealthWatch;
  /** How the mirror did at the last look. */
  #mirror: HealthFacts['mirror'];
  #phase: Phase = 'starting';
  #gaps = 0;
  /** What spoke in a language model's place on the last bar, and why. */
  #standIn: string | null = null;
  #reconciliation: Reconciliation = { green: false, at: null, differences: [], notes: [] };
  /** Whether the books and the venue have agreed since the venue was last connected. */
  #compared = false;
  /** How often there was reason to compare anew: a comparison that began before the last one says nothing of it. */
  #doubts = 0;
  /** Why the host has entries wait, or null. */
  #entryHold: string | null = null;
  #run: Promise<void> | undefined;
  #closed = false;
  /** Of the end of the direction models, what the trader was told. */
  #toldExpiry: string | null = null;

  constructor(parts: TradebotParts) {
    this.#parts = parts;
    this.log = parts.log;
    this.#health = new HealthWatch(parts.clocks.wall);
    this.#mirror = parts.upkeep.mirror();
    this.#pause = new Pause(parts.stores.state, parts.log);
    this.#locks = new SymbolLocks({ state: parts.stores.state, clock: parts.clocks.market, log: parts.log });
    this.#guardian = this.#keeperOf(parts);
    this.#wiring = wireTradebot(parts, {
      entriesHeld: (symbol) => this.#entriesHeld(symbol),
      onConnection: (connection) => this.#onConnection(connection),
      setPause: (pause) => this.#setPause(pause),
      pause: () => this.#pause.state,
      locks: this.#locks,
      guardian: () => this.#guardian?.view() ?? null,
      status: () => this.#status(),
      health: () => this.#healthOf(this.#status()),
      resetFacts: () => this.#resetFacts(),
      publish: () => this.#publish(),
      onGap: (symbol, from, missing) => this.#onGap(symbol, from, missing),
      onDecision: (decision) => this.#onDecision(decision),
      onFailure: (error) => this.#onFailure('A decision failed', error),
      onPromoted: (name) => this.#onPromoted(name),
      onVenueNews: () => this.#onVenueNews(),
      reconciliationGreen: () => this.#compared && this.#reconciliation.green,
      onArmed: (capital) => this.#onArmed(capital),
    });
    this.service = this.#wiring.service;
    this.#publish();
  }

  start(): Promise<void> {
    // What was told to end before it began has nothing left to begin with.
    if (this.#closed) return this.#run ?? Promise.resolve();
    this.#run ??= this.#runLoop().catch((error: unknown) => {
      this.#phase = 'ended';
      // Nobody has told it to end: what is open is still guarded.
      this.#guardian?.abandon();
      this.log.error({ err: error }, 'the engine failed');
      this.#wiring.alerts.raise('critical', 'The engine failed', 'trading has stopped: see the log');
      this.#publish();
      throw error;
    });
    return this.#run;
  }

  async goodbye(): Promise<void> {
    await this.#guardian?.goodbye();
  }

  async stop(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop.abort();
    const { engine, emergency, ownedFile, alertsAtWork } = this.#wiring;
    await this.goodbye();
    await this.#forAWhile('orders on their way', this.#settle());
    await this.#forAWhile('the emergency stop', emergency.close());
    await engine.venue.close();
    // What was asked of the venue has no answer to wait for once it is closed.
    await this.#forAWhile('a reconciliation', Promise.all([...this.#tasks, this.#reconciling.settled()]));
    await ownedFile.settled();
    await alertsAtWork.close();
    await this.#parts.close();
  }

  /** Ends the decisions and the run, and lets the venue answer for what is on its way. */
  async #settle(): Promise<void> {
    const { engine } = this.#wiring;
    // Before the run's end is waited for: it may be waiting for a debate.
    await engine.loop.close();
    // A failure of the run was told to whoever started it.
    await this.#run?.catch(() => undefined);
    await engine.desk.orders.idle();
    await engine.close();
  }

  /** A venue that is silent does not keep the program from ending: the next start asks it again. */
  async #forAWhile(what: string, work: Promise<unknown>): Promise<void> {
    if (await endsWithin(this.#parts.timers, STOP_PATIENCE_MS, work)) return;
    this.log.warn({}, `the venue has not answered for ${what}: it is asked again at the next start`);
  }

  /** One comparison at a time: whoever asks during one gets the next. */
  async reconcile(reason: string): Promise<void> {
    if (this.#closed) return;
    const before = this.#reconciliation.green;
    await this.#reconciling.run();
    if (!before && this.#reconciliation.green)
      this.log.info({ reason }, 'reconciled: our books and the venue agree');
  }

  holdEntries(reason: string | null): void {
    if (this.#closed || this.#entryHold === reason) return;
    this.#entryHold = reason;
    // Nobody may be there to place the stop of what fills from now on.
    if (reason !== null) this.#wiring.engine.desk.judgeEntriesAnew();
    this.#publish();
  }

  distrustBooks(): void {
    this.#doubts += 1;
    this.#compared = false;
    if (!this.#closed) this.#publish();
  }

  alert(severity: Severity, title: string, message: string, about?: AlertAbout): void {
    this.#wiring.alerts.raise(severity, title, message, about);
  }

  metrics(): Promise<string> {
    const { metrics, dataAge, engine, views } = this.#wiring;
    metrics.feedAge(dataAge.oldest().ageMs);
    metrics.equity(engine.portfolio.equityFloat());
    const status = this.#status();
    metrics.standing({
      status,
      health: this.#healthOf(status),
      portfolio: portfolioView(engine.portfolio, status.marketTime, engine.limits.settings.minSample),
      positions: views.positions(),
      mirror: this.#mirror,
      bytes: this.#parts.upkeep.view().growth.bytes,
    });
    return metrics.text();
  }

  onStatus(listener: (status: StatusView) => void): Disposer {
    this.#statusListeners.add(listener);
    listener(this.#status());
    return () => {
      this.#statusListeners.delete(listener);
    };
  }

  #keeperOf({ guardian, clocks, timers, log }: TradebotParts): GuardianKeeper | null {
    if (guardian === null) return null;
    return new GuardianKeeper({
      ...guardian,
      clock: clocks.wall,
      timers,
      alert: (severity, title, message) => this.alert(severity, title, message),
      reconcile: (reason) => this.reconcile(reason),
      log,
    });
  }

  async #runLoop(): Promise<void> {
    const { feed, timers, host, notes } = this.#parts;
    const { engine, killSwitch, emergency, live, alerts } = this.#wiring;
    const rehearsal = killSwitch.rehearse();
    if (rehearsal !== null) alerts.raise('critical', 'The kill switch is not durable', rehearsal, LATCH);
    for (const note of [...engine.notes, ...notes])
      alerts.raise('warning', 'The simulation leaves things out', note);
    this.#tellWhatIsNotTradable();
    live?.look();
    this.#guardian?.start();
    await this.reconcile('start');
    await live?.askKeyRights();
    emergency.check();
    this.#repeat(LATCH_CHECK_MS, () => {
      emergency.check();
      live?.look();
    });
    if (live !== null) this.#repeat(KEY_RIGHTS_MS, () => live.askKeyRights());
    this.#repeat(FLUSH_MS[host], () => this.#publish());
    this.#repeat(RECONCILE_MS, () => this.reconcile('every 30 s'));
    this.#watchForSleep();
    this.#repeat(RETRY_MS, () => this.#retryWrites());
    this.#wiring.alertsAtWork.tellWhatLacks();
    this.#tasks.push(
      this.#wiring.alertsAtWork.listen(this.service, this.#parts.stores.state, this.#stop.signal),
    );
    this.#repeat(ALERTS_MS, () => this.#wiring.alertsAtWork.step());
    this.#repeat(FREE_DISK_MS, () => this.#wiring.lookAtDisk());
    this.#repeat(UPKEEP_MS, () => {
      this.#parts.upkeep.step();
      this.#mirror = this.#parts.upkeep.mirror();
    });
    this.#repeat(KEEP_FOLDED_MS, () => engine.keepFolded());
    this.#phase = 'running';
    const { version, settings } = this.#parts;
    this.log.info({ version, mode: settings.mode, host }, 'the program has started');
    this.#publish();
    const pace = paceOf(this.#parts);
    const pacer = new Pacer({ feed, timers, pace, handle: (event) => this.#handle(event) });
    await pacer.run(this.#stop.signal);
    this.#phase = 'ended';
    this.#publish();
  }

  async #handle(event: MarketEvent): Promise<void> {
    const { dataAge, engine, live } = this.#wiring;
    const { drive, timers, volatility } = this.#parts;
    // First of all: its age is the data's, whatever is done with it.
    dataAge.arrived(event);
    // What is foretold goes into decisions: a simulated market waits for it, so that the same seed gives the same.
    if (drive !== null && event.kind === 'bar') await this.#held(volatility.underWay);
    await this.#held(engine.loop.handle(event));
    // What a bar has sent is written to its socket when others have their turn: not after the bars that closed with it.
    if (event.kind === 'bar' && drive === null) await timers.wait(0);
    live?.look();
    // Who stops while a bar is thought about leaves it to the next start.
    if (event.kind === 'bar' && !this.#closed) this.#afterBar(event.symbol, event.candle.openTime);
    await this.#held(this.#parts.arena.handle(event));
  }

  /** What the feed is held up for. */
  #held(work: void | Promise<void>): Promise<void> | undefined {
    return work === undefined ? undefined : this.#wiring.dataAge.hold(work);
  }

  #afterBar(symbol: string, openTime: UtcMs): void {
    const { arena, clocks, settings, stores, volatility } = this.#parts;
    const { engine, metrics, calibration, views } = this.#wiring;
    const { portfolio } = engine;
    const time = clocks.market.now();
    metrics.barProcessed(symbol);
    const lately = stores.history.candles(symbol, settings.timeframe, { limit: LABEL.horizonBars + 1 });
    const durationMs = TIMEFRAME_MS[settings.timeframe];
    calibration.mature(symbol, lately, durationMs);
    // A real market does not wait for it: the next bar's decision is told of it.
    void volatility
      .take(symbol, lately)
      .catch((error: unknown) => this.#onFailure('Volatility is not foretold', error));
    const expiry = volatility.notice(time);
    if (expiry !== null) this.alert('warning', expiry.title, expiry.message, { rule: 'model-expiry' });
    this.#tellExpiry(time);
    // A replay that goes on after a bar must not do so without that bar's point of the curve.
    stores.together(() => {
      if (settings.mode === 'replay') rememberReplay(stores.state, { symbol, openTime, durationMs });
      // A demo runs for months of market time a day: what led to nothing would fill the disk.
      if (settings.mode === 'demo' && time % DAY_MS === 0) stores.decisions.forgetHeld(time - DEMO_MEMORY_MS);
      if (portfolio.marked) stores.equity.append(portfolio.equityRecord(time));
      arena.remember();
    });
    if (portfolio.marked) views.equity(time, portfolio.equityFloat());
  }

  /** That the direction models end, once for each state of it. */
  #tellExpiry(time: UtcMs): void {
    const expiry = modelsExpiry(this.#parts.models.set?.manifest, time);
    if (expiry === null || this.#toldExpiry === expiry.title) return;
    this.#toldExpiry = expiry.title;
    this.alert('warning', expiry.title, expiry.message, { rule: 'model-expiry' });
  }

  #repeat(everyMs: number, run: () => void | Promise<void>): void {
    const onFailure = (error: unknown): void => this.#onFailure('A repeated task failed', error);
    this.#tasks.push(every(this.#parts.timers, { everyMs, run, onFailure }, this.#stop.signal));
  }

  /** Whoever hosts us may not be told of a suspend, or too late: our books are then as old as it was long. */
  #watchForSleep(): void {
    const watch = new SleepWatch(this.#parts.machineClock, SLEEP_CHECK_MS);
    this.#repeat(SLEEP_CHECK_MS, () => {
      const stoodStillMs = watch.look();
      if (stoodStillMs === null) return;
      this.distrustBooks();
      this.alert('warning', 'The program stood still', stoodStillWords(stoodStillMs));
      // The task that looks is not held up by a venue that is not to be reached yet.
      void this.reconcile('the machine woke up').catch((error: unknown) =>
        this.#onFailure('Reconciliation failed', error),
      );
    });
  }

  async #reconcile(): Promise<void> {
    const { engine, alerts } = this.#wiring;
    const doubts = this.#doubts;
    const { differences, notes } = await engine.desk.reconcile();
    if (this.#closed) return;
    const at = this.#parts.clocks.market.now();
    const before = this.#reconciliation;
    const green = differences.length === 0;
    this.#reconciliation = { green, at, differences, notes };
    this.#compared ||= green && doubts === this.#doubts && this.#parts.venue.connection.state === 'connected';
    // A venue's lists lag: what differs once may be right a moment later, and what differs twice is told.
    const lasting = differences.filter(
      (difference) => before.at === null || before.differences.includes(difference),
    );
    if (lasting.length > 0)
      alerts.raise('critical', 'Our books and the venue differ', lasting.join('; '), {
        ...{ rule: 'venue', key: BOOKS_KEY },
      });
  }

  #tellWhatIsNotTradable(): void {
    const { engine, alerts } = this.#wiring;
    for (const symbol of this.#parts.symbols) {
      const reason = engine.notTradable(symbol);
      if (reason !== null) alerts.raise('warning', 'A symbol cannot be traded', reason, { rule: 'venue' });
    }
  }

  /** Why nothing is entered now, whatever the market says; null: it may be. */
  #entriesHeld(symbol: string): string | null {
    if (this.#pause.state !== null) return `trading is paused ${pauseWords(this.#pause.state)}`;
    const locked = this.#locks.refusal(symbol);
    if (locked !== null) return locked;
    if (this.#entryHold !== null) return this.#entryHold;
    const { id, connection } = this.#parts.venue;
    if (connection.state !== 'connected') return `${id} is ${connection.state}: ${connection.message}`;
    if (!this.#compared) return 'our books have not been found to agree with the venue yet';
    return this.#wiring.live?.refusal() ?? null;
  }

  /** What was missed while the line was down is found by comparing, and before that nothing is entered. */
  #onConnection({ state, message }: Connection): void {
    if (state === 'connected') {
      void this.reconcile('the venue is connected again').catch((error: unknown) =>
        this.#onFailure('Reconciliation failed', error),
      );
      return;
    }
    this.#doubts += 1;
    this.#compared = false;
    if (!this.#closed)
      this.alert(
        'critical',
        `The venue is ${state}`,
        message === '' ? 'no entries until it is back' : message,
        { rule: 'venue', key: VENUE_KEY },
      );
  }

  #retryWrites(): void {
    this.#parts.stores.retry();
    this.#wiring.limitHistory.retry();
    this.#wiring.engine.desk.orders.retryLedger();
  }

  #onGap(symbol: string, from: UtcMs, missingBars: number): void {
    this.#gaps += missingBars;
    const message = `${symbol}: ${missingBars} bars from ${utcText(from)}; none was invented`;
    this.alert('info', 'Bars are missing', message, { rule: 'data' });
  }

  #onDecision({ votes }: Decision): void {
    // A decision without Bull's and Bear's votes says nothing of who speaks.
    if (votes.some(({ voter }) => voter !== 'ensemble')) this.#standIn = standInOf(votes);
  }

  #onFailure(title: string, error: unknown): void {
    this.log.error({ err: error }, title);
    const words = error instanceof Error ? error.message : String(error);
    this.alert('critical', title, `${words}: see the log`);
  }

  /** With the emergency stop engaged whatever fills is closed without waiting for the next look. */
  #onVenueNews(): void {
    if (this.#wiring?.killSwitch.engaged()) this.#wiring.emergency.nudge();
  }

  #onPromoted(name: string): void {
    this.alert('warning', 'Another line-up decides', `${name} votes from the next bar on`);
    this.#publish();
  }

  #onArmed(capital: string): void {
    this.alert('warning', 'Live trading is armed', `real money is traded from now on: ${capital}`);
    this.#publish();
  }

  #setPause(pause: PauseView | null): void {
    this.#pause.set(pause);
    if (pause !== null) this.log.info({ ...pause }, `paused ${pauseWords(pause)}`);
    this.#publish();
  }

  #publish(): void {
    const { hub, views, stopAlerts } = this.#wiring;
    const status = this.#status();
    stopAlerts.look(status);
    // A state begins when it is seen, whether anybody asks or not.
    this.#healthOf(status);
    this.#parts.instance?.tell(status.killSwitch);
    hub.set('status', status);
    views.account(this.#parts.clocks.market.now());
    hub.flush();
    for (const listener of this.#statusListeners) listener(status);
  }

  #resetFacts(): ResetFacts {
    const { engine, emergency } = this.#wiring;
    return {
      reconciliationGreen: this.#reconciliation.green,
      openPositions: engine.portfolio.positions().map(({ symbol }) => symbol),
      flattening: emergency.flattening,
      breakerTripped: engine.breaker.state.tripped,
    };
  }

  #healthOf(status: StatusView): HealthView {
    return this.#health.look({ status, guardian: this.#guardian?.view() ?? null, mirror: this.#mirror });
  }

  #status(): StatusView {
    const { engine, emergency, dataAge, live } = this.#wiring;
    return statusOf({
      parts: this.#parts,
      engine,
      emergency,
      dataAge,
      phase: this.#phase,
      pause: this.#pause.state,
      locked: this.#locks.refusals(this.#parts.symbols),
      gaps: this.#gaps,
      reconciliation: this.#reconciliation,
      compared: this.#compared,
      held: this.#entryHold,
      notArmed: live?.refusal() ?? null,
      standIn: this.#standIn,
    });
  }
}
