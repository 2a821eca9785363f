import type { VenueProfile } from '../../domain/index.ts';

interface Evidence {
  readonly sinceMs: number;
  readonly answers: number;
}

/**
 * When something that the venue does not find is believed to be nowhere: an order, say, or whose a fill is. One such
 * answer is no proof: lists lag, calls reach another of the venue's machines, and an order may still be on its way.
 * Only repeated ones are, over more than the time in which an order can still arrive. An answer of any other kind
 * starts all over.
 */
export class Absence {
  readonly #rule: VenueProfile['absence'];
  readonly #evidence = new Map<string, Evidence>();

  constructor(rule: VenueProfile['absence']) {
    this.#rule = rule;
  }

  /**
   * Takes an answer "absent".
   *
   * @param answeredMs monotonic time read after the answer came: read before, the answer would count as older than it is.
   * @returns whether it is believed to be nowhere.
   */
  note(id: string, answeredMs: number): boolean {
    const { sinceMs, answers } = this.#evidence.get(id) ?? { sinceMs: answeredMs, answers: 0 };
    this.#evidence.set(id, { sinceMs, answers: answers + 1 });
    return answers + 1 >= this.#rule.answers && answeredMs - sinceMs >= this.#rule.windowMs;
  }

  /** Whether nothing has spoken against it since the first answer. */
  stands(id: string): boolean {
    return this.#evidence.has(id);
  }

  /** The venue found it, or could not tell. */
  forget(id: string): void {
    this.#evidence.delete(id);
  }
}
