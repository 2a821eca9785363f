import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MODES, type Mode, type Settings, symbolsOf } from '../../contract/index.ts';
import { type Clock, type Exchange, type Logger, type Timers, TraderError } from '../../domain/index.ts';
import { isProcess } from '../../platform/index.ts';
import { ClosingRight, KillHistory, KillSwitch } from '../../safety/index.ts';
import { type DataDirectory, isHeld, openDataDirectory, takeTurn } from '../../storage/index.ts';
import { storedInstallationId } from '../installation/installation-id.ts';
import { forget, type Instance } from '../installation/instances.ts';
import { rememberedVenue } from '../installation/venue-memory.ts';
import { profileOf } from '../modes/mode.ts';
import { requireSameAccount } from '../modes/venue-binding.ts';
import { type OutsideRecord, withOutside, withPress } from './activation-record.ts';
import { booksAtRest, hasBooks, hasOtherBooks } from './books-at-rest.ts';
import { closeOutside, type OutsideOutcome, type SymbolOutcome, wordsOf } from './close-outside.ts';
import { type KillTarget, modesIn, noteOf } from './kill-targets.ts';
import { presserOf } from './presser.ts';
import { type ProgramSigns, watchProgram } from './program-watch.ts';

/** What a program that runs can be asked by its service. Both answer undefined where none answers. */
export interface RunningService {
  /** Presses the kill switch. */
  press(directory: string, reason: string): Promise<unknown>;
  killSwitch(directory: string): Promise<ProgramSigns['killSwitch'] | undefined>;
}

/** With the symbols that are asked about. */
export type SettingsOutside = Settings & { readonly symbols: readonly string[] };

export interface OutsideLine {
  readonly venue: Exchange;
  /** The venue's time. */
  readonly clock: Clock;
  close(): Promise<void>;
}

export interface KillOptions {
  /** The guardian has watched the program already, and closes what that had open: nothing of another mode. */
  readonly from?: 'command-line' | 'guardian';
  readonly reason: string;
  /** Of what has no program; undefined: every mode that has books there. */
  readonly mode: Mode | undefined;
  /** For a mode of which nothing was noted. @throws TraderError when they are wrong. */
  readonly settingsFor: (mode: Mode) => Settings;
  /** Reads the keys, and opens a line to a venue. @throws TraderError where it cannot be had. */
  /** @param directory of the books, which may have a vault. */
  readonly openLine: (
    settings: SettingsOutside,
    onProgress: (line: string) => void,
    directory: string,
  ) => Promise<OutsideLine>;
  readonly service: RunningService;
  /** The machine's, as it is set: other processes compare what is dated by it. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly say: (line: string) => void;
  readonly migrationsFolder?: string;
}

/**
 * `flat`: verified at the venue, or there was nothing. `waits`: a venue of the program's own, which closes when that
 * goes on. `failed`: something is not done, or not known.
 */
export type KillVerdict = 'flat' | 'waits' | 'failed';

export interface KillResult {
  readonly directory: string;
  readonly mode: Mode | null;
  readonly verdict: KillVerdict;
  readonly symbols: readonly SymbolOutcome[];
  /** What the trader is to know or to do, a line each. */
  readonly notes: readonly string[];
}

/** So often a program is waited for anew that came back to life while it was closed for it. */
const MOST_TURNS = 3;
/** Held while something is closed from outside. */
const TURN_FILE = 'kill.lock';
const TURN_EVERY_MS = 250;
/** Longer than closing from outside takes, with a venue that lets nobody in at first. */
const TURN_WITHIN_MS = 240_000;
/** What a program sent before it could see that it is closed from outside has reached the venue by then. */
const ARRIVES_WITHIN_MS = 3_000;
/** Real money does not wait for a venue of trials that gives no answer. */
const DEAREST_FIRST = MODES.toReversed();

/** Stops one program: latch first, then by itself where it can, else from outside. Never rejects. */
export async function killTarget(target: KillTarget, options: KillOptions): Promise<readonly KillResult[]> {
  const { directory, instance } = target;
  try {
    return await new Kill(target, options).run();
  } catch (error) {
    return [
      { directory, mode: instance?.mode ?? null, verdict: 'failed', symbols: [], notes: linesOf(error) },
    ];
  }
}

class Kill {
  readonly #target: KillTarget;
  readonly #options: KillOptions;
  readonly #killSwitch: KillSwitch;
  /** What the program had said last when closing from outside began. */
  #seen: Instance | undefined;
  /** Whether the program has taken the press itself. */
  #isHeard = Promise.resolve(false);

  constructor(target: KillTarget, options: KillOptions) {
    this.#target = target;
    this.#options = options;
    this.#killSwitch = new KillSwitch({ directory: target.directory, clock: options.clock });
  }

  async run(): Promise<readonly KillResult[]> {
    const { directory, instance } = this.#target;
    if (!existsSync(directory)) return [this.#gone()];
    const { reason, from = 'command-line' } = this.#options;
    const press = { at: this.#options.clock.now(), by: presserOf(from), from, reason };
    const { durable, failure } = this.#killSwitch.latch(reason, press.by, from);
    this.#say(durable ? 'the emergency stop is latched on disk' : String(failure));
    const notes = durable ? [] : [`${failure}: make room, and run this command again`];
    const results: KillResult[] = [];
    const modes = instance === undefined ? this.#modes() : [instance.mode, ...this.#leftOpen(instance.mode)];
    if (modes.length === 0) this.#say('nothing has run here yet: whatever is started here is halted');
    for (const mode of modes) results.push(await this.#tried(mode, modes.length));
    if (!(await this.#isHeard)) this.#notePress(press, modes[0]);
    const all = results.length > 0 ? results : [this.#result(null, 'flat')];
    // What does not outlast this moment is not done, whatever was closed.
    return notes.length === 0
      ? all
      : all.map((each) => ({ ...each, verdict: 'failed', notes: [...each.notes, ...notes] }));
  }

  /** The books are gone, and with them what is known of what is ours at a venue. */
  #gone(): KillResult {
    const { instance } = this.#target;
    const isRunning = instance !== undefined && isProcess(instance.pid);
    // Said once: a note of nobody would make every later kill fail.
    if (!isRunning) this.#forget();
    // The system may have given its number to another since.
    const end = isRunning ? `end the process ${instance.pid} if it is the program, and ` : '';
    const line = `the folder is gone, nothing can be latched or read there: ${end}look at the venue yourself`;
    return this.#result(instance?.mode ?? null, 'failed', [line]);
  }

  /** Of a directory of which no program says anything. */
  #modes(): readonly Mode[] {
    const { mode } = this.#options;
    return mode === undefined ? modesIn(this.#target.directory, DEAREST_FIRST) : [mode];
  }

  /** What another mode left at a venue when it last ran here: its program's note is gone, what it holds is not. */
  #leftOpen(running: Mode): readonly Mode[] {
    const { directory } = this.#target;
    if (this.#options.from === 'guardian') return [];
    return modesIn(directory, DEAREST_FIRST).filter((mode) => {
      if (mode === running || profileOf(mode).market !== 'venue') return false;
      const books = booksAtRest({ ...this.#options, directory, mode });
      books.close();
      return books.symbols.length > 0 || books.fault !== null;
    });
  }

  /** A mode that cannot be closed keeps no other from being closed. */
  async #tried(mode: Mode, ofModes: number): Promise<KillResult> {
    try {
      return await (this.#isAside(mode) ? this.#outside(mode) : this.#killMode(mode, ofModes));
    } catch (error) {
      return this.#result(mode, 'failed', linesOf(error));
    }
  }

  /** Whether the program that is noted is of another mode: it tells nothing of this one, and does nothing for it. */
  #isAside(mode: Mode): boolean {
    const { instance } = this.#target;
    return instance !== undefined && instance.mode !== mode;
  }

  async #killMode(mode: Mode, ofModes: number): Promise<KillResult> {
    const { directory, instance } = this.#target;
    const isVenue = profileOf(mode).market === 'venue';
    for (let turn = 0; turn < MOST_TURNS; turn += 1) {
      if (!isHeld(directory)) {
        this.#say(
          instance === undefined ? `no program runs here (${mode})` : `the program has crashed (${mode})`,
        );
        if (isVenue) return this.#outside(mode);
        // It is latched, and nothing of it is anywhere else: told once.
        this.#forget();
        return this.#atRest(mode, 'closes at the next start of the program');
      }
      // Of several modes only one can be the one that runs: which, its program would have said.
      const before = isVenue || ofModes === 1 ? this.#words(mode).symbols : [];
      const verdict = turn === 0 && this.#wasWatched() ? WATCHED : await this.#watch();
      if (verdict.kind === 'flat') {
        this.#say('the program has closed everything and verified it at the venue');
        return { ...this.#result(mode, 'flat', verdict.left), symbols: before };
      }
      if (verdict.kind === 'unfinished') {
        const notes = [
          ...verdict.failures,
          'the program lives and goes on trying: look at it, or end it and run this command again',
        ];
        return { ...this.#result(mode, 'failed', notes), symbols: before.map(unverified) };
      }
      const why = verdict.kind === 'silent' ? 'shows no sign of life' : 'has not opened yet';
      this.#say(`the program ${why}${isVenue ? ': it is closed from outside' : ''}`);
      if (!isVenue) return this.#atRest(mode, 'closes as soon as the program goes on');
      const result = await this.#outside(mode);
      if (result.verdict === 'flat' || !this.#isBack()) return result;
    }
    return this.#result(mode, 'failed', ['the program comes and goes: end it, and run this command again']);
  }

  /** Whether the guardian has seen it silent for long enough, and nothing has been said since. */
  #wasWatched(): boolean {
    const { instance } = this.#target;
    const seen = noteOf(this.#target);
    const isStill = seen?.beat === instance?.beat && seen?.startedAt === instance?.startedAt;
    return this.#options.from === 'guardian' && isStill;
  }

  async #watch() {
    const { service, reason, timers } = this.#options;
    const { directory } = this.#target;
    const before = this.#isHeard;
    this.#isHeard = service.press(directory, reason).then(
      (answer) => answer !== undefined || before,
      () => before,
    );
    let answers = 0;
    const look = async (): Promise<ProgramSigns | undefined> => {
      if (this.#target.folder !== undefined) return noteOf(this.#target);
      // A program that could not note itself may have a service that answers.
      const killSwitch = await service.killSwitch(directory).catch(() => undefined);
      if (killSwitch === undefined) return undefined;
      answers += 1;
      return { beat: answers, killSwitch };
    };
    return watchProgram({ look, timers, onProgress: (line) => this.#say(line) });
  }

  /** A venue that lives in the program: nobody can close there in its place, and nothing is at anybody's else. */
  #atRest(mode: Mode, when: string): KillResult {
    const place = { ...this.#options, directory: this.#target.directory, mode };
    const { symbols, fault } = hasBooks(place) ? this.#words(mode) : { symbols: [], fault: null };
    if (symbols.length === 0 && fault === null && !hasOtherBooks(place)) {
      return this.#result(mode, 'flat', ['nothing was open']);
    }
    const line = `${mode} trades on paper: it is latched, and ${when}`;
    return {
      ...this.#result(mode, 'waits', [line, ...(fault === null ? [] : [fault])]),
      symbols: symbols.map((each) => ({ ...each, after: when })),
    };
  }

  /** One kill at a time: two that close at once would sell twice, the second time what is the trader's own. */
  async #outside(mode: Mode): Promise<KillResult> {
    this.#seen = noteOf(this.#target);
    const turn = await this.#turn();
    try {
      return await this.#closeOutside(mode);
    } finally {
      turn?.close();
    }
  }

  /** @throws TraderError when another kill does not come to an end. */
  async #turn(): Promise<ReturnType<typeof takeTurn>> {
    const file = join(this.#target.directory, TURN_FILE);
    for (let waitedMs = 0; waitedMs < TURN_WITHIN_MS; waitedMs += TURN_EVERY_MS) {
      try {
        const turn = takeTurn(file);
        if (turn !== null) return turn;
      } catch {
        // Where no file can be written closing does not hang on it.
        return null;
      }
      if (waitedMs === 0) this.#say('another kill closes here at this moment: it is waited for');
      await this.#options.timers.wait(TURN_EVERY_MS);
    }
    throw new TraderError(
      'failure',
      'another kill that closes here does not end: end it, and run this one again',
    );
  }

  async #closeOutside(mode: Mode): Promise<KillResult> {
    const { directory } = this.#target;
    const { openLine, settingsFor, migrationsFolder, clock, timers, log } = this.#options;
    const memory = rememberedVenue(directory, mode);
    const place = { directory, mode, migrationsFolder };
    if (memory === undefined && !hasBooks(place)) {
      return this.#result(mode, 'flat', [`${mode} has never run here: nothing is open`]);
    }
    const settings = memory?.settings ?? settingsFor(mode);
    const books = booksAtRest(place);
    const lock = this.#lock();
    try {
      requireSameAccount(books.state, settings);
      const symbols = [...new Set([...books.symbols, ...symbolsOf(settings)])];
      const line = await openLine({ ...settings, symbols }, (words) => this.#say(words), directory);
      const right = new ClosingRight({ directory, clock, timers });
      try {
        this.#say(`${line.venue.id}: connected, with a line of its own`);
        if (this.#isBack() && !this.#isAside(mode)) await this.#arrival();
        const outcome = await closeOutside({
          ...{ symbols, books, venue: line.venue, clock: line.clock, timers, log },
          orderIdPrefix: memory?.orderIdPrefix ?? prefixOf(directory, mode),
          killSwitch: this.#killSwitch,
          mayClose: () => mayClose(right, line.venue),
          onProgress: (words) => this.#say(words),
        });
        this.#note({ ...outcome, mode, venue: line.venue.id });
        // Whose lock can be had is no program any more.
        return this.#closed(mode, outcome, lock !== undefined && !this.#isAside(mode));
      } finally {
        right.release();
        await line.close();
      }
    } finally {
      lock?.close();
      books.close();
    }
  }

  /** A program that woke, or was started, before the right to close was taken has closed by itself until then. */
  async #arrival(): Promise<void> {
    this.#say('the program is there again: what it has sent is waited for');
    await this.#options.timers.wait(ARRIVES_WITHIN_MS);
  }

  /** The program of this directory shows it, at once or when it lives again. Written after what it tells of. */
  #note(outcome: OutsideRecord): void {
    const { directory } = this.#target;
    const latch = this.#killSwitch.state();
    if (latch === undefined) return;
    const history = new KillHistory({ directory, log: this.#options.log });
    history.note(withOutside(latch, history.list(), outcome));
  }

  /** Where another has latched before, the latch says nothing of this press. */
  #notePress(press: Parameters<typeof withPress>[2], mode: Mode | undefined): void {
    const { directory } = this.#target;
    const latch = new KillSwitch({ directory, clock: this.#options.clock }).state();
    if (latch === undefined || mode === undefined) return;
    const history = new KillHistory({ directory, log: this.#options.log });
    const venue = rememberedVenue(directory, mode)?.settings.exchange.id ?? mode;
    const activation = withPress(latch, history.list(), press, { mode, venue });
    if (activation !== undefined) history.note(activation);
  }

  /** While a crashed program is closed for it, none is started in its place. A program that hangs holds its directory. */
  #lock(): DataDirectory | undefined {
    try {
      const as = this.#options.from === 'guardian' ? 'guardian' : 'kill';
      return openDataDirectory(this.#target.directory, as);
    } catch {
      // Held, or not to be written: closing does not hang on it.
      return undefined;
    }
  }

  #closed(mode: Mode, { flat, symbols, failures, left }: OutsideOutcome, isOver: boolean): KillResult {
    if (flat && isOver) this.#forget();
    const advice = flat ? [] : ['run this command again, and look at the venue yourself'];
    return { ...this.#result(mode, flat ? 'flat' : 'failed', [...failures, ...left, ...advice]), symbols };
  }

  #forget(): void {
    const { folder, directory } = this.#target;
    if (folder !== undefined) forget(folder, directory);
  }

  /** Whether the program lives again, and can close by itself. */
  #isBack(): boolean {
    const seen = noteOf(this.#target);
    if (seen === undefined || seen.killSwitch === null) return false;
    return seen.beat !== this.#seen?.beat || seen.startedAt !== this.#seen.startedAt;
  }

  /** What the books say of a mode. */
  #words(mode: Mode): { readonly symbols: readonly SymbolOutcome[]; readonly fault: string | null } {
    const books = booksAtRest({ ...this.#options, directory: this.#target.directory, mode });
    try {
      const symbols = books.symbols.map((symbol) => {
        return { venue: mode, symbol, before: wordsOf(symbol, books, books.held), after: 'flat' };
      });
      return { symbols, fault: books.fault };
    } finally {
      books.close();
    }
  }

  #result(mode: Mode | null, verdict: KillVerdict, notes: readonly string[] = []): KillResult {
    return { directory: this.#target.directory, mode, verdict, symbols: [], notes };
  }

  #say(line: string): void {
    this.#options.say(`${this.#target.directory}: ${line}`);
  }
}

/** Why no close may leave; null: one does. */
function mayClose(right: ClosingRight, { profile }: Exchange): string | null {
  if (right.isLost) return 'this command stood still itself: run it again';
  // Where all that is there is ours, a close too many closes nothing.
  if (profile.account === 'ours') return null;
  if (right.isEarly) return 'another has closed here a moment ago: its fills are waited for';
  right.closes();
  return null;
}

function linesOf(error: unknown): readonly string[] {
  return error instanceof TraderError ? error.lines : [String(error)];
}

const WATCHED = { kind: 'silent' } as const;

const unverified = (outcome: SymbolOutcome): SymbolOutcome => ({ ...outcome, after: 'not verified' });

/** What the ids of a mode's orders begin with. @throws TraderError where nothing was ever sent from a directory. */
function prefixOf(directory: string, mode: Mode): string {
  const id = storedInstallationId(directory);
  if (id !== undefined) return `${profileOf(mode).orderIdLetter}${id}`;
  throw new TraderError(
    'failure',
    `${directory} has no installation-id: orders of ours cannot be told there`,
  );
}
