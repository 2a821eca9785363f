import { describe, expect, test } from 'vitest';
import { assetAmount } from '../../domain/index.ts';
import { dialectOf, type HardenedCcxt } from '../../execution/index.ts';
import {
  accountFinding,
  candleFault,
  clockFinding,
  feesFinding,
  rightsFinding,
  symbolsFinding,
} from './check-findings.ts';

const TICK_SIZE = 4;
const market = (changes: object = {}) => ({
  precision: { amount: '0.001', price: '0.1' },
  limits: {},
  maker: '0.001',
  taker: '0.002',
  ...changes,
});

const venue = (changes: object = {}): HardenedCcxt['api'] =>
  // Only what is read of it.
  ({
    name: 'Fake',
    precisionMode: TICK_SIZE,
    has: { fetchOHLCV: true },
    timeframes: { '1m': '1', '1h': '60' },
    markets: { 'BTC/USD': market(), 'BTC/USDC': market({ taker: '0.003' }), 'ETH/USD': market() },
    ...changes,
  }) as unknown as HardenedCcxt['api'];

describe('the clock', () => {
  test.each([
    [40, 'good', '0.0 s apart'],
    [-70_000, 'warning', 'is 70.0 s ahead of the venue'],
    [2_500, 'warning', 'is 2.5 s behind the venue'],
  ])('%s ms off: %s', (offsetMs, state, words) => {
    const finding = clockFinding(offsetMs);
    expect(finding.state).toBe(state);
    expect(finding.message).toContain(words);
  });
});

describe('the symbols', () => {
  test('that are listed can be traded', () => {
    expect(symbolsFinding(venue(), ['BTC/USD'], null)).toEqual({
      state: 'good',
      message: 'BTC/USD can be traded there',
    });
  });

  test('that are not listed are named with what to choose instead', () => {
    const { state, message } = symbolsFinding(venue(), ['BTC/USDT'], null);
    expect(state).toBe('failed');
    expect(message).toBe('BTC/USDT cannot be traded there: choose BTC/USD or BTC/USDC');
    expect(symbolsFinding(venue(), ['DOGE/USD'], null).message).toContain('Fake has no market of DOGE');
  });

  test('whose market is closed are a warning', () => {
    const closed = venue({ markets: { 'BTC/USD': market({ active: false }) } });
    expect(symbolsFinding(closed, ['BTC/USD'], null).state).toBe('warning');
  });

  test('of a kind that no order goes to are refused, and said which one does', () => {
    const spot = dialectOf('binance') ?? null;
    expect(symbolsFinding(venue(), ['BTC/USDT:USDT'], spot).message).toContain(
      'spot markets, such as BTC/USDT',
    );
    const perpetuals = dialectOf('binanceusdm') ?? null;
    expect(symbolsFinding(venue(), ['BTC/USD'], perpetuals).message).toContain('perpetuals');
  });
});

describe('the candles', () => {
  test.each([
    [venue(), undefined],
    [venue({ timeframes: undefined }), undefined],
    [venue({ has: {} }), 'Fake tells no candles: choose another venue'],
    [venue({ timeframes: { '1d': 'D' } }), 'Fake has no 1h candles: choose one of 1d'],
  ])('%#', (api, message) => {
    expect(candleFault(api, '1h')?.message).toBe(message);
  });
});

describe('the fees', () => {
  test('are the dearest of the symbols', () => {
    const { message } = feesFinding(venue(), ['BTC/USD', 'BTC/USDC']);
    expect(message).toBe('An order that waits costs 0.1 %, one that fills at once 0.3 %');
  });

  test('that are not told are no fees of nothing', () => {
    const silent = venue({ markets: { 'BTC/USD': market({ taker: undefined }) } });
    expect(feesFinding(silent, ['BTC/USD']).state).toBe('warning');
    expect(feesFinding(silent, ['NO/PE']).state).toBe('skipped');
  });
});

describe('what the keys may do', () => {
  test.each([
    [{ trading: false, withdrawals: false, ipRestricted: true }, 'failed'],
    [{ trading: true, withdrawals: true, ipRestricted: true }, 'warning'],
    [{ trading: null, withdrawals: null, ipRestricted: null }, 'warning'],
    [{ trading: true, withdrawals: null, ipRestricted: null }, 'warning'],
    [{ trading: true, withdrawals: false, ipRestricted: false }, 'good'],
    [{ trading: true, withdrawals: false, ipRestricted: true }, 'good'],
  ])('%j: %s', (rights, state) => {
    expect(rightsFinding(rights).state).toBe(state);
  });
});

describe('the account', () => {
  const holding = (free: string) => new Map([['USDT', { total: assetAmount('9'), free: assetAmount(free) }]]);

  test('with two sides of one market is not traded with', () => {
    expect(accountFinding(true, holding('5'), ['BTC/USDT'])).toMatchObject({ state: 'failed' });
  });

  test('with nothing free buys nothing', () => {
    expect(accountFinding(false, holding('0'), ['BTC/USDT']).state).toBe('warning');
    expect(accountFinding(false, new Map(), ['BTC/USDT']).state).toBe('warning');
  });

  test('tells what is free', () => {
    expect(accountFinding(false, holding('12.5'), ['BTC/USDT'])).toEqual({
      state: 'good',
      message: '12.50 USDT are free there',
    });
  });
});
