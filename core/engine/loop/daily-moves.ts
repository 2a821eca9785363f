import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import { CORRELATION_DAYS, correlationOf, MIN_CORRELATION_DAYS, type Moves } from '../../safety/index.ts';

const DAY_MS = TIMEFRAME_MS['1d'];

interface Close {
  readonly day: number;
  price: number;
}

/** Each symbol's closes of the last UTC days, and how its daily returns went with those of others. */
export class DailyMoves implements Moves {
  readonly #closes = new Map<string, readonly Close[]>();
  /** Of the day. */
  #returns = new Map<string, ReadonlyMap<number, number>>();
  #correlations = new Map<string, number | null>();
  /** The day that has not ended. */
  #today = Number.NEGATIVE_INFINITY;

  /** Takes a closed bar, in order for its symbol. Cheap: nothing is computed before it is asked for. */
  close(symbol: string, openTime: UtcMs, price: number): void {
    const day = Math.floor(openTime / DAY_MS);
    const closes = this.#closes.get(symbol) ?? [];
    const last = closes.at(-1);
    if (last?.day === day) {
      last.price = price;
      return;
    }
    // One more close than returns, and today's.
    this.#closes.set(symbol, [...closes, { day, price }].slice(-(CORRELATION_DAYS + 2)));
  }

  /** The moment from which is looked back: only days that have ended by then count. */
  at(now: UtcMs): this {
    const today = Math.floor(now / DAY_MS);
    if (today !== this.#today) {
      this.#today = today;
      this.#returns = new Map();
      this.#correlations = new Map();
    }
    return this;
  }

  isKnown(symbol: string): boolean {
    return this.#returnsOf(symbol).size >= MIN_CORRELATION_DAYS;
  }

  correlation(a: string, b: string): number | null {
    const pair = a < b ? `${a} ${b}` : `${b} ${a}`;
    let found = this.#correlations.get(pair);
    if (found === undefined) {
      const others = this.#returnsOf(b);
      const pairs = [...this.#returnsOf(a)].flatMap(([day, move]): [number, number][] => {
        const other = others.get(day);
        return other === undefined ? [] : [[move, other]];
      });
      found = correlationOf(pairs);
      this.#correlations.set(pair, found);
    }
    return found;
  }

  /** By the day that they ended on. A day without a bar has none, nor has the one after it. */
  #returnsOf(symbol: string): ReadonlyMap<number, number> {
    let found = this.#returns.get(symbol);
    if (found === undefined) {
      found = new Map(returnsOf(this.#closes.get(symbol) ?? [], this.#today));
      this.#returns.set(symbol, found);
    }
    return found;
  }
}

function* returnsOf(closes: readonly Close[], today: number): Iterable<[number, number]> {
  let before: Close | undefined;
  for (const close of closes) {
    const isRecent = close.day < today && close.day >= today - CORRELATION_DAYS;
    if (isRecent && before?.day === close.day - 1) yield [close.day, Math.log(close.price / before.price)];
    before = close;
  }
}
