/** Number of closes in a row in the same direction, negative when falling; an unchanged close ends the run. */
export class RunLength {
  readonly #longest: number;
  #run = 0;

  constructor(longest: number) {
    this.#longest = longest;
  }

  push(change: number, restart: boolean): number {
    if (Number.isNaN(change)) return NaN;
    const direction = Math.sign(change);
    const continues = !restart && direction === Math.sign(this.#run);
    const run = continues ? this.#run + direction : direction;
    this.#run = Math.max(-this.#longest, Math.min(this.#longest, run));
    return this.#run;
  }
}
