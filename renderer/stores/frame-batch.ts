/** Runs what was asked for since the last frame in one go, so that a burst of messages draws the page once. */
export class FrameBatch {
  readonly #schedule: (run: () => void) => void;
  #tasks: (() => void)[] = [];

  constructor(schedule: (run: () => void) => void) {
    this.#schedule = schedule;
  }

  add(task: () => void): void {
    this.#tasks.push(task);
    if (this.#tasks.length === 1) this.#schedule(() => this.#run());
  }

  #run(): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}

const HIDDEN_INTERVAL_MS = 500;

/** Before the next animation frame; a hidden page has none, and takes a timer. */
export function nextFrame(run: () => void): void {
  if (document.hidden) setTimeout(run, HIDDEN_INTERVAL_MS);
  else requestAnimationFrame(run);
}
