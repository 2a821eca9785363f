import { existsSync } from 'node:fs';
import type { Clock, Logger, Timers } from '../../domain/index.ts';
import {
  FIRST_WATCH,
  type Moment,
  ranBetween,
  type Watch,
  type WatchEvent,
  watched,
} from '../../guardian/index.ts';
import { type Instance, notedOn } from '../installation/instances.ts';
import type { GuardedPlace, GuardedProgram } from './guardian-protocol.ts';

/** What the guardian does beyond watching: all that is large to load. */
export interface GuardDeeds {
  /** Whether the books have anything open. */
  look(): Promise<'open' | 'flat' | 'unknown'>;
  /** Latches, and closes from outside. @returns whether everything is verified flat. */
  close(): Promise<boolean>;
}

export interface GuardOptions {
  readonly place: GuardedPlace;
  readonly program: GuardedProgram;
  readonly deeds: GuardDeeds;
  /** The machine's, as it is set. */
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

const TICK_MS = 500;

/** Watches one program, by what it says over the line and by its note, and closes for it when both fall silent. */
export class Guard {
  readonly #options: GuardOptions;
  #watch: Watch = FIRST_WATCH;
  #note: Instance | undefined;

  constructor(options: GuardOptions) {
    this.#options = options;
    options.program.onMessage(({ kind }) => {
      if (kind === 'beat') this.#happens({ kind: 'beat' });
      if (kind === 'goodbye') this.#happens({ kind: 'relieved' });
    });
    options.program.onGone(() => this.#happens({ kind: 'gone' }));
  }

  /** Resolves when there is nothing to guard any more. */
  async run(): Promise<void> {
    const { timers, program } = this.#options;
    let before = this.#moment();
    while (!this.#hasLeft()) {
      await timers.wait(TICK_MS);
      this.#lookAround();
      const now = this.#moment();
      this.#happens({ kind: 'time', ranMs: ranBetween(before, now) });
      before = now;
      program.send({ kind: 'beat' });
    }
  }

  #hasLeft(): boolean {
    return this.#watch.stage.kind === 'left';
  }

  #moment(): Moment {
    const { clock, timers } = this.#options;
    return { monotonicMs: timers.monotonicMs(), wallMs: clock.now() };
  }

  /** The note goes on where the line does not, and is another's when somebody has started the program again. */
  #lookAround(): void {
    const { place } = this.#options;
    const { directory, runtimeFolder, pid } = place;
    if (!existsSync(directory)) {
      this.#happens({ kind: 'relieved' });
      return;
    }
    const note = runtimeFolder === null ? undefined : notedOn(runtimeFolder, directory);
    if (note === undefined) return;
    const before = this.#note ?? note;
    this.#note = note;
    if (note.pid !== pid || note.startedAt !== before.startedAt) this.#happens({ kind: 'relieved' });
    else if (note.beat !== before.beat) this.#happens({ kind: 'beat' });
  }

  #happens(event: WatchEvent): void {
    const { program, log } = this.#options;
    const { watch, deed } = watched(this.#watch, event);
    this.#watch = watch;
    switch (deed) {
      case null:
        return;
      case 'look':
        log.warn({}, 'the program gives no sign of life: what it has open is looked at');
        void this.#look();
        return;
      case 'close':
        void this.#close();
        return;
      case 'ask-reconciliation':
        log.info(
          {},
          'the machine slept, a clock was set, or everything stood still: silence is counted anew',
        );
        program.send({ kind: 'ask-reconciliation' });
        return;
      case 'leave':
        log.info({}, 'there is nothing to guard any more');
    }
  }

  async #look(): Promise<void> {
    const found = await this.#options.deeds.look().catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'what is open cannot be told');
      return 'unknown' as const;
    });
    this.#happens({ kind: 'looked', found });
  }

  async #close(): Promise<void> {
    const isFlat = await this.#options.deeds.close().catch((error: unknown) => {
      this.#options.log.error({ err: error }, 'closing from outside failed');
      return false;
    });
    this.#happens({ kind: 'closed', isFlat });
  }
}
