import { type Command, Option } from 'commander';
import { type ModelEvaluation, symbolsOf, type Timeframe } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import {
  checkParity,
  DirectRunner,
  type LibraryEntry,
  type ModelLibrary,
  type ModelSet,
  openLibrary,
  readHistory,
} from '../../engine/index.ts';
import { evaluateSet, predictLast, type SetEvaluation } from '../../research/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { dayOf } from '../dates.ts';
import { symbolsOfFlag } from '../symbol-flag.ts';
import { type Terminal, table } from '../terminal.ts';
import { wholeNumber } from './run.ts';
import { examineVolatilitySet, printVolatility, verifyVolatility, volatilityLines } from './volatility.ts';

interface ModelFlags {
  readonly models?: string;
  readonly json?: boolean;
}

interface DataFlags extends ModelFlags {
  readonly data: readonly string[];
  readonly symbol?: readonly string[];
  readonly timeframe?: string;
}

export function registerModels(program: Command, context: CommandContext): void {
  const ml = program.command('ml').description('the trained models');
  const { terminal } = context;
  ml.command('list')
    .description('the model sets on this machine and which one votes')
    .option('--models <folder>', 'the shipped set, if it lies elsewhere')
    .option('--json', 'print one JSON document')
    .action((flags: ModelFlags) => list(flags, context));
  ml.command('verify')
    .description('check every file, and ask each model what its makers asked it')
    .option('--models <folder>', 'the shipped set, if it lies elsewhere')
    .option('--json', 'print one JSON document')
    .action((flags: ModelFlags) => verify(flags, context));
  withData(ml.command('predict').description('what the models say of the last bars of a file'))
    .option('--rows <number>', 'how many bars, counted from the end', wholeNumber, 1)
    .action((flags: DataFlags & { readonly rows: number }) => predict(flags, context));
  withData(
    ml.command('evaluate').description('examine the models on candles, with sample sizes and intervals'),
  )
    .option('--from <date>', 'first day examined; by default the first after the training data')
    .option('--to <date>', 'day after the last')
    .addOption(new Option('--only <models>', 'those of volatility or those of direction').choices(EXAMINED))
    .action((flags: EvaluateFlags) => evaluate(flags, context));
  ml.command('install')
    .description('check a set and copy it into the data directory')
    .argument('<folder>', 'what `training.run --out` wrote')
    .action((folder: string) => {
      const { setId } = libraryOf({}, context).install(folder).manifest;
      terminal.print(`${setId} is installed: \`tradebot ml use ${setId}\` makes it vote`);
    });
  ml.command('use')
    .description('make another set vote, from the next start on (a running program: on its Models page)')
    .argument('<set>', 'a set that `ml list` shows')
    .action((setId: string) => {
      libraryOf({}, context).choose(setId);
      terminal.print(`${setId} votes from the next start on`);
    });
  ml.command('rollback')
    .description('go back to the set before the last choice')
    .action(() => {
      const { setId } = libraryOf({}, context).rollBack().manifest;
      terminal.print(`${setId} votes from the next start on`);
    });
}

function withData(command: Command): Command {
  return command
    .requiredOption('--data <file...>', 'candle files, one a symbol')
    .option('--symbol <symbol...>', 'what they are of, in the same order')
    .option('--timeframe <timeframe>', 'length of a bar, such as 1h')
    .option('--models <folder>', 'the shipped set, if it lies elsewhere')
    .option('--json', 'print one JSON document');
}

function libraryOf({ models }: ModelFlags, context: CommandContext): ModelLibrary {
  return openLibrary(dataDirectoryOf(context), models);
}

/** The set that votes. @throws ModelRefusal */
function activeSet(flags: ModelFlags, context: CommandContext): ModelSet {
  const entry = libraryOf(flags, context).active();
  if (entry.refusal !== null) throw entry.refusal;
  return entry.set;
}

function list(flags: ModelFlags, context: CommandContext): void {
  const { terminal } = context;
  const library = libraryOf(flags, context);
  const active = library.active();
  const entries = library.list();
  if (flags.json === true) {
    const described = entries.map((entry) => ({
      ...describe(entry),
      active: entry.folder === active.folder,
    }));
    terminal.print(JSON.stringify(described));
    return;
  }
  if (entries.length === 0) terminal.print('no model is installed: the ensemble abstains');
  for (const entry of entries) {
    const mark = entry.folder === active.folder ? ', votes' : '';
    if (entry.refusal !== null) {
      terminal.print(`${entry.setId}: refused: ${entry.refusal.message}`);
      continue;
    }
    const { setId, timeframe, validFrom, validUntil, models, ensemble } = entry.set.manifest;
    terminal.print(
      `${setId}: ${timeframe} bars, valid ${validFrom.slice(0, 10)} to ${validUntil.slice(0, 10)}${mark}`,
    );
    const rows = models.map((model) => [
      model.id,
      (ensemble.weights[model.id] ?? 0).toFixed(3),
      `${Math.round(model.bytes / 1000)} kB`,
      model.evaluation?.verdict ?? 'not examined',
    ]);
    rows.push(['ensemble', '', '', ensemble.evaluation?.verdict ?? 'not examined']);
    terminal.print(table(['model', 'weight', 'size', 'verdict'], rows));
  }
}

function describe(entry: LibraryEntry): object {
  if (entry.refusal !== null) {
    return { setId: entry.setId, refusal: { code: entry.refusal.code, message: entry.refusal.message } };
  }
  const { setId, timeframe, createdAt, validFrom, validUntil, models, ensemble } = entry.set.manifest;
  const described = models.map(({ id, kind, file, sha256, bytes, evaluation }) => {
    return {
      id,
      kind,
      file,
      sha256,
      bytes,
      weight: ensemble.weights[id] ?? 0,
      verdict: evaluation?.verdict ?? null,
    };
  });
  const verdict = ensemble.evaluation?.verdict ?? null;
  return { setId, timeframe, createdAt, validFrom, validUntil, models: described, verdict, refusal: null };
}

async function verify(flags: ModelFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const set = activeSet(flags, context);
  const runner = new DirectRunner();
  try {
    const results = await checkParity(set, runner);
    const now = Date.now();
    const volatility = await verifyVolatility(flags.models, now);
    const { setId, validUntil, parity } = set.manifest;
    if (flags.json === true) {
      const report = { setId, ok: true, tolerance: parity.tolerance, models: results, volatility };
      terminal.print(JSON.stringify(report));
      return;
    }
    for (const { model, rows, largestDifference } of results) {
      terminal.print(
        `${model}: files as the manifest says; ${rows} answers, off by ${largestDifference.toExponential(1)} at most`,
      );
    }
    terminal.print(`${setId}: good until ${validUntil.slice(0, 10)}`);
    const daysLeft = Math.floor((Date.parse(validUntil) - now) / 86_400_000);
    if (daysLeft <= 60)
      terminal.print(
        `warning: ${setId} ${daysLeft < 0 ? 'has expired' : `expires in ${daysLeft} days`}: train again`,
      );
    for (const line of volatilityLines(volatility, now)) terminal.print(line);
  } finally {
    await runner.close();
  }
}

function historyOf(flags: DataFlags, context: CommandContext) {
  const settings = settingsOf(context, { timeframe: flags.timeframe });
  // Unlike those of an account, they may be counted in different currencies.
  const symbols = symbolsOfFlag(flags.symbol ?? symbolsOf({ ...settings, mode: 'replay' }));
  if (new Set(symbols).size < symbols.length)
    throw new TraderError('bad-input', '--symbol: names a symbol twice');
  return { timeframe: settings.timeframe, series: readHistory({ ...settings, files: flags.data, symbols }) };
}

async function predict(flags: DataFlags & { readonly rows: number }, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const set = activeSet(flags, context);
  const { series, timeframe } = historyOf(flags, context);
  checkTimeframe(set, timeframe);
  const predictions = await predictLast(set, series, timeframe, flags.rows);
  if (predictions.length === 0) {
    throw new TraderError('bad-input', '--data: too few bars: the models need the last 863 without a hole');
  }
  if (flags.json === true) {
    terminal.print(JSON.stringify({ setId: set.manifest.setId, predictions }));
    return;
  }
  for (const { symbol, barOpenTime, ensemble, models } of predictions) {
    terminal.print(`${symbol}, bar of ${barOpenTime}`);
    const rows = [...models, { model: 'ensemble', weight: 1, ...ensemble }].map((each) => [
      each.model,
      ...[each.down, each.flat, each.up].map((share) => `${(share * 100).toFixed(1)} %`),
      each.weight.toFixed(3),
    ]);
    terminal.print(table(['model', 'down', 'flat', 'up', 'weight'], rows));
  }
}

/** Which models are examined. */
const EXAMINED = ['volatility', 'direction'] as const;

interface EvaluateFlags extends DataFlags {
  readonly from?: string;
  readonly to?: string;
  readonly only?: (typeof EXAMINED)[number];
}

async function evaluate(flags: EvaluateFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const history = historyOf(flags, context);
  const direction = flags.only === 'volatility' ? null : await examineDirection(flags, history, context);
  const volatility = await volatilityOf(flags, history, context);
  if (flags.json === true) {
    terminal.print(JSON.stringify({ ...direction, volatility }));
    return;
  }
  if (volatility !== null) printVolatility(volatility, terminal);
  if (direction !== null) printDirection(direction, terminal);
}

/** Null where it was not asked for, or cannot be examined beside the other. */
async function volatilityOf(
  flags: EvaluateFlags,
  { series, timeframe }: ReturnType<typeof historyOf>,
  { terminal }: CommandContext,
) {
  if (flags.only === 'direction') return null;
  try {
    if (timeframe !== '1h') {
      throw new TraderError('bad-input', `--timeframe ${timeframe}: the volatility models read 1h bars`);
    }
    const from = flags.from === undefined ? undefined : dayOf(flags.from, '--from');
    return await examineVolatilitySet({ modelsFolder: flags.models, series, from, to: endOf(flags) });
  } catch (error) {
    if (flags.only === 'volatility' || !(error instanceof TraderError)) throw error;
    terminal.note(`volatility is not examined: ${error.message}`);
    return null;
  }
}

function endOf({ to }: EvaluateFlags): number {
  return to === undefined ? Number.MAX_SAFE_INTEGER / 2 : dayOf(to, '--to');
}

async function examineDirection(
  flags: EvaluateFlags,
  { series, timeframe }: ReturnType<typeof historyOf>,
  context: CommandContext,
): Promise<SetEvaluation> {
  const { terminal } = context;
  const set = activeSet(flags, context);
  checkTimeframe(set, timeframe);
  const bar = terminal.progress('symbols');
  try {
    return await evaluateSet({
      set,
      series,
      timeframe,
      from: flags.from === undefined ? Date.parse(set.manifest.validFrom) : dayOf(flags.from, '--from'),
      to: endOf(flags),
      onProgress: (done, all) => bar.update(done, all),
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TraderError(
      'bad-input',
      `--data: ${error.message}: give bars after --from with a day to spare, and 800 before it`,
    );
  } finally {
    bar.end();
  }
}

function printDirection(result: SetEvaluation, terminal: Terminal): void {
  terminal.print(`${result.setId}: which barrier the price touches first`);
  if (result.contaminated) {
    terminal.print(
      `Some of these bars are among those that ${result.setId} learned from: the figures prove nothing.`,
    );
  }
  const rows = [...Object.entries(result.models), ['ensemble', result.ensemble] as const];
  terminal.print(
    table(
      FIGURES_HEAD,
      rows.map(([id, evaluation]) => figuresRow(id, evaluation)),
    ),
  );
  terminal.print(table(FIGURES_HEAD, groupsOf(result.ensemble)));
}

const FIGURES_HEAD = [
  'of',
  'samples',
  'effective',
  'log-loss',
  'prior',
  's.e.',
  'AUC (95 %)',
  'balanced',
  'Brier',
  'ECE',
  'rank IC',
  'policy',
  'Sharpe',
  'hold',
  'verdict',
] as const;

function figuresRow(id: string, { overall, policy, verdict }: ModelEvaluation): string[] {
  return [
    ...classificationCells(id, overall),
    `${policy.returnPct.toFixed(2)} % (${policy.trades})`,
    policy.sharpe?.toFixed(2) ?? '-',
    `${policy.buyAndHoldReturnPct.toFixed(2)} %`,
    verdict,
  ];
}

function groupsOf({ bySymbol, byYear }: ModelEvaluation): string[][] {
  return [...byYear, ...bySymbol].map(({ key, figures }) => [
    ...classificationCells(key, figures),
    '',
    '',
    '',
    '',
  ]);
}

function classificationCells(id: string, figures: ModelEvaluation['overall']): string[] {
  const { auc } = figures;
  return [
    id,
    String(figures.samples),
    figures.effectiveSamples.toFixed(0),
    figures.logLoss.toFixed(4),
    figures.priorLogLoss.toFixed(4),
    figures.logLossStandardError.toFixed(4),
    auc === null ? '-' : `${auc.value.toFixed(3)} (${auc.low.toFixed(3)}-${auc.high.toFixed(3)})`,
    figures.balancedAccuracy?.toFixed(3) ?? '-',
    figures.brier.toFixed(4),
    figures.ece.toFixed(4),
    figures.rankIc?.toFixed(3) ?? '-',
  ];
}

function checkTimeframe({ manifest }: ModelSet, timeframe: Timeframe): void {
  if (manifest.timeframe === timeframe) return;
  throw new TraderError(
    'bad-input',
    `--timeframe ${timeframe}: the models were made for ${manifest.timeframe} bars`,
  );
}
