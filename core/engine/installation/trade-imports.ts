import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  type HistoryStore,
  type ImportedFill,
  TIMEFRAME_MS,
  TIMEFRAMES,
  TraderError,
  textOfBytes,
  type UtcMs,
} from '../../domain/index.ts';
import { type ImportOutcome, type ImportSummary, isHeld, openDataDirectory } from '../../storage/index.ts';
import { withStores } from './offline.ts';
import type { BooksSettings } from './store-names.ts';
import type { Stores } from './stores.ts';
import { readTradeFile } from './trade-file.ts';

/** Faults that are told; of a wrong file there are as many as lines. */
const FAULTS_TOLD = 5;
/** How workbooks of today and ZIP files begin, those of before, and what gzip has packed: venues give out all of them. */
const PACKED = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xd0, 0xcf, 0x11, 0xe0],
  [0x1f, 0x8b],
] as const;
/** Fills whose write is over in some hundredths of a second. */
const MOST_BESIDE_A_PROGRAM = 300;

/**
 * Puts the trades of a venue's export beside those of a mode's books. Positions, cash and figures of the account stay as
 * they are. A file that was imported before adds nothing.
 *
 * @throws TraderError when the file cannot be read or a line is wrong: then nothing is changed. StorageError
 */
export function importTradeFile(
  directory: string,
  settings: BooksSettings,
  file: string,
  now: UtcMs,
): ImportOutcome {
  const content = contentOf(file);
  const name = basename(file);
  const [read] = withStores(directory, settings, ({ history }) => [
    readTradeFile(content, { now, name, worthOf: worthIn(history) }),
  ]);
  const { fills, faults } = read ?? readTradeFile(content, { now, name });
  if (faults.length > 0) {
    const more = faults.length > FAULTS_TOLD ? `; and ${faults.length - FAULTS_TOLD} lines more` : '';
    const told = faults.slice(0, FAULTS_TOLD).join('; ');
    throw new TraderError('bad-input', `${name}: ${told}${more}; nothing was imported`);
  }
  return keepImport(directory, settings, name, fills, now);
}

/** Puts trades from a source beside a mode's books. @throws TraderError: then nothing is changed. StorageError */
export function keepImport(
  directory: string,
  settings: BooksSettings,
  source: string,
  fills: readonly ImportedFill[],
  now: UtcMs,
): ImportOutcome {
  const outcome = inOneWrite(
    directory,
    settings,
    ({ tradeImports }) => tradeImports.weight(fills),
    ({ tradeImports }) => tradeImports.add(source, fills, now),
  );
  if (outcome === undefined) throw noAccount(settings);
  return outcome;
}

export function noAccount({ mode }: BooksSettings): TraderError {
  return new TraderError('bad-input', `no account was opened in ${mode} mode here yet`);
}

/** @returns how many fills went. @throws TraderError where there is no such import. */
export function undoTradeImport(directory: string, settings: BooksSettings, id: number): number {
  const gone = inOneWrite(
    directory,
    settings,
    ({ tradeImports }) => tradeImports.weightOf(id),
    ({ tradeImports }) => tradeImports.undo(id),
  );
  if (gone === undefined)
    throw new TraderError('bad-input', `there is no import ${id}: \`tradebot trades imports\` lists them`);
  return gone;
}

/**
 * A program that trades gives up a write, a stop's or a fill's, that another process holds up for a tenth of a second: what
 * takes longer is done while none trades, and none can begin.
 */
function inOneWrite<T>(
  directory: string,
  settings: BooksSettings,
  weightIn: (stores: Stores) => number,
  write: (stores: Stores) => T,
): T | undefined {
  const [weight = 0] = withStores(directory, settings, (stores) => [weightIn(stores)]);
  const isLong = weight > MOST_BESIDE_A_PROGRAM;
  if (isLong && isHeld(directory)) {
    throw new TraderError(
      'bad-input',
      `${weight} trades are to be counted, too many while another program works with these books: stop it (\`tradebot stop\`), or wait for its end, and try again; nothing was changed`,
    );
  }
  const lock = isLong ? openDataDirectory(directory) : null;
  try {
    return withStores(directory, settings, (stores) => [write(stores)])[0];
  } finally {
    lock?.close();
  }
}

/** What a unit was worth at the opening of the shortest stored bar with that moment in it. */
function worthIn(history: Pick<HistoryStore, 'candles'>) {
  return (asset: string, quote: string, time: UtcMs): string | null => {
    for (const timeframe of TIMEFRAMES) {
      const [bar] = history.candles(`${asset}/${quote}`, timeframe, { before: time + 1, limit: 1 });
      if (bar !== undefined && time < bar.openTime + TIMEFRAME_MS[timeframe]) return String(bar.open);
    }
    return null;
  };
}

/** What was imported, oldest first. */
export function tradeImports(directory: string, settings: BooksSettings): readonly ImportSummary[] {
  return withStores(directory, settings, (stores) => stores.tradeImports.list());
}

function contentOf(file: string): string {
  const bytes = bytesOf(file);
  const isPacked = PACKED.some((mark) => mark.every((byte, at) => bytes[at] === byte));
  if (!isPacked) return textOfBytes(bytes);
  throw new TraderError(
    'bad-input',
    `${basename(file)} is a workbook or packed: open it, and save what is in it as CSV with commas; nothing was imported`,
  );
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new TraderError('bad-input', `${file} cannot be read: give the venue's export as a CSV file`, {
      cause,
    });
  }
}
