import { expect, test } from 'vitest';
import type { FillPage } from '../../../domain/index.ts';
import { FillCalls } from './fill-calls.ts';
import { readFill } from './reading.ts';
import { contextOf, fakeCcxt, knownDialect, tradeRow } from './testing/fake-ccxt.ts';

const DAY = 86_400_000;
const NOW = 30 * DAY;
const SYMBOL = 'BTC/USDT';

interface Terms {
  readonly windowMs?: number | null;
  readonly hasEnd?: boolean;
  /** Which end of a stretch a full answer has. */
  readonly gives?: 'oldest' | 'newest';
}
type Row = { readonly id: string; readonly timestamp: number; readonly side?: 'buy' | 'sell' };

/** A venue with these trades, two an answer, which numbers them in no order. */
function venue(trades: readonly Row[], { windowMs = null, hasEnd = true, gives = 'oldest' }: Terms = {}) {
  const ccxt = fakeCcxt();
  ccxt.answers(
    'fetchMyTrades',
    (_symbol: string, since: number, limit: number, params: { until?: number }) => {
      const end = params.until ?? (windowMs === null ? Number.POSITIVE_INFINITY : since + windowMs);
      const inside = trades.filter(({ timestamp }) => timestamp >= since && timestamp <= end);
      return (gives === 'oldest' ? inside.slice(0, limit) : inside.slice(-limit)).map((trade) =>
        tradeRow(trade),
      );
    },
  );
  const context = contextOf(knownDialect('binance'));
  const calls = new FillCalls({
    ccxt,
    paging: { by: 'time', limit: 2, windowMs, hasEnd },
    lookBackMs: null,
    now: () => NOW,
    isListed: () => true,
    read: async (rows) => rows.map((row) => readFill(row, context)),
  });
  const read = async (since: number, from: string | null = null) => {
    const ids: string[] = [];
    let page: FillPage = { fills: [], cursor: from, more: true };
    while (page.more) {
      page = await calls.page({ symbol: SYMBOL, cursor: page.cursor, since });
      ids.push(...page.fills.map(({ tradeId }) => tradeId));
    }
    return { ids, cursor: page.cursor };
  };
  return { ...ccxt, read };
}

const MANY: readonly Row[] = ['f-3', 'a 1', 'c', 'b', 'e', 'd%'].map((id, index) => ({
  id,
  timestamp: 10 * DAY + index * 60_000,
}));

test.each<[string, Terms]>([
  ['gives the oldest of a stretch', { gives: 'oldest' }],
  ['gives the newest of it', { gives: 'newest' }],
  ['gives the newest of a week', { gives: 'newest', windowMs: 7 * DAY }],
  ['gives the oldest, and takes no end', { gives: 'oldest', hasEnd: false }],
])('V7 B9 every trade is read once where a venue %s', async (_name, terms) => {
  const { read } = venue(MANY, terms);
  expect((await read(9 * DAY)).ids).toEqual(['f-3', 'a 1', 'c', 'b', 'e', 'd%']);
});

test('what was read is not read again, and what comes at the same moment is', async () => {
  const trades = [...MANY.slice(0, 2)];
  const { read } = venue(trades);
  const { cursor } = await read(9 * DAY);
  expect(await read(0, cursor)).toEqual({ ids: [], cursor });
  trades.push({ id: 'late', timestamp: 10 * DAY + 60_000 });
  const next = await read(0, cursor);
  expect(next.ids).toEqual(['late']);
  expect((await read(0, next.cursor)).ids).toEqual([]);
});

test('the other side of a trade that was read is read when it is told', async () => {
  const trades = [...MANY.slice(0, 1)];
  const { read } = venue(trades);
  const { cursor } = await read(9 * DAY);
  trades.push({ id: 'f-3', timestamp: 10 * DAY, side: 'buy' });
  const next = await read(0, cursor);
  expect(next.ids).toEqual(['f-3']);
  expect((await read(0, next.cursor)).ids).toEqual([]);
});

test('a week without trades is passed over', async () => {
  const { read, asked } = venue([{ id: 'x', timestamp: 25 * DAY }], { windowMs: 7 * DAY });
  expect((await read(2 * DAY)).ids).toEqual(['x']);
  expect(asked.map(([, , since]) => since)).toEqual([2 * DAY, 9 * DAY, 16 * DAY, 23 * DAY]);
});

test('more in one moment than an answer holds end in it', async () => {
  const crowd = ['1', '2', '3'].map((id) => ({ id, timestamp: 10 * DAY }));
  expect((await venue(crowd).read(10 * DAY)).ids).toEqual(['1', '2']);
});

test('a place in another kind of list is none: it is read from where it is needed', async () => {
  expect((await venue(MANY).read(9 * DAY, 'after:17')).ids).toHaveLength(MANY.length);
});

test('trades of one moment are in the order of their numbers, where they have such', async () => {
  const { read } = venue(
    [
      { id: '10', timestamp: 5 },
      { id: '9', timestamp: 5 },
    ],
    { hasEnd: false },
  );
  expect((await read(1)).ids).toEqual(['9', '10']);
});
