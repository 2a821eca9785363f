import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { symbolsOf } from '../../contract/index.ts';
import { isBitcoin, TraderError } from '../../domain/index.ts';
import {
  exportFeatureFiles,
  type FeatureExportReport,
  type FeatureExportTask,
} from '../../research/index.ts';
import { type CommandContext, settingsOf } from '../context.ts';
import { symbolsOfFlag } from '../symbol-flag.ts';
import { registerFeatureBook } from './feature-book.ts';

interface ExportFlags {
  readonly data: readonly string[];
  readonly out: string;
  readonly symbol?: readonly string[];
  readonly context?: string;
  readonly labels?: boolean;
  readonly volatility?: boolean;
  readonly json?: boolean;
}

export function registerFeatures(program: Command, context: CommandContext): void {
  const features = program.command('features').description('the inputs of the models and analysts');
  features
    .command('export')
    .description('write the feature matrix of candle files as CSV: one row a bar, an empty cell is NaN')
    .requiredOption('--data <file...>', 'candle files')
    .requiredOption('--out <file>', 'where to: a .csv or .csv.gz, or a folder when there are several files')
    .option('--symbol <symbol...>', 'what they are of, one for all or one a file')
    .option('--context <file>', "bitcoin's candles, for the features that compare a symbol with bitcoin")
    .option('--labels', 'add what came after each bar, for training')
    .option(
      '--volatility',
      'what the volatility models read and foretell: variance features, with --labels realised variance',
    )
    .option('--json', 'print one JSON document')
    .action(async (flags: ExportFlags) => {
      await exportCommand(flags, context);
    });
  registerFeatureBook(features, context);
}

async function exportCommand(flags: ExportFlags, context: CommandContext): Promise<void> {
  const { terminal } = context;
  const symbols = flags.symbol ?? symbolsOf({ ...settingsOf(context), mode: 'replay' }).slice(0, 1);
  const tasks = tasksOf(flags, symbols);
  const alone = tasks.find(({ symbol, contextFile }) => !isBitcoin(symbol) && contextFile === null);
  if (alone !== undefined) {
    terminal.note(`${alone.symbol}: the columns that compare with bitcoin stay empty without --context`);
  }
  const bar = terminal.progress('features');
  let reports: readonly FeatureExportReport[];
  try {
    reports = await exportFeatureFiles(tasks, (rows, total) => bar.update(rows, total));
  } finally {
    bar.end();
  }
  if (flags.json === true) terminal.print(JSON.stringify(reports));
  else for (const report of reports) terminal.print(describe(report));
}

function tasksOf(flags: ExportFlags, symbols: readonly string[]): readonly FeatureExportTask[] {
  const { data, out } = flags;
  symbolsOfFlag(symbols);
  if (symbols.length !== 1 && symbols.length !== data.length) {
    throw new TraderError(
      'bad-input',
      `--symbol: ${symbols.length} symbols and ${data.length} files: give one for all or one a file`,
    );
  }
  const isFolder = existsSync(out) && statSync(out).isDirectory();
  if (data.length > 1 && !isFolder) {
    throw new TraderError('bad-input', `--out ${out}: give a folder that exists, for ${data.length} files`);
  }
  const tasks = data.map((file, index) => ({
    file,
    symbol: symbols[index] ?? symbols[0] ?? 'BTC/USDT',
    contextFile: flags.context ?? null,
    out: isFolder ? join(out, `${basename(file).replace(/\..*$/, '')}.features.csv.gz`) : out,
    readers: flags.volatility === true ? ('volatility' as const) : ('voters' as const),
    labels: flags.labels === true,
  }));
  if (new Set(tasks.map((task) => task.out)).size < tasks.length) {
    throw new TraderError('bad-input', '--data: two files have the same name and would overwrite each other');
  }
  if (!isFolder && !/\.csv(\.gz)?$/.test(out))
    throw new TraderError('bad-input', `--out ${out}: must end in .csv or .csv.gz`);
  const overwritten = tasks.find((task) => data.includes(task.out));
  if (overwritten !== undefined)
    throw new TraderError('bad-input', `--out ${overwritten.out}: would overwrite the candles`);
  return tasks;
}

function describe({ symbol, rows, ready, features, missingBars, gaps, out }: FeatureExportReport): string {
  const holes = missingBars === 0 ? 'no bar is missing' : `${missingBars} bars are missing in ${gaps} gaps`;
  return `${symbol}: ${rows} rows of ${features} features (${ready} after the warm-up; ${holes}) in ${out}`;
}
