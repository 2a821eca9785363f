import type { Clock, Disposer, UtcMs } from '../../../core/domain/index.ts';

interface Task {
  readonly at: UtcMs;
  readonly run: () => void;
  cancelled: boolean;
}

/**
 * The venue's own time. It moves only when somebody moves it: a test by minutes at once, `serve.ts` beside the real
 * one. Tasks run in the order of their moments; of two at the same moment the one asked for first runs first.
 */
export class VenueClock implements Clock {
  #now: UtcMs;
  #tasks: Task[] = [];

  constructor(start: UtcMs) {
    this.#now = start;
  }

  now(): UtcMs {
    return this.#now;
  }

  at(time: UtcMs, run: () => void): Disposer {
    const task: Task = { at: Math.max(time, this.#now), run, cancelled: false };
    let place = this.#tasks.length;
    while (place > 0 && (this.#tasks[place - 1]?.at ?? 0) > task.at) place -= 1;
    this.#tasks.splice(place, 0, task);
    return () => {
      task.cancelled = true;
    };
  }

  after(ms: number, run: () => void): Disposer {
    return this.at(this.#now + ms, run);
  }

  /** Resolves when so much of the venue's time has passed. */
  passed(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** Runs at every whole multiple of `ms`. */
  every(ms: number, run: () => void): Disposer {
    let stop: Disposer = () => undefined;
    const next = (): void => {
      stop = this.at(nextMultiple(this.#now, ms), () => {
        next();
        run();
      });
    };
    next();
    return () => stop();
  }

  /** Lets everything happen that is due until then. */
  advanceTo(time: UtcMs): void {
    for (let task = this.#tasks[0]; task !== undefined && task.at <= time; task = this.#tasks[0]) {
      this.#tasks.shift();
      this.#now = Math.max(this.#now, task.at);
      if (!task.cancelled) task.run();
    }
    this.#now = Math.max(this.#now, time);
  }
}

/** The first multiple of `ms` after `now`. */
export const nextMultiple = (now: UtcMs, ms: number): UtcMs => (Math.floor(now / ms) + 1) * ms;
