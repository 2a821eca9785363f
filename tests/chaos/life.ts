/** Thrown out of the durable write at which a process is made to die. */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled';
}

/**
 * One run of the program, from its start to its end or death. Whatever joins it to the world (the line to the venue,
 * its timers, its stores) asks here first: of a process that has ended nothing leaves, and nothing reaches it.
 */
export class Life {
  #ended = false;

  get ended(): boolean {
    return this.#ended;
  }

  end(): void {
    this.#ended = true;
  }

  /** @throws ProcessKilled when this process has ended. */
  assertAlive(): void {
    if (this.#ended) throw new ProcessKilled('this process has ended');
  }
}
