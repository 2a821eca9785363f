import { counted, type Settings } from '../../contract/index.ts';
import {
  type Clock,
  type Logger,
  parseSymbol,
  type Timers,
  TraderError,
  type UtcMs,
  type VenueFill,
} from '../../domain/index.ts';
import { type Dialect, FillHistory, openCcxt, tradingAt } from '../../execution/index.ts';
import { patiently } from '../../market/index.ts';
import type { ImportOutcome } from '../../storage/index.ts';
import { withStores } from '../installation/offline.ts';
import type { Secrets } from '../installation/secrets.ts';
import type { BooksSettings } from '../installation/store-names.ts';
import { keepImport, noAccount } from '../installation/trade-imports.ts';
import { requireCredentials } from '../modes/exchange-market.ts';
import { openingFault } from '../modes/opening-fault.ts';
import { connectionOf } from '../modes/venue-line.ts';
import { readFills } from './read-fills.ts';

export interface VenueTradesOptions {
  readonly directory: string;
  readonly settings: BooksSettings & Pick<Settings, 'exchange' | 'simulation'>;
  readonly symbols: readonly string[];
  /** Null: from the newest trade on that was imported from there, else from the first that the venue tells. */
  readonly since: UtcMs | null;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  readonly onProgress: (line: string) => void;
}

export interface VenueImport extends ImportOutcome {
  /** How far back the venue tells at all; null: for ever. */
  readonly reachMs: number | null;
}

/**
 * Asks a venue, with the trader's keys, what the account has traded there, and puts it beside the trades of a mode's
 * books as a CSV export would be. Nothing but questions goes out, and nothing is written before all is answered.
 *
 * @throws TraderError with what to do: then nothing is changed. StorageError
 */
export async function importVenueTrades(options: VenueTradesOptions): Promise<VenueImport> {
  const { directory, settings, clock } = options;
  const { id: source } = settings.exchange;
  const starts = startsOf(options);
  const dialect = await requireDialect(source, options.symbols);
  const credentials = await credentialsOf(options, dialect);
  try {
    const { fills, reachMs } = await ask(options, dialect, credentials, starts);
    const outcome = keepImport(directory, settings, source, fills, clock.now());
    return { ...outcome, reachMs };
  } catch (error) {
    const fault = openingFault(error, settings, Object.keys(credentials));
    if (!(fault instanceof TraderError)) throw fault;
    const words = fault.lines.join('; ');
    const told = /nothing was \w+$/.test(words) ? words : `${words}; nothing was imported`;
    throw new TraderError(fault.kind, told, { cause: error });
  }
}

/** From when on each symbol is asked about. @throws TraderError where there are no books to put the trades beside. */
function startsOf({ directory, settings, symbols, since }: VenueTradesOptions): ReadonlyMap<string, UtcMs> {
  const [starts] = withStores(directory, settings, ({ tradeImports }) => [
    new Map(
      symbols.map((symbol) => [symbol, since ?? tradeImports.newest(settings.exchange.id, symbol) ?? 0]),
    ),
  ]);
  if (starts === undefined) throw noAccount(settings);
  return starts;
}

/** How trades are read there. @throws TraderError where they cannot be, or the symbols are of two kinds. */
async function requireDialect(id: string, symbols: readonly string[]): Promise<Dialect> {
  const kinds = new Set(symbols.map((symbol) => parseSymbol(symbol)?.kind));
  if (kinds.size > 1)
    throw new TraderError(
      'bad-input',
      '--symbol: ask for spot markets and for perpetuals one after the other',
    );
  const kind = kinds.has('perpetual') ? 'perpetual' : 'spot';
  const trading = await tradingAt(id, kind);
  if (trading?.dialect) return trading.dialect;
  const why = trading === undefined ? `it has no ${kind} markets that are known here` : trading.refusal;
  throw new TraderError(
    'bad-input',
    `exchange.id: trades cannot be asked of ${id}: ${why}. Import its CSV export: \`tradebot trades import FILE\``,
  );
}

/** @throws TraderError where a key is missing. */
async function credentialsOf(
  { settings, secrets, clock, timers, log }: VenueTradesOptions,
  dialect: Dialect,
): Promise<Readonly<Record<string, string>>> {
  // What a venue asks for, its class knows.
  const { api } = await openCcxt({ ...connectionOf(settings), dialect, clock, timers, log });
  try {
    return requireCredentials(settings.exchange.id, api.requiredCredentials, secrets);
  } finally {
    await api.close();
  }
}

async function ask(
  options: VenueTradesOptions,
  dialect: Dialect,
  credentials: Readonly<Record<string, string>>,
  starts: ReadonlyMap<string, UtcMs>,
): Promise<{ readonly fills: readonly VenueFill[]; readonly reachMs: number | null }> {
  const { settings, clock, timers, log, onProgress, signal = new AbortController().signal } = options;
  const connection = { ...connectionOf(settings), dialect, clock, timers, log };
  const ccxt = await openCcxt({ ...connection, credentials });
  const task = { timers, signal, onProgress };
  try {
    const now = (): UtcMs => clock.now();
    const history = new FillHistory({ ccxt, dialect, now, costs: settings.simulation });
    await patiently(task, () => history.open());
    const unknown = [...starts.keys()].filter((symbol) => history.instrument(symbol) === undefined);
    if (unknown.length > 0)
      throw new TraderError('bad-input', `--symbol: ${ccxt.api.name} lists no ${unknown.join(', ')}`);
    const fills: VenueFill[] = [];
    for (const [symbol, since] of starts) {
      const found = await readFills(symbol, since, (query) => patiently(task, () => history.page(query)));
      onProgress(`${symbol}: ${counted(found.length, 'trade')} told`);
      fills.push(...found);
    }
    return { fills, reachMs: history.reachMs };
  } finally {
    await ccxt.api.close();
  }
}
