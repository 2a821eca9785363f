import type { GuardianView, Severity } from '../../contract/index.ts';
import type { Clock, Logger, Timers } from '../../domain/index.ts';
import { every } from '../loop/every.ts';
import { endsWithin } from '../loop/within.ts';
import type { FromGuardian, GuardedPlace, GuardianKeys, GuardianProcess } from './guardian-protocol.ts';

export interface GuardianKeeperOptions {
  /** Starts the process. */
  readonly spawn: () => GuardianProcess;
  readonly place: GuardedPlace;
  readonly keys: GuardianKeys;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly alert: (severity: Severity, title: string, message: string) => void;
  readonly reconcile: (reason: string) => Promise<void>;
  readonly log: Logger;
}

const BEAT_MS = 500;
/** Counted in beats of this process, so that a time in which it stood still itself is none in which it heard nothing. */
const MISSED_AFTER_BEATS = 5_000 / BEAT_MS;
/** Starting a process takes longer on a machine that has much to do. */
const STARTS_WITHIN_BEATS = 30_000 / BEAT_MS;
const FIRST_RESTART_BEATS = 1_000 / BEAT_MS;
const LONGEST_RESTART_BEATS = 60_000 / BEAT_MS;
/** In a row: one that ran this long before is not in a row. */
const MOST_RESTARTS = 10;
const STEADY_AFTER_BEATS = 600_000 / BEAT_MS;
const GOODBYE_MS = 1_000;

/** Keeps a guardian beside the program: says that the program lives, and starts another where the guardian does not. */
export class GuardianKeeper {
  readonly #options: GuardianKeeperOptions;
  readonly #end = new AbortController();
  #process: GuardianProcess | undefined;
  #state: GuardianView['state'] = 'starting';
  #since: number;
  #lastBeat: number | null = null;
  #restarts = 0;
  #inARow = 0;
  /** Beats of this process since the guardian was heard, and since it is at work. */
  #unheard = 0;
  #steady = 0;
  /** Until it is started again. */
  #pause = 0;

  constructor(options: GuardianKeeperOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  start(): void {
    const { timers, log } = this.#options;
    this.#launch();
    const onFailure = (error: unknown): void => log.error({ err: error }, 'the guardian could not be minded');
    void every(timers, { everyMs: BEAT_MS, run: () => this.#beat(), onFailure }, this.#end.signal);
  }

  view(): GuardianView {
    return {
      state: this.#state,
      lastBeat: this.#lastBeat,
      restarts: this.#restarts,
      since: this.#since,
    };
  }

  /** Says that the program ends on purpose, and waits until the guardian has gone. One that hangs is ended. */
  async goodbye(): Promise<void> {
    this.#end.abort();
    const guardian = this.#process;
    this.#process = undefined;
    if (guardian === undefined) return;
    const gone = new Promise<void>((resolve) => {
      guardian.onExit(() => resolve());
    });
    guardian.send({ kind: 'goodbye' });
    if (!(await endsWithin(this.#options.timers, GOODBYE_MS, gone))) guardian.end();
  }

  /** The program has failed, and ends without having been told to: the guardian sees to what is open. */
  abandon(): void {
    this.#end.abort();
    this.#process?.leave();
    this.#process = undefined;
  }

  #launch(): void {
    const { spawn, place, keys } = this.#options;
    this.#unheard = 0;
    this.#steady = 0;
    let started: GuardianProcess;
    try {
      started = spawn();
    } catch (error) {
      this.#lost(`it could not be started: ${String(error)}`);
      return;
    }
    this.#process = started;
    started.onMessage((message) => {
      if (this.#process === started) this.#hear(message);
    });
    started.onExit((how) => {
      if (this.#process === started) this.#lost(how);
    });
    started.send({ kind: 'guard', place, keys });
  }

  #beat(): void {
    const guardian = this.#process;
    if (guardian === undefined) {
      if (this.#state === 'failed') return;
      this.#pause -= 1;
      if (this.#pause <= 0) this.#launch();
      return;
    }
    this.#unheard += 1;
    this.#steady += 1;
    if (this.#steady >= STEADY_AFTER_BEATS) this.#inARow = 0;
    const patience = this.#state === 'watching' ? MISSED_AFTER_BEATS : STARTS_WITHIN_BEATS;
    if (this.#unheard < patience) {
      guardian.send({ kind: 'beat' });
      return;
    }
    this.#lost(`it did not answer for ${(patience * BEAT_MS) / 1_000} s, and was ended`);
    guardian.end();
  }

  #hear(message: FromGuardian): void {
    const { clock, alert, reconcile, log } = this.#options;
    this.#unheard = 0;
    this.#lastBeat = clock.now();
    if (message.kind === 'ready') {
      // Each time another word: the same one soon after would not be told, and the last one told be that it has ended.
      if (this.#restarts > 0)
        alert('info', 'The guardian is back', `it watches the program again: restart ${this.#restarts}`);
      this.#become('watching');
      if (!message.hasKeys) {
        const words = 'it could close nothing: it has found no keys of the venue';
        alert('critical', 'The guardian has no keys', words);
      }
    }
    if (message.kind !== 'ask-reconciliation') return;
    reconcile('the machine slept, a clock was set, or everything stood still').catch((error: unknown) =>
      log.error({ err: error }, 'reconciliation failed'),
    );
  }

  #lost(how: string): void {
    const { alert } = this.#options;
    this.#process = undefined;
    if (this.#inARow === MOST_RESTARTS) {
      this.#become('failed');
      const words = `it has ended ${MOST_RESTARTS + 1} times in a row (${how}): should this program hang, nobody closes. Start the program again`;
      alert('critical', 'There is no guardian', words);
      return;
    }
    this.#become('missing');
    this.#pause = Math.min(FIRST_RESTART_BEATS * 2 ** this.#inARow, LONGEST_RESTART_BEATS);
    this.#inARow += 1;
    this.#restarts += 1;
    const again = `it is started again in ${(this.#pause * BEAT_MS) / 1_000} s`;
    alert('critical', 'The guardian has ended', `${how}; ${again}`);
  }

  #become(state: GuardianView['state']): void {
    this.#state = state;
    this.#since = this.#options.clock.now();
  }
}
