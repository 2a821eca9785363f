import { expect, test } from 'vitest';
import type { VenueProfile } from '../../../domain/index.ts';
import { AccountCalls } from './account-calls.ts';
import type { Dialect } from './dialect.ts';
import { contextOf, fakeCcxt, knownDialect } from './testing/fake-ccxt.ts';

const DAY = 86_400_000;

/** An account of this program alone, or one that the trader uses as well. */
function account(
  id: string,
  now = 9_000,
  owner: VenueProfile['account'] = 'ours',
  changes: Partial<Dialect> = {},
) {
  const ccxt = fakeCcxt();
  const known = knownDialect(id);
  const dialect = { ...known, profile: { ...known.profile, account: owner }, ...changes };
  return { ...ccxt, account: new AccountCalls(ccxt, contextOf(dialect, now), 'USDT') };
}

const entry = (changes: Readonly<Record<string, unknown>> = {}) => ({
  id: '1',
  currency: 'USDT',
  amount: '2.5',
  direction: 'in',
  timestamp: 5_000,
  info: { incomeType: 'TRANSFER' },
  ...changes,
});

test('a spot account is its assets', async () => {
  const { account: calls, answers, asked } = account('binance');
  answers('fetchBalance', { free: { USDT: '7' }, total: { USDT: '9' } });
  const { time, assets, positions } = await calls.snapshot();
  expect([time, `${assets.get('USDT')?.total}`, positions.size]).toEqual([9_000, '9', 0]);
  expect(asked).toHaveLength(1);
  expect(await calls.events(0, [])).toEqual([]);
});

test('an account of contracts has positions besides', async () => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchBalance', { free: {}, total: {}, info: { assets: [] } });
  answers('fetchPositions', [{ symbol: 'BTC/USDT:USDT', side: 'short', contracts: '3' }]);
  const { positions } = await calls.snapshot();
  expect(`${positions.get('BTC/USDT:USDT')}`).toBe('-0.03');
});

test('an empty answer is no flat account', async () => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchBalance', { free: {}, total: {} });
  await expect(calls.snapshot()).rejects.toMatchObject({ fault: 'uncertain' });
});

test.each<[string, Readonly<Record<string, unknown>>, object]>([
  ['a transfer in', {}, { kind: 'deposit', asset: 'USDT', note: 'transfer' }],
  ['a transfer out', { direction: 'out' }, { kind: 'withdrawal' }],
  ['funding paid', { direction: 'out', info: { incomeType: 'FUNDING_FEE' } }, { kind: 'funding' }],
  [
    'anything else',
    { info: { incomeType: 'INSURANCE_CLEAR' } },
    { kind: 'external', note: 'insurance clear' },
  ],
])('V5 %s is booked as what it is', async (_name, changes, expected) => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchLedger', [entry(changes)]);
  const [event] = await calls.events(4_000, []);
  expect(event).toMatchObject({ ...expected, time: 5_000, symbol: null, tradeId: null });
  const sign = 'direction' in changes ? '-' : '';
  expect([`${event?.amount}`, `${event?.quoteValue}`]).toEqual([`${sign}2.5`, `${sign}2.5`]);
});

test('an asset is worth what it is known to be, and moves no profit before that', async () => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchLedger', [entry({ currency: 'BNB' }), entry({ currency: 'XYZ' })]);
  const events = await calls.events(0, []);
  expect(events.map(({ asset, quoteValue }) => [asset, `${quoteValue}`])).toEqual([
    ['BNB', '1500'],
    ['XYZ', '0'],
  ]);
});

test('what trades moved is in the trades', async () => {
  const { account: calls, answers } = account('binanceusdm');
  const kinds = ['REALIZED_PNL', 'COMMISSION', 'FUNDING_FEE'];
  answers(
    'fetchLedger',
    kinds.map((incomeType) => entry({ info: { incomeType } })),
  );
  expect((await calls.events(0, [])).map(({ kind }) => kind)).toEqual(['funding']);
});

test('every movement is told once, oldest first, page by page and week by week', async () => {
  const now = 16 * DAY;
  const { account: calls, answers } = account('binanceusdm', now);
  const rows = Array.from({ length: 2_300 }, (_, index) =>
    entry({ id: `${index}`, timestamp: index < 2_200 ? DAY + Math.floor(index / 7) : 15 * DAY + index }),
  );
  answers('fetchLedger', (_code: unknown, since: number, limit: number) =>
    rows.filter(({ timestamp }) => timestamp >= since && timestamp < since + 7 * DAY).slice(0, limit),
  );
  const ids = (await calls.events(0, [])).map(({ id }) => id);
  expect(ids).toHaveLength(rows.length);
  expect(new Set(ids).size).toBe(rows.length);
  expect(ids[0]).toBe('TRANSFER:0:USDT');
});

test('more of one moment than a page holds does not end in a circle', async () => {
  const { account: calls, answers } = account('binanceusdm');
  const rows = Array.from({ length: 1_000 }, (_, index) => entry({ id: `${index}`, timestamp: 5_000 }));
  answers('fetchLedger', rows);
  expect(await calls.events(5_000, [])).toHaveLength(1_000);
});

test('a movement that cannot be read is no movement of nothing', async () => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchLedger', [entry({ direction: undefined })]);
  await expect(calls.events(0, [])).rejects.toMatchObject({ fault: 'uncertain' });
});

test('money that the trader moves in an account of his own is his: what was allotted stays as it is', async () => {
  const { account: calls, answers } = account('binanceusdm', 9_000, 'shared');
  const funding = { id: '2', info: { incomeType: 'FUNDING_FEE' } };
  answers('fetchLedger', [entry(), entry({ id: '3', direction: 'out' }), entry(funding)]);
  expect((await calls.events(0, [])).map(({ kind }) => kind)).toEqual(['funding']);
});

test('both sides of one market at a time are no position: the account is not as it must be', async () => {
  const { account: calls, answers } = account('binanceusdm');
  answers('fetchBalance', { free: {}, total: {}, info: { assets: [] } });
  const side = (name: string, contracts: string) => ({ symbol: 'BTC/USDT:USDT', side: name, contracts });
  answers('fetchPositions', [side('long', '3'), side('short', '3')]);
  await expect(calls.snapshot()).rejects.toThrow('switch it to one-way mode');
  answers('fetchPositions', [side('long', '3'), side('short', '0')]);
  expect((await calls.snapshot()).positions.size).toBe(1);
});

test('funding is asked for symbol by symbol where nothing else that moved money is told', async () => {
  const dialect = { ledger: null, hasFundingHistory: true };
  const { account: calls, answers, asked } = account('binanceusdm', 40 * DAY, 'shared', dialect);
  const row = { code: 'USDT', amount: '-1.5', timestamp: 39 * DAY };
  answers('fetchFundingHistory', [
    { ...row, id: 'f1' },
    { ...row, timestamp: 38 * DAY, amount: '2' },
  ]);
  const events = await calls.events(0, ['BTC/USDT:USDT', 'NO/SUCH']);
  expect(events.map(({ id, kind, quoteValue }) => [id, kind, `${quoteValue}`])).toEqual([
    [`funding:BTC/USDT:USDT:${38 * DAY}`, 'funding', '2'],
    ['funding:BTC/USDT:USDT:f1', 'funding', '-1.5'],
  ]);
  expect(asked).toEqual([['fetchFundingHistory', 'BTC/USDT:USDT', 10 * DAY, 100]]);
  await calls.events(39 * DAY, ['BTC/USDT:USDT']);
  expect(asked.at(-1)?.[2]).toBe(39 * DAY);
});
