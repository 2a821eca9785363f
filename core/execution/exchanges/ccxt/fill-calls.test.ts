import { expect, test } from 'vitest';
import type { FillPage } from '../../../domain/index.ts';
import { FillCalls } from './fill-calls.ts';
import { readFill } from './reading.ts';
import { contextOf, fakeCcxt, knownDialect, tradeRow } from './testing/fake-ccxt.ts';

const DAY = 86_400_000;
const SYMBOL = 'BTC/USDT';

type Row = { readonly id: string; readonly timestamp: number; readonly side?: 'buy' | 'sell' };

/** A venue with these trades, which gives two a page and a stretch of a week at a time. */
function venue(trades: readonly Row[], windowMs: number | null) {
  const ccxt = fakeCcxt();
  ccxt.answers(
    'fetchMyTrades',
    (_symbol: string, since: number | undefined, limit: number, from?: object) => {
      const fromId = BigInt((from as { fromId?: string } | undefined)?.fromId ?? 0);
      return trades
        .filter(({ id, timestamp }) =>
          since === undefined
            ? BigInt(id) >= fromId
            : timestamp >= since && (windowMs === null || timestamp < since + windowMs),
        )
        .slice(0, limit)
        .map((trade) => tradeRow(trade));
    },
  );
  const context = contextOf(knownDialect('binance'));
  const calls = new FillCalls({
    ccxt,
    paging: { by: 'id', fromId: 'fromId', limit: 2, windowMs },
    lookBackMs: windowMs === null ? null : 28 * DAY,
    now: () => 30 * DAY,
    isListed: (symbol) => symbol === SYMBOL,
    read: async (rows) => rows.map((row) => readFill(row, context)),
  });
  const all = async (since: number): Promise<string[]> => {
    const ids: string[] = [];
    let page: FillPage = { fills: [], cursor: null, more: true };
    while (page.more) {
      page = await calls.page({ symbol: SYMBOL, cursor: page.cursor, since });
      ids.push(...page.fills.map(({ tradeId }) => tradeId));
    }
    return ids;
  };
  return { ...ccxt, calls, all };
}

const trade = (id: number, timestamp: number): Row => ({ id: `${id}`, timestamp });

test('V7 C18 every trade is read once, page by page, though several are of one moment', async () => {
  const trades = [8, 9, 10, 11, 12].map((id) => trade(id, 10 * DAY));
  expect(await venue(trades, null).all(9 * DAY)).toEqual(['8', '9', '10', '11', '12']);
});

test.each([1, 2, 3, 4])(
  'both sides of trade %i of four are read once, wherever a page ends',
  async (pair) => {
    const trades = [1, 2, 3, 4].map((id) => trade(id, 10 * DAY));
    trades.splice(pair, 0, { ...trade(pair, 10 * DAY), side: 'buy' });
    const ids = trades.map(({ id }) => id);
    expect(await venue(trades, null).all(9 * DAY)).toEqual(ids);
  },
);

test('a stretch without trades is passed over, and the last one ends the list', async () => {
  const { all, asked } = venue([trade(1, 1), trade(2, 25 * DAY)], 7 * DAY);
  expect(await all(2 * DAY)).toEqual(['2']);
  // Four weeks from the second day on, then what comes after the trade.
  expect(asked.map(([, , since]) => since)).toEqual([2 * DAY, 9 * DAY, 16 * DAY, 23 * DAY]);
});

test('what is older than the list reaches back is not asked for', async () => {
  const { all, asked } = venue([trade(2, 25 * DAY)], 7 * DAY);
  expect(await all(0)).toEqual(['2']);
  expect(asked.map(([, , since]) => since)[0]).toBe(2 * DAY);
});

test('nothing new leaves the place as it was', async () => {
  const { calls } = venue([trade(1, DAY)], null);
  const first = await calls.page({ symbol: SYMBOL, cursor: null, since: 0 });
  expect(first).toMatchObject({ cursor: 'after:1', more: false });
  const next = await calls.page({ symbol: SYMBOL, cursor: first.cursor, since: 0 });
  expect(next).toEqual({ fills: [], cursor: 'after:1', more: false });
  expect(await venue([], 7 * DAY).calls.page({ symbol: SYMBOL, cursor: null, since: 29 * DAY })).toEqual({
    fills: [],
    cursor: null,
    more: false,
  });
});

test('numbers of another length are in their order', async () => {
  expect(await venue([trade(10, 5), trade(9, 5)], null).all(0)).toEqual(['9', '10']);
});

test('a symbol that is not listed has none, and is not asked about', async () => {
  const { calls, asked } = venue([trade(1, DAY)], null);
  const page = await calls.page({ symbol: 'NO/SUCH', cursor: 'after:7', since: 0 });
  expect(page).toEqual({ fills: [], cursor: 'after:7', more: false });
  expect(asked).toEqual([]);
});
