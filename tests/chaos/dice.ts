import { nextNormal, type Random, SeededRandom } from '../../core/domain/index.ts';

/** Chance in plain words over one stream of seeded numbers. */
export class Dice {
  readonly #seed: number;
  readonly #random: Random;

  constructor(seed: number) {
    this.#seed = seed;
    this.#random = new SeededRandom(seed);
  }

  /** A stream of its own: drawing more in one place shifts nothing in another. */
  fork(name: string): Dice {
    let hash = 0x811c9dc5 ^ this.#seed;
    // FNV-1a (Fowler, Noll, Vo): enough to tell streams apart.
    for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    return new Dice(hash >>> 0);
  }

  chance(probability: number): boolean {
    return this.#random.next() < probability;
  }

  /** Uniform in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#random.next();
  }

  /** A whole number, both ends included. */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** A standard normal number. */
  normal(): number {
    return nextNormal(this.#random);
  }

  /** @throws RangeError when there is nothing to pick from. */
  pick<T>(choices: readonly T[]): T {
    const picked = choices[this.whole(0, choices.length - 1)];
    if (picked === undefined) throw new RangeError('there is nothing to pick from');
    return picked;
  }
}
