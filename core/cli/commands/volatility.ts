import { TraderError } from '../../domain/index.ts';
import {
  checkVolatilityParity,
  DirectRunner,
  type HorizonExamination,
  openVolatilitySets,
  setFor,
  type VolatilitySet,
} from '../../engine/index.ts';
import { evaluateVolatility, type VolatilityEvaluation } from '../../research/index.ts';
import { type Terminal, table } from '../terminal.ts';

const DAY_MS = 86_400_000;
/** So long before a set expires it is time to train another. */
const EXPIRY_WARNING_DAYS = 60;

export interface VolatilityReport {
  readonly setId: string;
  readonly validUntil: string;
  /** Whether this is the set that speaks now. */
  readonly inUse: boolean;
  readonly models: readonly {
    readonly model: string;
    readonly rows: number;
    readonly largestDifference: number;
  }[];
}

/** Asks every volatility set what its makers asked it. @throws ModelRefusal for the first that must not be used. */
export async function verifyVolatility(
  modelsFolder: string | undefined,
  now: number,
): Promise<readonly VolatilityReport[]> {
  const sets = soundSets(modelsFolder);
  const current = setFor(sets, now);
  const runner = new DirectRunner();
  try {
    const reports: VolatilityReport[] = [];
    for (const set of sets) {
      const models = await checkVolatilityParity(set, runner);
      const { setId, validUntil } = set.manifest;
      reports.push({ setId, validUntil, inUse: set === current, models });
    }
    return reports;
  } finally {
    await runner.close();
  }
}

/** The same in words, with a warning when none speaks or the one that does expires soon. */
export function volatilityLines(reports: readonly VolatilityReport[], now: number): string[] {
  const lines = reports.map(({ setId, models, validUntil, inUse }) => {
    const largest = Math.max(...models.map(({ largestDifference }) => largestDifference));
    const use = inUse ? 'in use' : 'kept as proof';
    return `${setId}: ${models.length - 1} models and the ridge answer, off by ${largest.toExponential(1)} at most; ${use}, until ${validUntil.slice(0, 10)}`;
  });
  if (reports.length === 0) return ['no volatility set is installed'];
  const current = reports.find(({ inUse }) => inUse);
  if (current === undefined) {
    return [...lines, 'warning: every volatility set has expired: nothing is foretold; train again'];
  }
  const days = Math.floor((Date.parse(current.validUntil) - now) / DAY_MS);
  if (days > EXPIRY_WARNING_DAYS) return lines;
  return [...lines, `warning: ${current.setId} expires in ${days} days: train again before`];
}

export interface VolatilityQuestion {
  readonly modelsFolder: string | undefined;
  readonly series: Parameters<typeof evaluateVolatility>[0]['series'];
  readonly from: number | undefined;
  readonly to: number;
}

/**
 * Examines the volatility set that had learned from nothing after `from`, or else the newest; null where none is installed.
 *
 * @throws TraderError when there is no bar to examine.
 */
export async function examineVolatilitySet(
  question: VolatilityQuestion,
): Promise<VolatilityEvaluation | null> {
  const sets = soundSets(question.modelsFolder);
  const oldest = sets.at(-1);
  if (oldest === undefined) return null;
  const from = question.from ?? Date.parse(oldest.manifest.validFrom);
  const newestBefore = sets.find(({ manifest }) => Date.parse(manifest.validFrom) <= from);
  try {
    return await evaluateVolatility({ ...question, set: newestBefore ?? oldest, from });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TraderError(
      'bad-input',
      `--data: ${error.message}: the volatility models need 857 hourly bars before --from and a week after it`,
    );
  }
}

/** Prints what `examineVolatilitySet` found. */
export function printVolatility(result: VolatilityEvaluation, terminal: Terminal): void {
  const { setId, from, to, contaminated, horizons, walkForward } = result;
  const until = Date.parse(to) > 4e12 ? 'the end of the data' : to.slice(0, 10);
  terminal.print(`${setId}: realised volatility foretold, ${from.slice(0, 10)} to ${until}`);
  if (contaminated) {
    terminal.print(
      `Some of these bars are among those that ${setId} learned from: the figures prove nothing.`,
    );
  }
  for (const horizon of horizons) printHorizon(horizon, terminal);
  terminal.print(
    `Walk-forward in training, ${walkForward.from.slice(0, 10)} to ${walkForward.to.slice(0, 10)}, ${walkForward.folds} half-years, each foretold by what was fitted before it:`,
  );
  for (const [index, figures] of walkForward.horizons.entries()) {
    const bars = [24, 168][index] ?? 0;
    const rows = figures.map(({ id, qlike, logRmse, overFormula, overRidge }) => [
      id,
      qlike.toFixed(4),
      logRmse.toFixed(4),
      id === 'formula' ? '' : intervalText(overFormula),
      id === 'ridge' ? '' : intervalText(overRidge),
    ]);
    terminal.print(table([`${bars} h ahead`, 'QLIKE', 'log-RMSE', 'over formula', 'over ridge'], rows));
  }
}

function printHorizon(horizon: HorizonExamination, terminal: Terminal): void {
  const { horizonBars, blockDays, samples, figures, coverage, verdict, power } = horizon;
  terminal.print(
    `${horizonBars} h ahead: ${samples} samples; gains in QLIKE (above 0: better) with 95 % intervals over blocks of ${blockDays} days, all coins together`,
  );
  const baselines = ['ewma20', 'har', 'formula', 'ridge'];
  const rows = figures.map(({ id, qlike, logRmse, over, slope }) => [
    id,
    qlike.toFixed(4),
    logRmse.toFixed(4),
    ...baselines.map((baseline) => intervalText(over[baseline] ?? null)),
    intervalText(slope),
  ]);
  terminal.print(
    table(
      [`${horizonBars} h`, 'QLIKE', 'log-RMSE', ...baselines.map((id) => `over ${id}`), 'slope beyond EWMA'],
      rows,
    ),
  );
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const covered = [...coverage.byMonth, ...coverage.bySymbol].map((each) => [
    each.key,
    String(each.samples),
    percent(each.within80),
    percent(each.within95),
  ]);
  terminal.print(table(['bands', 'samples', 'within 80 %', 'within 95 %'], covered));
  terminal.print(`verdict on the pool: ${verdict} (${power})`);
}

function intervalText(interval: { value: number; low: number; high: number } | null): string {
  if (interval === null) return '';
  const [value, low, high] = [interval.value, interval.low, interval.high].map((x) => x.toFixed(3));
  return `${value} [${low}, ${high}]`;
}

function soundSets(modelsFolder: string | undefined): readonly VolatilitySet[] {
  return openVolatilitySets(modelsFolder).map(({ set, refusal }) => {
    if (set === null) throw refusal ?? new TraderError('failure', 'a volatility set cannot be read');
    return set;
  });
}
