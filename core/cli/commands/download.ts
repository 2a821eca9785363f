import type { Command } from 'commander';
import { TIMEFRAMES, type Timeframe, TraderError } from '../../domain/index.ts';
import { type CandleDownloadReport, downloadHistory, SILENT_LOGGER } from '../../engine/index.ts';
import { type CommandContext, dataDirectoryOf, settingsOf } from '../context.ts';
import { dayOf, minuteText } from '../dates.ts';
import { symbolsOfFlag } from '../symbol-flag.ts';

interface Flags {
  readonly exchange: string;
  readonly symbol: string;
  readonly timeframe: string;
  readonly since: string;
  readonly until?: string;
  readonly json?: boolean;
}

export function registerDownload(data: Command, context: CommandContext): void {
  data
    .command('download')
    .description('bring candles of an exchange into the history; goes on where it was interrupted')
    .requiredOption('--exchange <id>', 'any that ccxt knows, such as binance: see `tradebot venues`')
    .requiredOption('--symbol <symbol>', 'such as BTC/USDT')
    .requiredOption('--timeframe <timeframe>', `one of ${TIMEFRAMES.join(', ')}`)
    .requiredOption('--since <date>', 'the first day, such as 2024-01-01')
    .option('--until <date>', 'where to end, itself left out; now when absent')
    .option('--json', 'print one JSON document')
    .action((flags: Flags) => download(flags, context));
}

async function download(flags: Flags, context: CommandContext): Promise<void> {
  const { exchange, symbol } = flags;
  const { terminal } = context;
  symbolsOfFlag([symbol]);
  const timeframe = timeframeOf(flags.timeframe);
  const since = dayOf(flags.since, '--since');
  const until = flags.until === undefined ? undefined : dayOf(flags.until, '--until');
  if (until !== undefined && until <= since)
    throw new TraderError('bad-input', `--until ${flags.until}: it is not after --since ${flags.since}`);
  const progress = terminal.progress(symbol, 'lines');
  try {
    const report = await downloadHistory({
      ...{ exchange, symbol, timeframe, since, log: SILENT_LOGGER },
      ...(until === undefined ? {} : { until }),
      directory: dataDirectoryOf(context),
      connection: connectionTo(exchange, context),
      signal: new AbortController().signal,
      onProgress: (line) => terminal.note(line),
      onBars: (done, total) => progress.update(done, total),
    });
    progress.end();
    terminal.print(flags.json === true ? JSON.stringify(report) : describe(report));
  } finally {
    progress.end();
  }
}

/** Proxy and endpoint of the settings, where they are about this exchange. */
function connectionTo(id: string, context: CommandContext) {
  const { exchange } = settingsOf(context);
  return exchange.id === id ? exchange : { endpoint: null, proxy: exchange.proxy };
}

function timeframeOf(text: string): Timeframe {
  const timeframe = TIMEFRAMES.find((each) => each === text);
  if (timeframe !== undefined) return timeframe;
  throw new TraderError('bad-input', `--timeframe ${text}: choose one of ${TIMEFRAMES.join(', ')}`);
}

function describe({
  symbol,
  timeframe,
  downloaded,
  bars,
  missingBars,
  from,
  to,
}: CandleDownloadReport): string {
  if (from === null || to === null) return `${symbol}: the exchange has no ${timeframe} bars of this time`;
  const missing =
    missingBars === 0 ? 'no bar is missing' : `${missingBars} bars are missing; none was invented`;
  return [
    `${symbol}: ${downloaded} ${timeframe} bars downloaded; ${bars} are stored from ${minuteText(from)} to ${minuteText(to)}`,
    missing,
  ].join('\n');
}
