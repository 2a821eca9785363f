import type { Database } from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TRADE_DIMENSIONS, type TradeDimension, TradeFilterSchema } from '../../contract/index.ts';
import { add, price, quoteAmount, text, ZERO_QUOTE } from '../../domain/index.ts';
import { openDatabase, SqliteExcursionStore, SqliteTradeQueries } from '../index.ts';

const DAY = 86_400_000;
const MONDAY = Date.UTC(2024, 0, 1);

interface Given {
  readonly id?: string;
  readonly symbol?: string;
  readonly side?: 'buy' | 'sell';
  readonly net?: string;
  readonly fees?: string;
  readonly opened?: number;
  readonly closed?: number;
  readonly regime?: string | null;
  readonly exit?: string;
  readonly strategy?: string | null;
  readonly votes?: readonly object[] | null;
}

function history() {
  const database = openDatabase({ file: ':memory:', owner: 'demo' });
  const insert =
    database.prepare(`INSERT INTO trade_history (timestamp, trade_id, symbol, side, amount, entry_price,
      exit_price, realized_pnl, pnl_pct, fees, market_regime, won, closed, close_timestamp, agent_votes, exit_reason, strategy)
    VALUES (:opened, :id, :symbol, :side, '1', '100', '101', :net, '1', :fees, :regime, :won, 1, :closed, :votes, :exit,
      :strategy)`);
  let count = 0;
  const put = (given: Given = {}): string => {
    count += 1;
    const net = given.net ?? '1';
    const row = {
      ...{ id: `t${count}`, symbol: 'BTC/USDT', side: 'buy', net, fees: '0.1', opened: MONDAY + count },
      ...{ closed: MONDAY + count, regime: 'trending', exit: 'exit', strategy: 'trend', ...given },
      votes: given.votes == null ? null : JSON.stringify(given.votes),
      won: Number(quoteAmount(net).gt(0)),
    };
    insert.run(row);
    return row.id;
  };
  const queries = new SqliteTradeQueries(database);
  const nets = (by: TradeDimension, period = {}): Record<string, string> =>
    Object.fromEntries(queries.totals(by, 'USDT', period).map(({ key, netPnl }) => [key, netPnl]));
  return { database, put, queries, nets };
}

/** Everything that is kept of the rows, anew from them. */
function keptAndAnew(database: Database) {
  const dump = (table: string): unknown[] => database.prepare(`SELECT * FROM ${table}`).raw().all();
  const kept = [dump('trade_totals'), dump('trade_days')];
  const anew = [
    `SELECT dimension, quote, key, day, sum(trades), sum(wins), sum(made_micros), sum(made_rest), sum(lost_micros),
      sum(lost_rest), sum(fees_micros), sum(fees_rest), sum(held_ms)
      FROM trade_shares GROUP BY dimension, quote, key, day ORDER BY 1, 2, 3, 4`,
    `SELECT close_timestamp / 86400000, group_concat(won, '' ORDER BY close_timestamp, timestamp, trade_id)
      FROM trade_history WHERE closed GROUP BY 1`,
  ].map((sql) => database.prepare(sql).raw().all());
  return { kept, anew };
}

describe('the totals of trades', () => {
  test('are by what each trade was', () => {
    const { put, nets } = history();
    const said = (voter: string, action: string) => ({ kind: 'vote', voter, action });
    put({
      ...{ symbol: 'ETH/USDT', net: '5', opened: MONDAY + 3.6e6 * 5, closed: MONDAY + 2 * DAY, exit: 'stop' },
      votes: [said('bull', 'BUY'), said('bear', 'SELL'), { kind: 'abstention', voter: 'ensemble' }],
    });
    put({
      ...{ side: 'sell', net: '-2', opened: MONDAY + 6 * DAY, closed: MONDAY + 40 * DAY, regime: null },
      ...{ strategy: null, votes: [said('bull', 'BUY'), said('bear', 'HOLD')] },
    });
    expect(Object.fromEntries(TRADE_DIMENSIONS.map((by) => [by, nets(by)]))).toEqual({
      all: { '': '3' },
      symbol: { 'BTC/USDT': '-2', 'ETH/USDT': '5' },
      side: { buy: '5', sell: '-2' },
      regime: { '': '-2', trending: '5' },
      hour: { '00': '-2', '05': '5' },
      weekday: { 0: '5', 6: '-2' },
      exit: { exit: '-2', stop: '5' },
      strategy: { '': '-2', trend: '5' },
      voter: {
        'bull for': '5',
        'bear against': '5',
        'ensemble abstained': '5',
        'bull against': '-2',
        'bear held': '-2',
      },
      day: { '2024-01-03': '5', '2024-02-10': '-2' },
      month: { '2024-01': '5', '2024-02': '-2' },
    });
  });

  test('count what won, what it took and how long it was held', () => {
    const { put, queries } = history();
    put({ net: '4', fees: '0.5', opened: MONDAY, closed: MONDAY + 1_000 });
    put({ net: '0', fees: '0.25', opened: MONDAY, closed: MONDAY + 500 });
    put({ net: '-1.5', fees: '-0.05', opened: MONDAY, closed: MONDAY + 500 });
    expect(queries.totals('all', 'USDT')).toEqual([
      { key: '', trades: 3, wins: 1, made: '4', lost: '1.5', netPnl: '2.5', fees: '0.7', heldMs: 2_000 },
    ]);
  });

  test.each([
    { what: 'a profit that no integer holds', given: { net: '10000000000000000000000' } },
    { what: 'a loss that no integer holds', given: { net: '-10000000000000000000000' } },
    { what: 'a profit that no integer holds in millionths', given: { net: '10000000000000.5' } },
    { what: 'a fee that no integer holds', given: { fees: '10000000000000000000000' } },
    { what: 'a time beyond the calendar', given: { opened: MONDAY * 1_000, closed: MONDAY * 1_000 } },
  ])('let a trade be written with $what, and taken away', ({ given }) => {
    const { database, put, queries } = history();
    put();
    for (let trade = 0; trade < 20; trade += 1) put(given);
    expect(queries.totals('all', 'USDT', { to: MONDAY * 2_000 })[0]?.trades).toBe(21);
    database.exec("DELETE FROM trade_history WHERE trade_id <> 't1'");
    expect(queries.totals('all', 'USDT')[0]?.trades).toBe(1);
  });

  test('of another currency are apart', () => {
    const { put, queries, nets } = history();
    put();
    put({ symbol: 'ETH/BTC:BTC-250627', net: '0.5' });
    expect(nets('all')).toEqual({ '': '1' });
    expect(queries.totals('symbol', 'BTC')).toMatchObject([{ key: 'ETH/BTC:BTC-250627', netPnl: '0.5' }]);
  });

  test('of a period are those of its days', () => {
    const { put, nets } = history();
    for (const [index, net] of ['1', '10', '100'].entries()) put({ net, closed: MONDAY + index * DAY });
    expect(nets('all', { from: MONDAY + DAY })).toEqual({ '': '110' });
    expect(nets('all', { from: MONDAY, to: MONDAY + 2 * DAY })).toEqual({ '': '11' });
    expect(nets('all', { to: MONDAY })).toEqual({});
  });

  const amounts = fc
    .tuple(fc.bigInt({ min: -(10n ** 28n), max: 10n ** 28n }), fc.integer({ min: 0, max: 16 }))
    .map(([digits, decimals]) => {
      const amount = quoteAmount(String(digits)).div(10 ** 16);
      return amount.toFixed(decimals, 1);
    });

  test('are exact', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1, maxLength: 12 }), (nets) => {
        const { database, put, queries } = history();
        for (const net of nets) put({ net, fees: net });
        const [total] = queries.totals('all', 'USDT');
        const expected = text(nets.reduce((sum, net) => add(sum, quoteAmount(net)), ZERO_QUOTE));
        expect([total?.netPnl, total?.fees]).toEqual(
          [expected, expected].map((each) => each.replace(/^-0$/, '0')),
        );
        database.close();
      }),
    );
  });

  const change = fc.oneof(
    fc.record({ put: fc.record({ net: fc.constantFrom('1.5', '-0.25', '0'), closed: fc.nat(3 * DAY) }) }),
    fc.record({ tell: fc.constantFrom('ranging', 'volatile'), at: fc.nat(20) }),
    fc.record({ move: fc.nat(3 * DAY), at: fc.nat(20) }),
    fc.record({ end: fc.nat(3 * DAY), at: fc.nat(20) }),
    fc.record({ remove: fc.nat(20) }),
  );

  test('and outcomes follow each change of a row', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
        const { database, put } = history();
        const ids: string[] = [];
        for (const each of changes) {
          if ('put' in each)
            ids.push(
              put({
                ...each.put,
                closed: MONDAY + each.put.closed,
                votes: [{ kind: 'vote', voter: 'bull', action: 'BUY' }],
              }),
            );
          else if ('tell' in each)
            database
              .prepare('UPDATE trade_history SET market_regime = ? WHERE trade_id = ?')
              .run(each.tell, ids[each.at] ?? '');
          else if ('move' in each)
            database
              .prepare('UPDATE trade_history SET close_timestamp = ?, won = 1 - won WHERE trade_id = ?')
              .run(MONDAY + each.move, ids[each.at] ?? '');
          else if ('end' in each) {
            const id = ids[each.at] ?? '';
            database
              .prepare(
                'UPDATE trade_history SET closed = 0, won = NULL, close_timestamp = NULL WHERE trade_id = ?',
              )
              .run(id);
            database
              .prepare('UPDATE trade_history SET closed = 1, won = 0, close_timestamp = ? WHERE trade_id = ?')
              .run(MONDAY + each.end, id);
          } else database.prepare('DELETE FROM trade_history WHERE trade_id = ?').run(ids[each.remove] ?? '');
        }
        const { kept, anew } = keptAndAnew(database);
        expect(kept).toEqual(anew);
        database.close();
      }),
    );
  });

  test('a trade that is open counts nowhere until it ends', () => {
    const { database, put, queries } = history();
    const id = put({ closed: MONDAY + 5 });
    database
      .prepare('UPDATE trade_history SET closed = 0, won = NULL, close_timestamp = NULL WHERE trade_id = ?')
      .run(id);
    expect(keptAndAnew(database).kept).toEqual([[], []]);
    expect(queries.totals('all', 'USDT')).toEqual([]);
    database
      .prepare('UPDATE trade_history SET closed = 1, won = 1, close_timestamp = ? WHERE trade_id = ?')
      .run(MONDAY, id);
    expect(queries.totals('all', 'USDT')).toMatchObject([{ trades: 1 }]);
  });
});

describe('streaks', () => {
  test.each([
    ['', { longestWin: 0, longestLoss: 0, current: 0 }],
    ['1', { longestWin: 1, longestLoss: 0, current: 1 }],
    ['111011', { longestWin: 3, longestLoss: 1, current: 2 }],
    ['0100', { longestWin: 1, longestLoss: 2, current: -2 }],
  ])('of %s', (outcomes, expected) => {
    const { put, queries } = history();
    for (const [index, outcome] of [...outcomes].entries())
      put({ net: outcome === '1' ? '1' : '-1', closed: MONDAY + index * DAY * 0.4 });
    expect(queries.streaks()).toEqual(expected);
  });
});

describe('trades are found', () => {
  const filled = () => {
    const given = history();
    given.put({ id: 'a', net: '5', closed: MONDAY + 1, exit: 'stop' });
    given.put({ id: 'b', net: '-5', closed: MONDAY + 2, side: 'sell', strategy: null, regime: null });
    given.put({ id: 'c', net: '0', closed: MONDAY + DAY, symbol: 'ETH/USDT', regime: 'volatile' });
    return (filter = {}) => given.queries.find(TradeFilterSchema.parse(filter)).map((row) => row.trade_id);
  };

  test.each([
    [{}, ['c', 'b', 'a']],
    [{ symbol: 'ETH/USDT' }, ['c']],
    [{ side: 'sell' }, ['b']],
    [{ outcome: 'won' }, ['a']],
    [{ outcome: 'lost' }, ['c', 'b']],
    [{ strategy: '' }, ['b']],
    [{ strategy: 'trend', exit: 'exit' }, ['c']],
    [{ regime: 'volatile' }, ['c']],
    [{ regime: '' }, ['b']],
    [{ from: MONDAY + 2 }, ['c', 'b']],
    [{ from: MONDAY + 2, to: MONDAY + DAY }, ['b']],
    [{ limit: 2 }, ['c', 'b']],
  ])('by %j', (filter, expected) => {
    expect(filled()(filter)).toEqual(expected);
  });

  test('page by page, also where several ended at once', () => {
    const { put, queries } = history();
    for (let index = 0; index < 7; index += 1) put({ opened: MONDAY + (index % 3), closed: MONDAY + 10 });
    const seen: string[] = [];
    let after: { closedAt: number; openedAt: number; id: string } | undefined;
    for (let page = 0; page < 4; page += 1) {
      const rows = queries.find({ ...TradeFilterSchema.parse({ limit: 2 }), after });
      seen.push(...rows.map((row) => row.trade_id));
      const last = rows.at(-1);
      after = last && { closedAt: last.close_timestamp ?? 0, openedAt: last.timestamp, id: last.trade_id };
    }
    expect(seen.toSorted()).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7']);
  });

  test('the span is from the first opening to the last end', () => {
    const { put, queries } = history();
    expect(queries.span()).toBeNull();
    put({ opened: MONDAY, closed: MONDAY + 9 });
    put({ opened: MONDAY + 1, closed: MONDAY + 5 });
    expect(queries.span()).toEqual({ from: MONDAY, to: MONDAY + 9 });
  });
});

describe('what trades saw', () => {
  const SEEN = { symbol: 'BTC/USDT', side: 'buy', firstPrice: price(100), lowest: 97, highest: 103 } as const;

  test('stands beside the trade, and is there after the rows were made anew', () => {
    const { database, put, queries } = history();
    const store = new SqliteExcursionStore(database);
    const [seen, unseen] = [put({ opened: 10, closed: 20 }), put({ opened: 11, closed: 21 })];
    store.write({ ...SEEN, tradeId: seen, openedAt: 10, endedAt: 20, firstStop: price(95) });
    const found = () =>
      queries
        .find(TradeFilterSchema.parse({}))
        .map((row) => [row.trade_id, row.first_price, row.first_stop, row.lowest, row.highest]);
    expect(found()).toEqual([
      [unseen, null, null, null, null],
      [seen, '100', '95', 97, 103],
    ]);
    database.exec('DELETE FROM trade_history');
    put({ id: seen, opened: 10, closed: 20 });
    expect(found()).toEqual([[seen, '100', '95', 97, 103]]);
  });

  test('is told of finished trades, the newest first, within a period', () => {
    const { database, put, queries } = history();
    const store = new SqliteExcursionStore(database);
    for (let number = 0; number < 5; number += 1) {
      const tradeId = put({
        opened: 10 + number,
        closed: 20 + number,
        regime: number === 0 ? null : 'ranging',
      });
      store.write({ ...SEEN, tradeId, openedAt: 10 + number, endedAt: 20 + number, firstStop: null });
    }
    store.write({ ...SEEN, tradeId: 'open', openedAt: 30, endedAt: null, firstStop: null });
    expect(queries.seen('regime', {}, 10).map(({ key }) => key)).toEqual([
      ...['ranging', 'ranging', 'ranging', 'ranging', ''],
    ]);
    expect(queries.seen('exit', { from: 21, to: 24 }, 2)).toEqual([
      {
        ...{ key: 'exit', won: 1, pnl_pct: '1', side: 'buy', first_price: '100', first_stop: null },
        ...{ lowest: 97, highest: 103 },
      },
      expect.objectContaining({ key: 'exit' }),
    ]);
    expect(queries.seen('symbol', { from: 24 }, 10)).toHaveLength(1);
  });
});
