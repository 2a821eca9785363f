import type { UtcMs } from '../../core/domain/index.ts';
import { KillSwitch } from '../../core/safety/index.ts';
import { storesOf } from './durable-stores.ts';
import type { EngineUnderTest, OpenEngine } from './engine-port.ts';
import { trueUnits } from './invariants/open-units.ts';
import { closedByStops, promised } from './invariants/rest.ts';
import { Invariants, type Violation } from './invariants.ts';
import { Life, ProcessKilled } from './life.ts';
import { MarketTape, WARM_UP_BARS } from './market-tape.ts';
import { NastyVenue } from './nasty-venue.ts';
import { OtherHands } from './other-hands.ts';
import { CAPITAL, type Crash, type Scenario, scenarioOf } from './scenario.ts';
import { openSeedDisk, type SeedDisk } from './seed-stores.ts';
import { type Stats, statsOf } from './stats.ts';
import { TICK_MS } from './venue/price-path.ts';
import type { VenueSession } from './venue/session.ts';
import { VirtualTime } from './virtual-time.ts';
import { targetsOf, wishesOf } from './wishes.ts';

export interface SeedResult {
  readonly seed: number;
  /** Moments at which something happened. */
  readonly events: number;
  readonly violations: readonly Violation[];
  readonly stats: Stats;
  /** The last things that happened, when asked for. */
  readonly trace: readonly string[];
}

export interface RunOptions {
  readonly openEngine: OpenEngine;
  /** How many of the last lines to keep; 0: none. */
  readonly traceLines?: number;
  /** Changes the scenario that a seed means: for tests of the run itself. */
  readonly change?: (scenario: Scenario) => Scenario;
}

/** Longer than any pause, absence window or comparison of lists takes. */
const REST_MS = 4 * 60_000;
/** Longer than a late fee takes to be told. */
const STILL_MS = 60_000;
const AFTER_SHOCK_MS = 90_000;
/** An order that nobody has answered for that long is lost. */
const ANSWER_MS = 5_000;
const ANSWER_STEP_MS = 100;
/** Beyond every stop. */
const SHOCK = 0.12;

/** Runs one seed from its first bar to its rest. The same seed does the same on every machine. */
export async function runSeed(seed: number, options: RunOptions): Promise<SeedResult> {
  const scenario = (options.change ?? ((same) => same))(scenarioOf(seed));
  const disk = openSeedDisk(scenario);
  const run = new SeedRun(scenario, disk, options);
  const onRejection = (error: unknown): void => run.failed(error);
  process.on('unhandledRejection', onRejection);
  try {
    await run.toTheEnd();
  } finally {
    process.off('unhandledRejection', onRejection);
    disk.close();
  }
  return run.result();
}

/** One process: what it was given, and what is watched of it. */
interface Running {
  readonly life: Life;
  readonly session: VenueSession;
  readonly engine: EngineUnderTest;
  readonly kept: ReadonlySet<number>;
  readyAt: UtcMs | null;
}

class SeedRun {
  readonly #scenario: Scenario;
  readonly #disk: SeedDisk;
  readonly #openEngine: OpenEngine;
  readonly #time: VirtualTime;
  readonly #venue: NastyVenue;
  readonly #tape: MarketTape;
  readonly #invariants: Invariants;
  readonly #trace: string[] = [];
  /** Fills that some earlier process was told of and had time to write down. */
  readonly #kept = new Set<number>();
  readonly #crashes: Crash[];
  #running: Running | null = null;
  #latchedAt: UtcMs | null = null;
  #restarts = 0;
  #over = false;

  constructor(scenario: Scenario, disk: SeedDisk, { openEngine, traceLines = 0 }: RunOptions) {
    this.#scenario = scenario;
    this.#disk = disk;
    this.#openEngine = openEngine;
    this.#crashes = [...scenario.crashes];
    this.#time = new VirtualTime(scenario.start);
    this.#venue = new NastyVenue(this.#time, scenario);
    if (traceLines > 0) this.#venue.trace = (line) => this.#note(line(), traceLines);
    this.#tape = new MarketTape(
      new Map(
        scenario.symbols.map((symbol) => [
          symbol,
          this.#venue.barsBefore(symbol, scenario.start, WARM_UP_BARS),
        ]),
      ),
    );
    this.#invariants = new Invariants(this.#venue);
    this.#time.onRest = () => this.#check();
    this.#time.onThrow = (error) => this.failed(error);
  }

  async toTheEnd(): Promise<void> {
    const { faultsEnd, killAt, start } = this.#scenario;
    const hands = new OtherHands(this.#venue);
    hands.begin();
    if (killAt !== null) this.#time.after(killAt - start, () => this.#kill());
    this.#nextTick();
    this.#boot();
    await this.#time.advanceTo(faultsEnd + REST_MS);
    this.#venue.stand();
    await this.#time.advanceBy(STILL_MS);
    await this.#untilAnswered();
    this.#atRest();
    await this.#shock(hands);
    this.#over = true;
  }

  result(): SeedResult {
    return {
      seed: this.#scenario.seed,
      events: this.#time.moments,
      violations: this.#invariants.violations,
      stats: statsOf(this.#venue, { restarts: this.#restarts, latchedAt: this.#latchedAt }),
      trace: this.#trace,
    };
  }

  /** An error that nobody handled: a process would have died of it, unless it is dead anyway. */
  failed(error: unknown): void {
    if (error instanceof ProcessKilled || this.#running === null || this.#running.life.ended) return;
    const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.#invariants.report('the process stays', [told.split('\n').slice(0, 4).join(' | ')]);
  }

  #nextTick(): void {
    this.#time.after(TICK_MS, () => {
      if (this.#over) return;
      this.#tape.add(this.#venue.tick(), this.#time.now());
      this.#nextTick();
    });
  }

  /** Starts a process over the same disk and venue. */
  #boot(): void {
    const life = new Life();
    const session = this.#venue.connect(life);
    const crash = this.#time.now() < this.#scenario.faultsEnd ? (this.#crashes.shift() ?? null) : null;
    const stores = storesOf(this.#disk.stores, {
      life,
      crash,
      onCrash: () => this.#died(life, session, crash),
      locked: () => this.#venue.conditions.ledgerLocked.holds(this.#time.now()),
      mayCrash: () => this.#time.now() < this.#scenario.faultsEnd,
    });
    const wish = wishesOf(this.#scenario);
    const target = targetsOf(this.#scenario);
    try {
      const engine = this.#openEngine({
        symbols: this.#scenario.symbols,
        capital: CAPITAL,
        venue: session,
        feed: this.#tape.connect(life),
        clocks: { market: this.#time, wall: this.#time },
        timers: this.#time.timersOf(life),
        stores,
        directory: this.#disk.directory,
        wish: (symbol, barOpenTime) => wish(symbol, barOpenTime, this.#time.now()),
        target:
          this.#scenario.decides === 'voters'
            ? null
            : (symbol, barOpenTime) => target(symbol, barOpenTime, this.#time.now()),
        voterLatencyMs: this.#scenario.voterLatencyMs,
        execution: this.#scenario.execution,
        onFailure: (error) => this.#ifAlive(life, () => this.failed(error)),
      });
      const running: Running = { life, session, engine, kept: new Set(this.#kept), readyAt: null };
      this.#running = running;
      engine.start().then(
        () =>
          this.#ifAlive(life, () => {
            running.readyAt = this.#time.now();
          }),
        (error: unknown) => this.#ifAlive(life, () => this.failed(error)),
      );
    } catch (error) {
      if (!(error instanceof ProcessKilled)) throw error;
    }
  }

  #ifAlive(life: Life, act: () => void): void {
    if (!life.ended) act();
  }

  #died(life: Life, session: VenueSession, crash: Crash | null): void {
    const now = this.#time.now();
    const locked = this.#venue.conditions.ledgerLocked.holds(now);
    // What it was told in the instant of its death, or while its ledger was locked, may be lost with it.
    if (!locked) for (const [sequence, toldAt] of session.toldAt) if (toldAt < now) this.#kept.add(sequence);
    this.#restarts += 1;
    this.#venue.trace(() => `the process dies at durable write ${crash?.write} (${crash?.when})`);
    if (this.#running?.life === life) this.#running = null;
    this.#time.after(crash?.downMs ?? 0, () => {
      this.#venue.trace(() => 'a process starts');
      this.#boot();
    });
  }

  /** By the running program where it is up, else, as the command line does it, by the file alone. */
  #kill(): void {
    this.#latchedAt = this.#time.now();
    this.#venue.trace(() => 'the emergency stop is pressed');
    const running = this.#running;
    if (running?.readyAt != null && this.#scenario.seed % 2 === 0) running.engine.kill('chaos');
    else
      new KillSwitch({ directory: this.#disk.directory, clock: this.#time }).latch(
        'chaos',
        'another process',
      );
  }

  #check(): void {
    const running = this.#running;
    const watched =
      running?.readyAt != null && this.#latchedAt === null ? { ...running, readyAt: running.readyAt } : null;
    this.#invariants.afterEvent(watched, this.#latchedAt);
  }

  /**
   * A plan adds, or moves a stop, when a bar closes, which may be now: what is on its way to the venue has not come to
   * rest, nor has a stop that is being taken back because its successor has arrived.
   */
  async #untilAnswered(): Promise<void> {
    const { ledger } = this.#disk.stores;
    for (let waited = 0; waited < ANSWER_MS; waited += ANSWER_STEP_MS) {
      const isSent = ledger.unfinishedOrders().some(({ status }) => status === 'SENT');
      if (!isSent && this.#running?.session.isAnswered !== false) return;
      await this.#time.advanceBy(ANSWER_STEP_MS);
    }
  }

  #atRest(): void {
    const running = this.#running;
    if (running?.readyAt == null) {
      this.#invariants.report('the process starts', [
        'no process trades though nothing has failed for minutes',
      ]);
      return;
    }
    this.#invariants.atRest(running.engine, this.#disk.stores.ledger, this.#latchedAt);
  }

  /** The price goes far beyond every stop: what was promised to be closed must be, by whoever promised it. */
  async #shock(hands: OtherHands): Promise<void> {
    const running = this.#running;
    if (running === null || this.#latchedAt !== null) return;
    const symbols = promised(this.#venue, running.engine);
    if (symbols.length === 0) return;
    hands.goHome();
    for (const symbol of symbols) {
      const isLong = trueUnits(this.#venue, symbol).isPositive();
      this.#venue.trace(() => `the price of ${symbol} jumps against its position`);
      this.#venue.movePrice(symbol, isLong ? 1 - SHOCK : 1 + SHOCK);
    }
    await this.#time.advanceBy(AFTER_SHOCK_MS);
    await this.#untilAnswered();
    this.#invariants.report('stops close', closedByStops(this.#venue, symbols));
    this.#atRest();
  }

  #note(line: string, most: number): void {
    const seconds = ((this.#time.now() - this.#scenario.start) / 1_000).toFixed(3);
    this.#trace.push(`${seconds.padStart(9)} ${line}`);
    if (this.#trace.length > most) this.#trace.shift();
  }
}
