import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type BacktestResult, backtest, backtestTable } from '../../backtest/index.ts';
import { STRATEGY_HELP, symbolsOf } from '../../contract/index.ts';
import { TIMEFRAME_MS, TraderError } from '../../domain/index.ts';
import {
  AGENTS_CHOICES,
  CandleCache,
  type LlmParts,
  openLibrary,
  openLlmStores,
  openPrompts,
  openSecrets,
  readHistory,
  SILENT_LOGGER,
  StrategyFolder,
  StrategyLadder,
  SYSTEM_CLOCK,
  verifiedSets,
  verifiedVolatilitySets,
  versionOf,
} from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { dayOf } from '../dates.ts';
import { EXIT } from '../failure.ts';
import { table } from '../terminal.ts';
import { wholeNumber } from './run.ts';

interface BacktestFlags {
  readonly data: readonly string[];
  readonly symbol?: readonly string[];
  readonly timeframe?: string;
  readonly from?: string;
  readonly to?: string;
  readonly capital?: string;
  readonly agents: string;
  readonly strategy?: string;
  readonly seed?: number;
  readonly audit: boolean;
  readonly fast: boolean;
  readonly json?: boolean;
}

export function registerBacktest(program: Command, context: CommandContext): void {
  program
    .command('backtest')
    .description('run the engine over history, with fees, baselines and an audit')
    .requiredOption('--data <file...>', 'candle files')
    .option('--symbol <symbol...>', 'what they are of, such as BTC/USDT')
    .option('--timeframe <timeframe>', 'length of a bar, such as 1h')
    .option('--from <date>', 'first day, such as 2024-01-01')
    .option('--to <date>', 'day after the last')
    .option('--capital <amount>', 'cash at the start')
    .option('--agents <who>', `who speaks for Bull and Bear: ${AGENTS_CHOICES.join(', ')}`, 'offline')
    .option('--strategy <name>', STRATEGY_HELP)
    .option('--seed <number>', 'seed of what is random', wholeNumber)
    .option('--no-audit', 'leave the audit out')
    .option('--json', 'print one JSON document')
    // For those who doubt that it makes no difference.
    .addOption(new Option('--no-fast', 'handle also what makes no difference to anybody').hideHelp())
    .action(async (flags: BacktestFlags) => {
      await run(flags, context);
    });
}

async function run(flags: BacktestFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const agents = AGENTS_CHOICES.find((choice) => choice === flags.agents);
  if (agents === undefined) {
    throw new TraderError(
      'bad-input',
      `--agents ${flags.agents}: choose one of ${AGENTS_CHOICES.join(', ')}`,
    );
  }
  const settings = settingsOf(context, {
    symbols: flags.symbol,
    timeframe: flags.timeframe,
    capital: flags.capital,
    strategy: { id: flags.strategy },
    simulation: { seed: flags.seed },
  });
  const { model, agents: own } = settings.llm;
  if ((agents === 'replay' || agents === 'record') && !(model ?? (own.bull.model && own.bear.model))) {
    throw new TraderError(
      'bad-input',
      `--agents ${agents}: no language model is chosen: set llm.model in the settings`,
    );
  }
  const strategies = new StrategyFolder(dataDirectoryOf(context));
  // One that cannot be used is told before the files are read.
  strategies.of(settings.strategy.id);
  const series = readHistory({
    files: flags.data,
    symbols: flags.symbol ?? symbolsOf({ ...settings, mode: 'replay' }),
    timeframe: settings.timeframe,
    cache: new CandleCache(join(dataDirectoryOf(context), 'candle-cache')),
    ...(flags.from === undefined ? {} : { from: dayOf(flags.from, '--from') }),
    ...(flags.to === undefined ? {} : { to: dayOf(flags.to, '--to') }),
  });
  const { sets, refusals } =
    settings.strategy.id !== 'ml' && settings.strategy.id !== 'ensemble'
      ? { sets: [], refusals: [] }
      : await verifiedSets(openLibrary(dataDirectoryOf(context)));
  const ahead = await verifiedVolatilitySets(
    Math.max(...series.map(({ bars }) => bars.at(-1)?.openTime ?? 0)),
  );
  for (const { message } of [...refusals, ...ahead.refusals]) terminal.note(`models: ${message}`);
  const llm = agents === 'replay' || agents === 'record' ? await openLlm(context) : null;
  if (flags.symbol === undefined) {
    terminal.note(
      `taken for ${series.map(({ symbol }) => symbol).join(', ')}: name it with --symbol if that is wrong`,
    );
  }
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  const bar = terminal.progress('backtest');
  const result = await backtest({
    settings,
    strategies,
    series,
    agents,
    modelSets: sets,
    volatilitySets: ahead.sets,
    llm,
    ...(flags.audit ? {} : { auditCuts: 0 }),
    takesEveryStep: !flags.fast,
    onProgress: (stage, done, total) => {
      if (stage === 'backtest') bar.update(done, total);
    },
    signal: interruption.signal,
    monotonicMs: () => performance.now(),
  });
  bar.end();
  llm?.stores.close();
  process.removeListener('SIGINT', interrupt);
  keepAudit(result, strategies, context);
  if (flags.json === true) terminal.print(JSON.stringify(result));
  else {
    const report = backtestTable(result);
    const lines = [...report.before, table(report.table.head, report.table.rows), ...report.after];
    for (const line of lines) terminal.print(line);
  }
  if (result.interrupted) context.exitWith(EXIT.interrupted);
}

/** What the audit found is kept with the strategy: real money asks for it. */
function keepAudit(result: BacktestResult, strategies: StrategyFolder, context: CommandContext): void {
  if (result.audit === null) return;
  const directory = dataDirectoryOf(context);
  // A backtest makes no data directory: where nothing runs yet there is nothing to promote.
  if (!existsSync(directory)) return;
  const days = Math.round(Math.max(...result.data.map(({ from, to }) => to - from)) / TIMEFRAME_MS['1d']);
  const { resultHash, audit } = result;
  try {
    new StrategyLadder({ directory, log: SILENT_LOGGER }).noteAudit(versionOf(strategies, result.strategy), {
      at: SYSTEM_CLOCK.now(),
      passed: audit.passed,
      days,
      resultHash,
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.terminal.note(
      `the audit could not be kept for the ladder (${why}): the figures stand all the same`,
    );
  }
}

/** Language models over history: their stored calls, and the keys for new ones. */
async function openLlm(context: CommandContext): Promise<LlmParts> {
  const directory = dataDirectoryOf(context);
  return {
    secrets: await openSecrets({ environment: context.environment }),
    stores: openLlmStores(directory),
    ...openPrompts(directory),
    log: SILENT_LOGGER,
  };
}
