/**
 * Work that never overlaps itself. Whoever asks while it is being done gets the run after it, together with all who
 * ask until that begins: what was found by a run that had begun before may be out of date.
 */
export class OneAtATime {
  readonly #work: () => Promise<void>;
  #running: Promise<void> | null = null;
  #next: Promise<void> | null = null;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Resolves or rejects with a run that begins now or later. */
  run(): Promise<void> {
    if (this.#running === null) return this.#begin();
    this.#next ??= this.settled().then(() => {
      this.#next = null;
      return this.#begin();
    });
    return this.#next;
  }

  /** Resolves when the run in hand has ended, however it ended. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  #begin(): Promise<void> {
    this.#running = this.#work().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }
}
