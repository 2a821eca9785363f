import { join } from 'node:path';
import type { Command } from 'commander';
import { type ImportReport, importCandles, listHistory } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf } from '../context.ts';
import { symbolsOfFlag } from '../symbol-flag.ts';
import { table } from '../terminal.ts';
import { registerDownload } from './download.ts';

export function registerData(program: Command, context: CommandContext): void {
  const data = program.command('data').description('market history');
  data
    .command('import')
    .description('read candle files into the history: CSV, Binance archives, freqtrade JSON')
    .argument('<file...>', 'candle files of one symbol')
    .requiredOption('--symbol <symbol>', 'what they are of, such as BTC/USDT')
    .option('--json', 'print one JSON document')
    .action((files: readonly string[], flags: { symbol: string; json?: boolean }) => {
      symbolsOfFlag([flags.symbol]);
      const report = importCandles(dataDirectoryOf(context), flags.symbol, files);
      if (flags.json === true) context.terminal.print(JSON.stringify(report));
      else for (const line of describeImport(report)) context.terminal.print(line);
    });
  registerDownload(data, context);
  data
    .command('list')
    .description('what history is stored')
    .option('--json', 'print one JSON document')
    .action((flags: { json?: boolean }) => {
      const ranges = listHistory(dataDirectoryOf(context));
      if (flags.json === true) {
        context.terminal.print(JSON.stringify(ranges));
        return;
      }
      if (ranges.length === 0) {
        context.terminal.print(
          `No history in ${join(dataDirectoryOf(context))}: see \`tradebot data import --help\``,
        );
        return;
      }
      const rows = ranges.map(({ symbol, timeframe, bars, firstOpenTime, lastOpenTime }) => [
        symbol,
        timeframe,
        String(bars),
        day(firstOpenTime),
        day(lastOpenTime),
      ]);
      context.terminal.print(table(['symbol', 'timeframe', 'bars', 'from', 'to'], rows));
    });
}

function describeImport({
  symbol,
  timeframe,
  bars,
  missingBars,
  gaps,
  identicalDuplicates,
}: ImportReport): string[] {
  const shown = gaps
    .slice(0, 10)
    .map(({ from, missing }) => `  ${new Date(from).toISOString()}: ${missing} bars missing`);
  const more = gaps.length > shown.length ? [`  and ${gaps.length - shown.length} more gaps`] : [];
  return [
    `${symbol}: ${bars} ${timeframe} bars imported, ${identicalDuplicates} duplicates dropped`,
    missingBars === 0
      ? 'no bar is missing'
      : `${missingBars} bars are missing in ${gaps.length} gaps; none was invented`,
    ...shown,
    ...more,
  ];
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
