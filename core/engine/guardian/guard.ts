import { existsSync } from 'node:fs';
import type { Clock, Timers } from '../../domain/index.ts';
import {
  FIRST_WATCH,
  type Moment,
  ranBetween,
  type Watch,
  type WatchEvent,
  watched,
} from '../../guardian/index.ts';
import type { GuardedPlace, GuardedProgram } from './guardian-protocol.ts';

/** What a second look at a program that says nothing finds: what of it is open, or that it does not need its guardian. */
export type Found = 'open' | 'flat' | 'unknown' | Needless;
/** It beats all the same, or another program has taken its place. */
export type Needless = 'alive' | 'relieved';

/** What the guardian does beyond watching. A failure is told where it happens. */
export interface GuardDeeds {
  look(): Promise<Found>;
  /** Latches, and closes from outside. */
  close(): Promise<'flat' | 'failed' | 'relieved'>;
}

export interface GuardOptions {
  readonly place: GuardedPlace;
  readonly program: GuardedProgram;
  readonly deeds: GuardDeeds;
  /** The machine's, as it is set. */
  readonly clock: Clock;
  readonly timers: Timers;
}

const TICK_MS = 500;

/** Watches one program by what it says over its line, and closes for it when it says nothing any more. */
export class Guard {
  readonly #options: GuardOptions;
  #watch: Watch = FIRST_WATCH;

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
    const { timers, program, place } = this.#options;
    let before = this.#moment();
    while (this.#watch.stage.kind !== 'left') {
      await timers.wait(TICK_MS);
      if (!existsSync(place.directory)) this.#happens({ kind: 'relieved' });
      const now = this.#moment();
      this.#happens({ kind: 'time', ranMs: ranBetween(before, now) });
      before = now;
      program.send({ kind: 'beat' });
    }
  }

  #moment(): Moment {
    const { clock, timers } = this.#options;
    return { monotonicMs: timers.monotonicMs(), wallMs: clock.now() };
  }

  #happens(event: WatchEvent): void {
    const { watch, deed } = watched(this.#watch, event);
    this.#watch = watch;
    if (deed === 'look') void this.#look();
    if (deed === 'close') void this.#close();
    if (deed === 'ask-reconciliation') this.#options.program.send({ kind: 'ask-reconciliation' });
  }

  async #look(): Promise<void> {
    // Where nobody can look something may be open.
    const found = await this.#options.deeds.look().catch(() => 'unknown' as const);
    if (found === 'alive') this.#happens({ kind: 'beat' });
    else if (found === 'relieved') this.#happens({ kind: 'relieved' });
    else this.#happens({ kind: 'looked', found });
  }

  async #close(): Promise<void> {
    const outcome = await this.#options.deeds.close().catch(() => 'failed' as const);
    if (outcome === 'relieved') this.#happens({ kind: 'relieved' });
    this.#happens({ kind: 'closed', isFlat: outcome === 'flat' });
  }
}
