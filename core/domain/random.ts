/** A seeded source of randomness: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
}

/** State of a generator between two numbers: four unsigned 32-bit words. */
export type RandomState = readonly [number, number, number, number];

/**
 * sfc32 ("small fast counter", Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush,
 * needs only 32-bit integer operations. Not for secrets.
 */
export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  constructor(seed: number | RandomState) {
    if (typeof seed === 'number') {
      this.#a = 0;
      this.#b = 0;
      this.#c = seed >>> 0;
      this.#counter = 1;
      // The generator's author runs 12 rounds or more to spread the seed over the state.
      for (let round = 0; round < 16; round += 1) this.next();
    } else {
      [this.#a, this.#b, this.#c, this.#counter] = seed;
    }
  }

  next(): number {
    const result = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return (result >>> 0) / 4_294_967_296;
  }

  state(): RandomState {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#counter >>> 0];
  }
}
