import { describe, expect, test } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { TradeFilterSchema, TradeNotesChangeSchema } from '../../contract/index.ts';
import { openDatabase, SqliteOrderLedger, SqliteTradeNotes, SqliteTradeQueries } from '../index.ts';

/** Two round trips from the ledger. */
function books() {
  const database = openDatabase({ file: ':memory:', owner: 'demo' });
  const ledger = new SqliteOrderLedger(database);
  for (const number of [1, 2]) {
    ledger.appendIntent(intentOf(`in${number}`));
    ledger.appendFill(fillOf(`a${number}`, `in${number}`, { time: number * 10 }));
    ledger.appendIntent(intentOf(`out${number}`, { side: 'sell', purpose: 'exit' }));
    ledger.appendFill(
      fillOf(`b${number}`, `out${number}`, { side: 'sell', purpose: 'exit', time: number * 10 + 5 }),
    );
  }
  const notes = new SqliteTradeNotes(database);
  const queries = new SqliteTradeQueries(database);
  const find = (filter: object) =>
    queries.find(TradeFilterSchema.parse(filter)).map(({ trade_id, note, tags }) => [trade_id, note, tags]);
  return { database, ledger, notes, find };
}

const [FIRST, SECOND] = ['BTC/USDT a1 buy', 'BTC/USDT a2 buy'];

describe('what the trader writes to a trade', () => {
  test('is written without looking through all trades', () => {
    const { database } = books();
    const plan = database.prepare(
      'EXPLAIN QUERY PLAN SELECT timestamp FROM trade_history WHERE trade_id = ?',
    );
    expect(plan.all(FIRST)).toMatchObject([
      { detail: expect.stringMatching(/^SEARCH trade_history USING INDEX/) },
    ]);
  });

  test('is found with it and by its tags, and is replaced', () => {
    const { notes, find } = books();
    expect(notes.change({ id: FIRST, note: 'too early', tags: ['late', 'news'] }, 1)).toEqual({
      ...{ id: FIRST, note: 'too early', tags: ['late', 'news'] },
    });
    notes.change({ id: SECOND, tags: ['news'] }, 2);
    expect(find({})).toEqual([
      [SECOND, null, '["news"]'],
      [FIRST, 'too early', '["late","news"]'],
    ]);
    expect(find({ tag: ' NEWS ' }).map(([id]) => id)).toEqual([SECOND, FIRST]);
    expect(find({ tag: 'late', symbol: 'BTC/USDT' }).map(([id]) => id)).toEqual([FIRST]);
    expect(notes.tags()).toEqual([
      { tag: 'late', trades: 1 },
      { tag: 'news', trades: 2 },
    ]);
    notes.change({ id: FIRST, tags: [] }, 3);
    expect(notes.of(FIRST)).toEqual({ id: FIRST, note: 'too early', tags: [] });
    notes.change({ id: FIRST, note: '' }, 4);
    expect(notes.of(FIRST)).toEqual({ id: FIRST, note: '', tags: [] });
    expect(find({ tag: 'late' })).toEqual([]);
  });

  test('is there after the rows were made anew from the ledger', () => {
    const { database, ledger, notes, find } = books();
    notes.change({ id: FIRST, note: 'kept', tags: ['kept'] }, 1);
    database.exec('DELETE FROM trade_history');
    ledger.trades.rebuild();
    expect(find({ tag: 'kept' })).toEqual([[FIRST, 'kept', '["kept"]']]);
  });

  test('of a trade that there is not is nothing', () => {
    const { notes } = books();
    expect(notes.change({ id: 'BTC/USDT a3 buy', note: 'x', tags: ['x'] }, 1)).toBeUndefined();
    expect(notes.tags()).toEqual([]);
    expect(notes.of('BTC/USDT a3 buy').note).toBe('');
  });
});

describe('a change of notes', () => {
  const parse = (change: object) => TradeNotesChangeSchema.safeParse({ id: FIRST, ...change });

  test('is tidied: tags in small letters, each once, in order', () => {
    expect(parse({ tags: [' News ', 'late', 'NEWS'], note: ' two\nlines ' }).data).toEqual({
      ...{ id: FIRST, tags: ['late', 'news'], note: 'two\nlines' },
    });
    expect(parse({}).data).toEqual({ id: FIRST });
  });

  test.each([
    ['a tag with a comma', { tags: ['a,b'] }, /a tag has/],
    ['an empty tag', { tags: [' '] }, /a tag has/],
    ['a formula', { tags: ['=1+1'] }, /a tag has/],
    ['a tag too long', { tags: ['x'.repeat(41)] }, /a tag has/],
    ['too many tags', { tags: Array.from({ length: 21 }, (_, index) => `t${index}`) }, /at most 20/],
    ['a note too long', { note: 'x'.repeat(4_001) }, /at most 4000/],
    ['control characters', { note: 'a\u0000b' }, /control characters/],
    ['an unknown key', { colour: 'red' }, /colour/],
    ['no id', { id: '' }, /./],
  ])('with %s is refused', (_what, change, message) => {
    const { success, error } = parse(change);
    expect(success).toBe(false);
    expect(error?.issues[0]?.message).toMatch(message);
  });
});
