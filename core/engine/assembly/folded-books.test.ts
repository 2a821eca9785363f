import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import {
  accountEventId,
  assetAmount,
  baseAmount,
  type OrderLedger,
  quoteAmount,
  SILENT_LOGGER,
  simulatedInstrument,
  tradeId,
  writeExact,
} from '../../domain/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { type BooksToFold, FOLD_VERSION, foldBooks, keepFolded } from './folded-books.ts';

const EVENT = {
  ...{ asset: 'USDT', symbol: null, tradeId: null, time: 1, note: '' },
  ...{ amount: assetAmount(10_000), quoteValue: quoteAmount(10_000) },
};

/** Books with so many fills, a derivative's among them, and how many of those were read. */
function booksOf(fills: number) {
  const ledger = new MemoryOrderLedger();
  ledger.appendIntent(intentOf('a', { amount: 1_000_000 }));
  ledger.appendAccountEvent({ ...EVENT, id: accountEventId('opening'), kind: 'opening' });
  const append = (number: number): void => {
    const symbol = number % 7 === 0 ? 'ETH/USDT:USDT' : 'BTC/USDT';
    const side = number % 3 === 0 ? 'sell' : 'buy';
    ledger.appendFill(fillOf(`${number}`, 'a', { symbol, side, price: 100 + (number % 11), time: number }));
  };
  for (let number = 1; number <= fills; number += 1) append(number);
  let read = 0;
  const counted: Pick<OrderLedger, 'fills' | 'accountEvents' | 'purposeOf'> = {
    *fills(after) {
      for (const fill of ledger.fills(after)) {
        read += 1;
        yield fill;
      }
    },
    accountEvents: (after) => ledger.accountEvents(after),
    purposeOf: (...asked) => ledger.purposeOf(...asked),
  };
  const state = new MemoryStateStore();
  const instruments = (symbol: string) => simulatedInstrument(symbol, 100);
  const books: BooksToFold = { ledger: counted, state, quote: 'USDT', instruments, log: SILENT_LOGGER };
  return {
    books,
    append,
    ledger,
    state,
    /** What the books come to, and how many fills were read for it. */
    fold(given: Partial<BooksToFold> = {}) {
      read = 0;
      const { portfolio, fillNotes } = foldBooks({ ...books, ...given });
      return { came: writeExact([portfolio.folded(), fillNotes.soFar()]), read };
    },
  };
}

test('a long ledger is counted once, and comes to the same ever after', () => {
  const { fold, append } = booksOf(600);
  const first = fold();
  expect(first.read).toBe(600);
  // The last row, by which the ledger is known.
  expect(fold()).toEqual({ came: first.came, read: 1 });
  append(601);
  append(602);
  const gone = fold();
  expect(gone.read).toBe(3);
  expect(gone.came).toBe(fold({ state: new MemoryStateStore() }).came);
});

test('of a short ledger nothing is kept', () => {
  const { fold, state } = booksOf(499);
  fold();
  expect([fold().read, state.read('folded-books')]).toEqual([499, undefined]);
});

test('a program that runs for long keeps what the ledger comes to, now and then', () => {
  const { books, fold, append } = booksOf(600);
  keepFolded(books);
  for (let number = 601; number < 1_100; number += 1) append(number);
  keepFolded(books);
  expect(fold().read).toBe(500);
  append(1_100);
  keepFolded(books);
  expect(fold().read).toBe(1);
});

test('whatever is not as it was is counted anew', () => {
  const whole = booksOf(600).fold().came;
  const memoOf = ({ state, fold }: ReturnType<typeof booksOf>) => {
    fold();
    return state.read('folded-books') as { documentVersion: number; value: { sha256: string; memo: string } };
  };
  const digest = (memo: string): string =>
    createHash('sha256').update(`${FOLD_VERSION} ${memo}`).digest('hex');
  const kept = memoOf(booksOf(600));
  const { memo } = kept.value;
  const signed = (text: string) => ({ ...kept, value: { memo: text, sha256: digest(text) } });
  const changed = (change: (memo: { portfolio: object; lastFill: string; lastEvent: unknown }) => object) =>
    signed(JSON.stringify(change(JSON.parse(memo))));
  const tampered = {
    'another sum, not signed': { ...kept, value: { ...kept.value, memo: memo.replace('10000', '90000') } },
    'another last fill': changed((of) => ({ ...of, lastFill: of.lastFill.replace('"1', '"2') })),
    'another last event': changed((of) => ({ ...of, lastEvent: null })),
    'no event': changed((of) => ({ ...of, portfolio: { ...of.portfolio, accountEvents: 0 } })),
    'more fills than there are': changed((of) => ({ ...of, portfolio: { ...of.portfolio, fills: 601 } })),
    'more events than there are': changed((of) => ({
      ...of,
      portfolio: { ...of.portfolio, accountEvents: 2 },
    })),
    'another version': { ...kept, documentVersion: FOLD_VERSION - 1 },
    'a newer version': { ...kept, documentVersion: FOLD_VERSION + 1 },
    'no document': 'gone',
    'a document without text': { ...kept, value: { sha256: digest(''), memo: 1 } },
    'another document': { ...kept, value: { sha256: '' } },
    'a word': { ...kept, value: 'memo' },
    nothing: { ...kept, value: null },
  };
  for (const [what, document] of Object.entries(tampered)) {
    const { fold, state } = booksOf(600);
    state.write('folded-books', document);
    expect([what, fold().came]).toEqual([what, whole]);
  }
});

test('a market of another lot, and another currency, are counted anew', () => {
  const { fold } = booksOf(600);
  fold();
  const instruments = (symbol: string) => ({
    ...simulatedInstrument(symbol, 100),
    lotSize: baseAmount('0.5'),
  });
  expect(fold({ instruments }).read).toBe(600);
  expect(fold({ quote: 'USDC' }).read).toBe(600);
});

test('books that were set back are counted anew', () => {
  const { fold, state } = booksOf(600);
  fold();
  const older = booksOf(550);
  expect(older.fold({ state }).came).toBe(older.fold({ state: new MemoryStateStore() }).came);
});

test('what cannot be kept keeps nobody from starting', () => {
  const { books, fold } = booksOf(600);
  const state = {
    read: () => undefined,
    write: () => {
      throw new Error('disk full');
    },
  };
  expect(fold({ state }).read).toBe(600);
  keepFolded({ ...books, state });
  const fills = (): never => {
    throw new Error('locked');
  };
  keepFolded({ ...books, ledger: { ...books.ledger, fills } });
});

test('a late fee finds the trade that was counted before, and waits while it cannot be read', () => {
  const { books, ledger, fold } = booksOf(600);
  fold();
  ledger.appendAccountEvent({
    ...{ ...EVENT, id: accountEventId('fee'), kind: 'fee', symbol: 'BTC/USDT', tradeId: tradeId('1') },
    ...{ amount: assetAmount(-2), quoteValue: quoteAmount(-2) },
  });
  const before = foldBooks({ ...books, state: new MemoryStateStore() }).portfolio;
  expect(foldBooks(books).portfolio.fees).toEqual(before.fees);
  const purposeOf = (): never => {
    throw new Error('locked');
  };
  const { portfolio } = foldBooks({ ...books, ledger: { ...books.ledger, purposeOf } });
  expect(portfolio.folded().waitingFees).toHaveLength(1);
});

test('the version is that of the rules: where this fails for another rule or form, raise FOLD_VERSION', () => {
  const { came } = booksOf(600).fold();
  expect([FOLD_VERSION, createHash('sha256').update(came).digest('hex').slice(0, 16)]).toEqual([
    1,
    '663247ca56f50285',
  ]);
});
