import { z } from 'zod';
import { StateDocument, type StateStore, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import { isRecorded } from './forecast-record.ts';

const TWO_YEARS_MS = 730 * TIMEFRAME_MS['1d'];

/** By symbol: when, and the standard deviation foretold of the next day; ascending. */
const PastSchema = z.object({ symbols: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))) });
type Past = z.infer<typeof PastSchema>;

/**
 * What was foretold of each symbol before, one every eight hours, for two years: what a forecast is compared with. Causal:
 * only forecasts made before it.
 */
export class PastForecasts {
  readonly #document: StateDocument<Past> | null;
  readonly #symbols: Map<string, [UtcMs, number][]>;

  /** @param state where it outlives the process; null over history. */
  constructor(state: StateStore | null) {
    this.#document =
      state === null
        ? null
        : new StateDocument<Past>(state, 'volatility-past', {
            version: 1,
            initial: { symbols: {} },
            parse: (stored) => PastSchema.safeParse(stored).data,
          });
    // What cannot be read is gathered anew.
    const known = this.#document?.readOr(() => ({ symbols: {} })).symbols ?? {};
    this.#symbols = new Map(Object.entries(known));
  }

  /** Notes a forecast, if it is one of those that are compared with, and not known yet. */
  note(symbol: string, at: UtcMs, sigma: number): void {
    const known = this.#symbols.get(symbol) ?? [];
    if (!isRecorded(at) || at <= (known.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY)) return;
    const kept = known.filter(([time]) => time > at - TWO_YEARS_MS);
    // Four digits tell two forecasts apart.
    this.#symbols.set(symbol, [...kept, [at, Number(sigma.toPrecision(4))]]);
    this.#document?.write({ symbols: Object.fromEntries(this.#symbols) }, 'with-the-next');
  }

  /** How a forecast stands to those before it. */
  compare(
    symbol: string,
    at: UtcMs,
    sigma: number,
  ): { readonly past: number; readonly above: number | null } {
    const before = (this.#symbols.get(symbol) ?? []).filter(
      ([time]) => time < at && time > at - TWO_YEARS_MS,
    );
    if (before.length === 0) return { past: 0, above: null };
    const lower = before.filter(([, one]) => one < sigma).length;
    return { past: before.length, above: lower / before.length };
  }
}
