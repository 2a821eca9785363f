import { createHash } from 'node:crypto';
import {
  type Fill,
  type Logger,
  type OrderLedger,
  readExact,
  StateDocument,
  type StateStore,
  type TradeId,
  writeExact,
} from '../../domain/index.ts';
import { FillNotes, type FillsSoFar } from '../../execution/index.ts';
import {
  type FoldedPortfolio,
  fitsFolded,
  Portfolio,
  type PortfolioHistory,
  type PortfolioOptions,
} from '../../portfolio/index.ts';

/**
 * Of the rules by which fills and account events are counted, and of what is kept of that. To be raised when either
 * changes: whatever an earlier version had counted is counted anew then. A test holds it to that.
 */
export const FOLD_VERSION = 1;

/** What is counted again at each start at most, about; counting so many takes some milliseconds. */
const NOT_KEPT = 500;

/** What the first fills and events of a ledger come to, and by which of its rows it is known that they are these. */
interface Memo {
  readonly portfolio: FoldedPortfolio;
  readonly fillNotes: FillsSoFar;
  readonly lastFill: string;
  readonly lastEvent: string | null;
}

interface Stored {
  readonly sha256: string;
  readonly memo: string;
}

export interface BooksToFold extends Pick<PortfolioOptions, 'quote' | 'instruments'> {
  readonly ledger: Pick<OrderLedger, 'fills' | 'accountEvents' | 'purposeOf'>;
  readonly state: StateStore;
  readonly log: Logger;
  /** Default: none. */
  readonly equity?: PortfolioHistory['equity'];
}

export interface FoldedBooks {
  readonly portfolio: Portfolio;
  readonly fillNotes: FillNotes;
}

/**
 * An account as its ledger tells it. What most of a long ledger comes to is kept beside it, and gone on from: never where
 * the rows that it ends with are others than those in the ledger, where a market is counted by other rules now, or where
 * it is not as it was written. The ledger alone is what is true.
 */
export function foldBooks(books: BooksToFold): FoldedBooks {
  const { ledger, quote, instruments, equity = [] } = books;
  const memo = usableMemo(books);
  const folded = memo?.portfolio ?? null;
  const fillNotes = new FillNotes(memo?.fillNotes);
  let lastFill: Fill | null = null;
  function* noted(): Generator<Fill> {
    for (const fill of ledger.fills(folded?.fills)) {
      fillNotes.note(fill);
      lastFill = fill;
      yield fill;
    }
  }
  const portfolio = new Portfolio({
    quote,
    instruments,
    history: {
      fills: noted(),
      accountEvents: ledger.accountEvents(folded?.accountEvents),
      equity,
      before:
        folded === null
          ? null
          : { folded, purposeOf: (symbol, trade) => purposeOf(books, symbol, trade, folded.fills) },
    },
  });
  const now = portfolio.folded();
  if (lastFill !== null && now.fills - (folded?.fills ?? 0) >= NOT_KEPT) {
    keep(books, { portfolio: now, fillNotes: fillNotes.soFar(), lastFill: writeExact(lastFill) });
  }
  return { portfolio, fillNotes };
}

/** Keeps what the ledger has come to by now, so that the next start is as quick; to be called now and then. Never throws. */
export function keepFolded(books: BooksToFold): void {
  try {
    const before = memoOf(books.state);
    const [next] = books.ledger.fills((before?.portfolio.fills ?? 0) + NOT_KEPT - 1);
    if (next !== undefined) foldBooks(books);
  } catch (error) {
    books.log.warn({ error }, 'what the books come to could not be kept: the next start counts them anew');
  }
}

/** A ledger that cannot be read just now leaves a late fee waiting, which the next start puts right. */
function purposeOf({ ledger, log }: BooksToFold, symbol: string, trade: TradeId, among: number) {
  try {
    return ledger.purposeOf(symbol, trade, among);
  } catch (error) {
    log.warn({ symbol, trade, error }, 'a fee waits: whose trade it belongs to cannot be read');
    return undefined;
  }
}

function usableMemo(books: BooksToFold): Memo | null {
  const memo = memoOf(books.state);
  if (memo === null || !fitsFolded(memo.portfolio, books)) return null;
  const { fills, accountEvents } = memo.portfolio;
  const [lastFill] = books.ledger.fills(fills - 1);
  const [lastEvent = null] = accountEvents === 0 ? [] : books.ledger.accountEvents(accountEvents - 1);
  const isSame =
    lastFill !== undefined &&
    writeExact(lastFill) === memo.lastFill &&
    (lastEvent === null ? null : writeExact(lastEvent)) === memo.lastEvent;
  return isSame ? memo : null;
}

function memoOf(state: StateStore): Memo | null {
  const stored = documentIn(state).readOr(() => null);
  if (stored === null || digestOf(stored.memo) !== stored.sha256) return null;
  // By its digest it is our own document, of this version, which `keep` wrote.
  return readExact(stored.memo) as Memo;
}

function keep({ ledger, state, log }: BooksToFold, counted: Omit<Memo, 'lastEvent'>): void {
  const { accountEvents } = counted.portfolio;
  const [lastEvent] = accountEvents === 0 ? [] : ledger.accountEvents(accountEvents - 1);
  const memo = writeExact({
    ...counted,
    lastEvent: lastEvent === undefined ? null : writeExact(lastEvent),
  } satisfies Memo);
  try {
    documentIn(state).write({ sha256: digestOf(memo), memo }, 'with-the-next');
  } catch (error) {
    log.warn({ error }, 'what the books come to could not be kept: the next start counts them anew');
  }
}

function digestOf(memo: string): string {
  return createHash('sha256').update(`${FOLD_VERSION} ${memo}`).digest('hex');
}

function documentIn(state: StateStore): StateDocument<Stored | null> {
  return new StateDocument<Stored | null>(state, 'folded-books', {
    version: FOLD_VERSION,
    initial: null,
    parse: (stored, version) => (version === FOLD_VERSION && isStored(stored) ? stored : undefined),
  });
}

function isStored(value: unknown): value is Stored {
  return (
    typeof value === 'object' &&
    value !== null &&
    'sha256' in value &&
    'memo' in value &&
    typeof value.memo === 'string'
  );
}
