import { z } from 'zod';
import { type Candle, StateDocument, type StateStore, type UtcMs } from '../../domain/index.ts';
import { BandKeeper, HORIZONS, OUTSIDE_80, qlike } from '../../inference/index.ts';

const HOUR_MS = 3_600_000;
const HORIZON_MS = HORIZONS[0].bars * HOUR_MS;
/** What waits longer than this has lost its bars. */
const FORGOTTEN_MS = 3 * HORIZON_MS;

const PendingSchema = z.object({
  symbol: z.string(),
  /** When the forecast was made: the close of its bar. */
  at: z.number(),
  close: z.number(),
  /** Edges of the band of 80 %, log returns. */
  low80: z.number(),
  high80: z.number(),
  /** Logarithms of the variance of one bar over 24 h: what was used, and what it has to beat. */
  used: z.number(),
  formula: z.number(),
  ewma20: z.number(),
});
export type PendingForecast = z.infer<typeof PendingSchema>;

const RecordSchema = z.object({
  setId: z.string(),
  pending: z.array(PendingSchema),
  matured: z.number(),
  within80: z.number(),
  /** Sums of QLIKE. */
  used: z.number(),
  formula: z.number(),
  ewma20: z.number(),
});
type Kept = z.infer<typeof RecordSchema>;

function fresh(setId: string): Kept {
  return { setId, pending: [], matured: 0, within80: 0, used: 0, formula: 0, ewma20: 0 };
}

/**
 * What was foretold while the program ran, set against what came of it, over 24 hours. Kept over a restart; another set
 * begins anew.
 */
export class ForecastRecord {
  readonly #document: StateDocument<Kept>;
  readonly #bands = new BandKeeper(OUTSIDE_80, HORIZON_MS);
  #kept: Kept;

  constructor(state: StateStore, setId: string) {
    this.#document = new StateDocument<Kept>(state, 'volatility-record', {
      version: 1,
      initial: fresh(setId),
      parse: (stored) => RecordSchema.safeParse(stored).data,
    });
    // One that cannot be read is of no use for trading: it is begun anew.
    const known = this.#document.readOr(() => fresh(setId));
    this.#kept = known.setId === setId ? known : fresh(setId);
  }

  get multiplier(): number {
    return this.#bands.multiplier.value;
  }

  add(forecast: PendingForecast): void {
    this.#keep({ ...this.#kept, pending: [...this.#kept.pending, forecast] });
  }

  /** Compares what was foretold of a symbol with its bars, ascending: those whose 24 hours are over and whole. */
  mature(symbol: string, bars: readonly Candle[]): void {
    const last = bars.at(-1);
    if (last === undefined) return;
    const now = last.openTime + HOUR_MS;
    const done = this.#kept.pending.filter((each) => each.symbol === symbol && each.at + HORIZON_MS <= now);
    if (done.length === 0) return;
    let next: Kept = { ...this.#kept, pending: this.#kept.pending.filter((each) => !done.includes(each)) };
    for (const forecast of done) {
      const came = outcomeOf(forecast, bars);
      if (came === undefined) {
        // Its bars are not at hand yet, or were lost.
        if (now - forecast.at <= FORGOTTEN_MS) next = { ...next, pending: [...next.pending, forecast] };
        continue;
      }
      const within = came.moved >= forecast.low80 && came.moved <= forecast.high80;
      this.#bands.note(forecast.at, !within);
      next = {
        ...next,
        matured: next.matured + 1,
        within80: next.within80 + Number(within),
        used: next.used + qlike(came.logVariance, forecast.used),
        formula: next.formula + qlike(came.logVariance, forecast.formula),
        ewma20: next.ewma20 + qlike(came.logVariance, forecast.ewma20),
      };
    }
    this.#bands.advance(now);
    this.#keep(next);
  }

  view(): {
    readonly waiting: number;
    readonly matured: number;
    readonly within80: number | null;
    readonly qlike: { readonly used: number; readonly formula: number; readonly ewma20: number } | null;
  } {
    const { pending, matured, within80, used, formula, ewma20 } = this.#kept;
    if (matured === 0) return { waiting: pending.length, matured, within80: null, qlike: null };
    const qlikes = { used: used / matured, formula: formula / matured, ewma20: ewma20 / matured };
    return { waiting: pending.length, matured, within80: within80 / matured, qlike: qlikes };
  }

  #keep(kept: Kept): void {
    this.#kept = kept;
    this.#document.write(kept, 'with-the-next');
  }
}

/** What came of a forecast; undefined unless every bar of its horizon is there. */
function outcomeOf(
  { at, close }: PendingForecast,
  bars: readonly Candle[],
): { readonly logVariance: number; readonly moved: number } | undefined {
  const inside = bars.filter(({ openTime }) => openTime >= at && openTime < at + HORIZON_MS);
  const last = inside.at(-1);
  if (last === undefined || inside.length !== HORIZONS[0].bars) return undefined;
  let sum = 0;
  let previous = close;
  for (const bar of inside) {
    sum += Math.log(bar.close / previous) ** 2;
    previous = bar.close;
  }
  const logVariance = Math.log(Math.max(sum / inside.length, 1e-9));
  return { logVariance, moved: Math.log(last.close / close) };
}

/** The moments at which a forecast goes into the record: as those that were examined, every eight hours. */
export function isRecorded(at: UtcMs): boolean {
  return at % (8 * HOUR_MS) === 0;
}
