import type { ExchangeSettings } from '../../contract/index.ts';
import {
  type HistoryStore,
  type Logger,
  parseSymbol,
  type Timeframe,
  TraderError,
  type UtcMs,
  VenueError,
} from '../../domain/index.ts';
import { dialectOf, openCcxt, type VenueAccess, venueIds } from '../../execution/index.ts';
import {
  type CandleLine,
  CandlePages,
  type DownloadReport,
  downloadCandles,
  loadVenue,
  VenueTime,
} from '../../market/index.ts';
import { openHistory } from './stored-history.ts';
import { SYSTEM_CLOCK, SYSTEM_TIMERS } from './system-timers.ts';

export interface CandleDownload {
  readonly directory: string;
  /** Any that ccxt knows. */
  readonly exchange: string;
  /** How it is reached where that is not as usual. */
  readonly connection: Pick<ExchangeSettings, 'endpoint' | 'proxy'>;
  readonly symbol: string;
  readonly timeframe: Timeframe;
  readonly since: UtcMs;
  /** Exclusive; up to now when absent. */
  readonly until?: UtcMs;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Told what is being waited for, a line each. */
  readonly onProgress: (line: string) => void;
  readonly onBars: (done: number, total: number) => void;
}

export type CandleDownloadReport = DownloadReport & Pick<CandleDownload, 'exchange' | 'symbol' | 'timeframe'>;

/**
 * Brings closed bars of a venue into the stored history, going on where it was left.
 *
 * @throws TraderError for an exchange, symbol or timeframe that there is not, and when the venue does not answer;
 * StorageError when the directory cannot be used.
 */
export async function downloadHistory(download: CandleDownload): Promise<CandleDownloadReport> {
  const { exchange, symbol, timeframe, connection, log } = download;
  if (!(await venueIds()).includes(exchange)) {
    throw new TraderError(
      'bad-input',
      `--exchange ${exchange}: ccxt does not know it: see \`tradebot venues\``,
    );
  }
  const dialect = publicAccess(exchange, symbol);
  const line = await openCcxt({ ...connection, dialect, clock: SYSTEM_CLOCK, timers: SYSTEM_TIMERS, log });
  try {
    const opened = openHistory(download.directory);
    const bringing = bring(download, line, opened.history);
    return { exchange, symbol, timeframe, ...(await bringing.finally(opened.close)) };
  } catch (error) {
    if (error instanceof VenueError) throw new TraderError('failure', error.message, { cause: error });
    throw error;
  } finally {
    await line.api.close();
  }
}

async function bring(
  download: CandleDownload,
  line: CandleLine,
  history: HistoryStore,
): Promise<DownloadReport> {
  const { symbol, timeframe, since, until, onProgress, onBars, signal } = download;
  const time = new VenueTime({ line, clock: SYSTEM_CLOCK, timers: SYSTEM_TIMERS });
  const patience = { timers: SYSTEM_TIMERS, signal, onProgress };
  await loadVenue({ ...patience, line, timeframe, time });
  const { name, markets } = line.api;
  if (markets?.[symbol] === undefined)
    throw new TraderError('bad-input', `--symbol ${symbol}: ${name} does not list it`);
  const pages = new CandlePages({ line, timeframe, time });
  return downloadCandles({
    ...{ ...patience, pages, time, history, symbol, timeframe, since, onBars },
    until: until ?? Number.POSITIVE_INFINITY,
  });
}

/** How a venue is asked of which nothing is known but what ccxt says. */
function publicAccess(id: string, symbol: string): VenueAccess {
  const tried = dialectOf(id);
  return tried !== undefined && tried.markets === parseSymbol(symbol)?.kind ? tried : { ...PUBLIC, id };
}

const NOTHING: ReadonlySet<string> = new Set();
const PUBLIC: Omit<VenueAccess, 'id'> = {
  hasTestNetwork: false,
  codes: {
    code: 'code',
    message: 'msg',
    well: NOTHING,
    refusesWith200: false,
    orderUnknown: NOTHING,
    unauthorised: NOTHING,
    rateLimited: NOTHING,
    uncertain: NOTHING,
    outOfTime: NOTHING,
    alreadySo: NOTHING,
  },
  options: {},
};
