// Ring indices are masked to the ring's length, so reads are cast to number.

/**
 * Largest (sign +1) or smallest (sign -1) of the last `window` values and how many bars ago it was; of equal
 * values the most recent counts. A monotonic queue on preallocated rings: constant amortised time (D. Lemire,
 * "Streaming Maximum-Minimum Filter", 2006).
 */
export class RollingExtreme {
  readonly #window: number;
  readonly #sign: 1 | -1;
  readonly #mask: number;
  readonly #values: Float64Array;
  readonly #bars: Int32Array;
  #head = 0;
  #tail = 0;
  #bar = 0;

  constructor(window: number, sign: 1 | -1) {
    this.#window = window;
    this.#sign = sign;
    const capacity = 2 ** Math.ceil(Math.log2(window + 1));
    this.#mask = capacity - 1;
    this.#values = new Float64Array(capacity);
    this.#bars = new Int32Array(capacity);
  }

  get value(): number {
    return this.#bar < this.#window ? NaN : this.#sign * (this.#values[this.#head] as number);
  }

  /** Bars since the extreme: 0 is the newest, window - 1 the oldest. */
  get age(): number {
    return this.#bar < this.#window ? NaN : this.#bar - (this.#bars[this.#head] as number);
  }

  push(x: number): number {
    if (Number.isNaN(x)) return this.value;
    const mask = this.#mask;
    const values = this.#values;
    const signed = this.#sign * x;
    const bar = this.#bar + 1;
    let head = this.#head;
    let tail = this.#tail;
    if (head !== tail && (this.#bars[head] as number) <= bar - this.#window) head = (head + 1) & mask;
    while (head !== tail && (values[(tail - 1) & mask] as number) <= signed) tail = (tail - 1) & mask;
    values[tail] = signed;
    this.#bars[tail] = bar;
    this.#head = head;
    this.#tail = (tail + 1) & mask;
    this.#bar = bar;
    return bar < this.#window ? NaN : this.#sign * (values[head] as number);
  }
}

export function rollingMax(window: number): RollingExtreme {
  return new RollingExtreme(window, 1);
}

export function rollingMin(window: number): RollingExtreme {
  return new RollingExtreme(window, -1);
}
