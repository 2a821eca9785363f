import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startVenue, type Venue, VenueClock } from '../venue/index.ts';
import type { Books } from './books.ts';
import { atRest, sentOnce, type Violation } from './judgement.ts';
import { ledgerOf } from './ledger-file.ts';
import { ProcessUnderTest } from './process-under-test.ts';
import { type End, type Scenario, scenarioOf } from './scenario.ts';
import { settingsOf, venueNameOf } from './settings.ts';
import type { Stats } from './stats.ts';
import { Strangers } from './strangers.ts';
import { VenueTruth } from './venue-truth.ts';

export interface SeedResult {
  readonly seed: number;
  /** Requests that the venue heard, and trades, faults and deaths. */
  readonly events: number;
  readonly violations: readonly Violation[];
  /** By misreading: what would have been found at the end, had the ledger's file said that. */
  readonly misreadings: readonly (readonly Violation[])[];
  readonly stats: Stats;
  /** The last things that happened, when asked for. */
  readonly trace: readonly string[];
}

export interface RunOptions {
  /** What `bundleHost` made. */
  readonly host: string;
  readonly traceLines?: number;
  /** Changes the scenario that a seed means: for tests of the run itself. */
  readonly change?: (scenario: Scenario) => Scenario;
  /** For tests of the judgement: what the ledger's file is taken to say besides. */
  readonly misread?: readonly ((ledger: Books) => Books)[];
}

/** Between two looks at sockets and timers. */
const SLICE_MS = 250;
/** Longer than any pause, absence window or comparison of lists takes. */
const REST_MS = 3 * 60_000;
/** So long what is seen may still be on its way. */
const PATIENCE_MS = 60_000;
/** A process that is not ready in so much of the venue's time never will be. */
const OPENING_MS = 5 * 60_000;
/** Before whoever started it tries again what did not work. */
const PAUSE_MS = 10_000;
/** So often the same moment is given another turn while requests come in. */
const MOST_TURNS = 40;
/** A disk in memory where the system has one: what is tested is order, not the patience of a disk. */
const SHARED_MEMORY = '/dev/shm';

/** Runs one seed from its first process to its rest. */
export async function runSeed(seed: number, options: RunOptions): Promise<SeedResult> {
  const { change = (same: Scenario) => same } = options;
  const scenario = change(scenarioOf(seed));
  const venue = await startVenue({
    ...{ dialect: scenario.dialect, seed, clock: new VenueClock(scenario.start), symbols: scenario.symbols },
    ...{ historyBars: 850, mood: { volatility: scenario.volatility }, faults: scenario.faults },
    accounts: [{ balances: { USDT: '20000', ...scenario.ownCoins } }],
  });
  const parent = existsSync(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
  const directory = mkdtempSync(join(parent, 'tradebot-chaos-venue-'));
  const run = new SeedRun({ scenario, venue, directory, ...options });
  try {
    await run.toTheEnd();
    return run.result();
  } finally {
    await run.close();
    await venue.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface SeedRunOptions extends RunOptions {
  readonly scenario: Scenario;
  readonly venue: Venue;
  readonly directory: string;
}

/** One process, and where it is to end. */
interface Life {
  readonly process: ProcessUnderTest;
  readonly end: End | null;
  readonly openedAt: number;
  readonly heardBefore: number;
}

class SeedRun {
  readonly #options: SeedRunOptions;
  readonly #venue: Venue;
  readonly #truth: VenueTruth;
  readonly #strangers: Strangers;
  readonly #ends: End[];
  readonly #violations = new Map<string, Violation>();
  readonly #trace: string[] = [];
  #misreadings: readonly (readonly Violation[])[] = [];
  #life: Life | null = null;
  #startsAt: number;
  #isTrouble = true;
  #deaths = 0;
  #atWrites = 0;
  #seen = { requests: 0, strikes: 0 };

  constructor(options: SeedRunOptions) {
    const { scenario, venue } = options;
    this.#options = options;
    this.#venue = venue;
    this.#truth = new VenueTruth(venue, scenario.dialect);
    this.#strangers = new Strangers(venue, scenario, this.#truth, (line) => this.#note(line));
    this.#ends = [...scenario.ends];
    this.#startsAt = scenario.start;
  }

  async toTheEnd(): Promise<void> {
    const { start, troubleMs } = this.#options.scenario;
    await this.#passUntil(start + troubleMs);
    this.#venue.faults.clear();
    this.#strangers.goHome();
    this.#isTrouble = false;
    this.#note('nothing fails any more');
    await this.#passUntil(start + troubleMs + REST_MS);
    await this.#comeToRest();
  }

  result(): SeedResult {
    const { scenario, venue } = this.#options;
    const stats: Stats = {
      trades: venue.fills().length,
      stops: this.#truth.stopsFilled(),
      faults: venue.faults.strikes.length,
      ...{ deaths: this.#deaths, atWrites: this.#atWrites },
    };
    return {
      seed: scenario.seed,
      events: venue.requests.length + stats.trades + stats.faults + stats.deaths,
      violations: [...this.#violations.values()],
      misreadings: this.#misreadings,
      stats,
      trace: this.#trace,
    };
  }

  async close(): Promise<void> {
    await this.#life?.process.kill();
  }

  async #passUntil(time: number): Promise<void> {
    while (this.#venue.now() < time) await this.#pass();
  }

  /** A slice of time for everybody. */
  async #pass(): Promise<void> {
    const venue = this.#venue;
    venue.clock.advanceTo(venue.now() + SLICE_MS);
    this.#strangers.act(this.#isTrouble);
    if (this.#life === null && venue.now() >= this.#startsAt) await this.#start();
    const life = this.#life;
    if (life === null) await venue.settle(1);
    else await this.#live(life);
    this.#report(sentOnce(this.#truth, this.#options.scenario.execution.entry === 'maker-first'));
    this.#tellWhatHappened();
  }

  async #start(): Promise<void> {
    const { scenario, directory, host } = this.#options;
    const process = new ProcessUnderTest(host);
    await process.loaded;
    const end = this.#isTrouble ? (this.#ends.shift() ?? null) : null;
    this.#note(`a process starts${end === null ? '' : `, to end ${JSON.stringify(end)}`}`);
    const [openedAt, heardBefore] = [this.#venue.now(), this.#ordersHeard()];
    this.#life = { process, end, openedAt, heardBefore };
    const venue = this.#venue;
    const name = venueNameOf(scenario);
    process.open({
      ...{ now: openedAt, skewMs: this.#strangers.skewMs(), directory },
      settings: settingsOf(scenario, { rest: venue.restUrl, ws: venue.wsUrl }),
      keys: { [`exchange.${name}.apiKey`]: venue.apiKey, [`exchange.${name}.secret`]: venue.secret },
      death: end?.kind === 'write' ? end.death : null,
    });
  }

  async #live(life: Life): Promise<void> {
    const { process } = life;
    await process.time(this.#venue.now(), this.#strangers.skewMs());
    for (let turn = 0; turn < MOST_TURNS && process.ended === null; turn += 1) {
      if (this.#isDue(life)) await process.kill();
      const before = this.#venue.requests.length;
      await this.#venue.settle(1);
      await process.turn();
      if (this.#venue.requests.length === before) break;
    }
    this.#lookAt(life);
  }

  /** Whether it is to be killed from outside now. */
  #isDue({ end, openedAt, heardBefore }: Life): boolean {
    if (!this.#isTrouble || end === null) return false;
    if (end.kind === 'moment') return this.#venue.now() >= openedAt + end.afterMs;
    return end.kind === 'request' && this.#ordersHeard() >= heardBefore + end.count;
  }

  #lookAt({ process, end, openedAt }: Life): void {
    const { failures, ended, started } = process;
    const late = !started && this.#venue.now() > openedAt + OPENING_MS;
    if (late) this.#report([{ rule: 'the process starts', detail: 'it has not in five minutes' }]);
    if (failures.length > 0) {
      // What cannot be opened is tried again by whoever started it; a trader would press the button once more.
      this.#note(`it says: ${failures.join(' | ').slice(0, 300)}`);
      const wasOpen = started || !this.#isTrouble;
      if (wasOpen) this.#report([{ rule: 'the process stays', detail: failures.join(' | ').slice(0, 600) }]);
    }
    if (ended === null && failures.length === 0) return;
    if (ended === null) void process.kill();
    else {
      const isPlanned = process.killed || (ended.signal === 'SIGKILL' && end?.kind === 'write');
      if (!isPlanned)
        this.#report([
          { rule: 'the process stays', detail: `ended with ${ended.code ?? ended.signal}: ${ended.errors}` },
        ]);
      if (ended.signal === 'SIGKILL' && !process.killed) this.#atWrites += 1;
    }
    this.#deaths += 1;
    this.#note('the process is gone');
    this.#life = null;
    const isOwnDeath = failures.length > 0 || !process.killed;
    this.#startsAt = this.#venue.now() + (end?.downMs ?? (isOwnDeath ? PAUSE_MS : 0));
  }

  /** What is on its way gets time to arrive; what differs after that differs. */
  async #comeToRest(): Promise<void> {
    const { directory, misread = [] } = this.#options;
    const file = join(directory, 'sandbox.sqlite');
    let found: readonly Violation[] = [];
    for (const until = this.#venue.now() + PATIENCE_MS; this.#venue.now() < until; ) {
      await this.#pass();
      const ledger = existsSync(file) ? ledgerOf(file) : undefined;
      found =
        ledger === undefined ? [{ rule: 'books agree', detail: 'there are none' }] : this.#judge(ledger);
      if (ledger !== undefined) this.#misreadings = misread.map((change) => this.#judge(change(ledger)));
      if (found.length === 0) return;
      await this.#passUntil(this.#venue.now() + 2_000);
    }
    this.#report(found);
  }

  #judge(ledger: Books): readonly Violation[] {
    const { scenario } = this.#options;
    return atRest({
      ...{ venue: this.#venue, truth: this.#truth, ledger, status: this.#life?.process.status ?? null },
      symbols: scenario.symbols.map((symbol) => symbol.replace('/', '')),
      keepsNoStops: scenario.isDerived || scenario.dialect === 'bybit-spot',
    });
  }

  #report(found: readonly Violation[]): void {
    for (const violation of found) {
      const key = `${violation.rule}: ${violation.detail}`;
      if (this.#violations.has(key)) continue;
      this.#note(`VIOLATION ${key}`);
      this.#violations.set(key, violation);
    }
  }

  #ordersHeard(): number {
    return this.#venue.requests.filter(({ route }) => /^(POST|DELETE) .*order/i.test(route)).length;
  }

  #tellWhatHappened(): void {
    if ((this.#options.traceLines ?? 0) === 0) return;
    const { requests, faults } = this.#venue;
    for (const { route, status } of requests.slice(this.#seen.requests))
      if (!route.startsWith('GET')) this.#note(`${route}: ${status}`);
    for (const { name, subject } of faults.strikes.slice(this.#seen.strikes))
      this.#note(`fault ${name} ${subject.slice(0, 100)}`);
    this.#seen = { requests: requests.length, strikes: faults.strikes.length };
  }

  #note(line: string): void {
    const { traceLines = 0, scenario } = this.#options;
    if (traceLines === 0) return;
    const seconds = ((this.#venue.now() - scenario.start) / 1_000).toFixed(2);
    this.#trace.push(`${seconds.padStart(9)} ${line}`);
    if (this.#trace.length > traceLines) this.#trace.shift();
  }
}
