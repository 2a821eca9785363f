import { describe, expect, test } from 'vitest';
import { statusOf } from '../../tests/contracts/fake-contract-service.ts';
import type { PositionView, StatusView, VenueStatus } from './index.ts';
import { venueLines } from './venue-lines.ts';

const VENUE: VenueStatus = {
  orders: { state: 'connected', message: '' },
  readings: {
    lastAnswerAgeMs: 3_000,
    latency: { p50Ms: 45, p99Ms: 210, answers: 200 },
    budgetUsedPct: 12,
  },
  fees: { makerFeeBps: 2, takerFeeBps: 5.5 },
};
const ACCOUNT = { equity: '10023.1', cash: '8000', capital: '10000' };

const held = (symbol: string, protection: PositionView['protection']) => ({
  symbol,
  protection,
  quantity: '0.2',
});

function told(
  status: Partial<StatusView>,
  ...rest: [account?: typeof ACCOUNT | null, positions?: ReturnType<typeof held>[] | null]
) {
  const [account = ACCOUNT, positions = []] = rest;
  const view = statusOf({ exchange: 'binance', venue: VENUE, ...status });
  return new Map(
    venueLines(view, account, positions).map(({ name, state, text }) => [
      name,
      state === 'good' ? text : `! ${text}`,
    ]),
  );
}

test('all is well', () => {
  const at = Date.UTC(2026, 0, 1, 12, 0, 3);
  expect(Object.fromEntries(told({ reconciliation: { green: true, at, differences: [] } }))).toEqual({
    Prices: 'arrive, the oldest is 0 s old',
    Orders: 'binance is connected, last answer 3 s ago',
    Account: 'equity 10023.10 USDT, of it in cash 8000.00; allotted 10000.00',
    'Speed of calls': 'half within 45 ms, 99 of 100 within 210 ms (last 200)',
    'Budget of calls': '12 % spent; stops and cancels have a reserve beside it',
    Fees: '0.02 % for an order that waits, 0.055 % for one that fills at once',
    Stops: 'nothing is held',
    Comparison: 'books and venue agree, 12:00:03 UTC',
  });
});

test('in a demo nothing is said of a venue that there is not', () => {
  const lines = told({ exchange: 'simulated', venue: null });
  expect([...lines.keys()]).toEqual(['Prices', 'Orders', 'Account', 'Stops', 'Comparison']);
  expect(lines.get('Orders')).toBe('stay on this machine: simulated');
});

test('what is not known is left out', () => {
  const view = statusOf({ venue: { ...VENUE, readings: null } });
  expect(venueLines(view, null, null).map(({ name }) => name)).toEqual([
    'Prices',
    'Orders',
    'Fees',
    'Comparison',
  ]);
});

describe('what is not right comes with what to do', () => {
  const market = { symbol: 'BTC/USDT', tradable: true, stale: true, ageMs: 90_000, message: '' };
  const readings = { lastAnswerAgeMs: null, latency: null, budgetUsedPct: 85 };

  test.each<[string, Partial<StatusView>, string]>([
    ['Prices', { markets: [market] }, '! BTC/USDT: its data is too old. Nothing is entered there until'],
    [
      'Prices',
      { markets: [{ ...market, message: 'the line is down' }] },
      '! BTC/USDT: the line is down. Nothing',
    ],
    ['Prices', { markets: [{ ...market, stale: false, ageMs: null }] }, 'none yet'],
    [
      'Orders',
      {
        venue: {
          ...VENUE,
          orders: { state: 'disconnected', message: 'binance does not take the key any more' },
        },
      },
      '! binance is disconnected: binance does not take the key any more, last answer 3 s ago. No entries',
    ],
    [
      'Orders',
      { venue: { ...VENUE, orders: { state: 'closed', message: '' }, readings } },
      '! binance is closed. No entries',
    ],
    ['Budget of calls', { venue: { ...VENUE, readings } }, '! 85 % spent: questions wait'],
    ['Comparison', { reconciliation: { green: false, at: null, differences: [] } }, '! not made yet'],
    [
      'Comparison',
      { reconciliation: { green: false, at: 0, differences: ['BTC: 1 here, 2 there'] } },
      '! BTC: 1 here, 2 there (00:00:00 UTC). Only orders that reduce',
    ],
  ])('%s', (name, status, words) => {
    expect(told(status).get(name)).toContain(words);
  });

  test('a position without a stop at the venue', () => {
    const positions = [held('BTC/USDT', 'none'), held('ETH/USDT', 'venue')];
    expect(told({}, ACCOUNT, positions).get('Stops')).toBe(
      '! 0.2 of BTC/USDT without a stop at the venue: close it, or place a stop there',
    );
    expect(told({}, ACCOUNT, [held('ETH/USDT', 'venue')]).get('Stops')).toContain(
      'every position has its stop',
    );
  });
});
