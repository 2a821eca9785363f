import type { Clock, Disposer, Timers, UtcMs } from '../../core/domain/index.ts';
import type { Life } from './life.ts';

interface Task {
  readonly at: UtcMs;
  /** Order of scheduling: of two tasks of the same moment the first asked for runs first. */
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** More moments than this without a millisecond passing are a loop that waits for no time at all. */
const ENDLESS = 10_000;

/**
 * All the time there is in a chaos run: nothing waits for real. Tasks run in the order of their moments, and after
 * each moment every promise that it settled has had its say before the next one begins.
 */
export class VirtualTime implements Clock {
  readonly #start: UtcMs;
  readonly #tasks = new TaskHeap();
  #now: UtcMs;
  #order = 0;
  #moments = 0;
  #momentsNow = 0;
  /** Called after each moment, when all promises are at rest. */
  onRest: () => void = () => undefined;
  /** Told what a task throws, as a process is that dies of it. */
  onThrow: (error: unknown) => void = (error) => {
    throw error;
  };

  constructor(start: UtcMs) {
    this.#start = start;
    this.#now = start;
  }

  now(): UtcMs {
    return this.#now;
  }

  /** How many moments something has happened at so far. */
  get moments(): number {
    return this.#moments;
  }

  after(ms: number, run: () => void): Disposer {
    this.#order += 1;
    const task: Task = {
      at: this.#now + Math.max(0, Math.round(ms)),
      order: this.#order,
      run,
      cancelled: false,
    };
    this.#tasks.push(task);
    return () => {
      task.cancelled = true;
    };
  }

  /** The timers of one process; they end with it. */
  timersOf(life: Life): Timers {
    return {
      monotonicMs: () => this.#now - this.#start,
      wait: (ms, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) {
            resolve();
            return;
          }
          const wake = (): void => {
            cancel();
            signal?.removeEventListener('abort', wake);
            if (!life.ended) resolve();
          };
          const cancel = this.after(ms, wake);
          signal?.addEventListener('abort', wake);
        }),
    };
  }

  /** Lets everything happen that is due until then. */
  async advanceTo(time: UtcMs): Promise<void> {
    for (let next = this.#tasks.peek(); next !== undefined && next.at <= time; next = this.#tasks.peek()) {
      if (next.at > this.#now) this.#momentsNow = 0;
      this.#now = Math.max(this.#now, next.at);
      await this.#moment();
    }
    this.#now = Math.max(this.#now, time);
  }

  async advanceBy(ms: number): Promise<void> {
    await this.advanceTo(this.#now + ms);
  }

  /** Lets promises that nothing but other promises hold up come to rest. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }

  async #moment(): Promise<void> {
    // What a task asks for at the same moment is a moment of its own: the promises of this one come first.
    const asked = this.#order;
    const isDue = (task: Task): boolean => task.at <= this.#now && task.order <= asked;
    for (let next = this.#tasks.peek(); next !== undefined && isDue(next); next = this.#tasks.peek()) {
      this.#tasks.pop();
      if (!next.cancelled) this.#run(next);
    }
    this.#moments += 1;
    this.#momentsNow += 1;
    if (this.#momentsNow > ENDLESS)
      throw new Error(`time stands still at ${this.#now}: somebody waits for nothing`);
    await this.settle();
    this.onRest();
  }

  #run(task: Task): void {
    try {
      task.run();
    } catch (error) {
      this.onThrow(error);
    }
  }
}

/** A binary heap: the earliest task on top. */
class TaskHeap {
  readonly #tasks: Task[] = [];

  peek(): Task | undefined {
    return this.#tasks[0];
  }

  push(task: Task): void {
    let place = this.#tasks.push(task) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#isBefore(place, parent)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  pop(): void {
    const last = this.#tasks.pop();
    if (last === undefined || this.#tasks.length === 0) return;
    this.#tasks[0] = last;
    let place = 0;
    for (;;) {
      let first = place;
      for (const child of [2 * place + 1, 2 * place + 2]) {
        if (child < this.#tasks.length && this.#isBefore(child, first)) first = child;
      }
      if (first === place) return;
      this.#swap(place, first);
      place = first;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const [one, other] = [this.#tasks[a], this.#tasks[b]];
    if (one === undefined || other === undefined) return false;
    return one.at < other.at || (one.at === other.at && one.order < other.order);
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#tasks[a], this.#tasks[b]];
    if (one === undefined || other === undefined) return;
    this.#tasks[a] = other;
    this.#tasks[b] = one;
  }
}
