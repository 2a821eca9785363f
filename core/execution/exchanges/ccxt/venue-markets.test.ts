import { describe, expect, test } from 'vitest';
import { TraderError, VenueError } from '../../../domain/index.ts';
import { VenueReplyError } from './faults.ts';
import { fakeCcxt, knownDialect, refusal } from './testing/fake-ccxt.ts';
import { VenueMarkets } from './venue-markets.ts';

const SYMBOL = 'BTC/USDT';
const CONTRACT = 'BTC/USDT:USDT';
const FALLBACK = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 3 };
const MARKET = { precision: { amount: '0.001', price: '0.1' }, limits: {} };

function marketsOf(id: string, times: readonly number[] = [0]) {
  const ccxt = fakeCcxt();
  const clock = [...times];
  const now = (): number => (clock.length > 1 ? (clock.shift() ?? 0) : (clock[0] ?? 0));
  const markets = new VenueMarkets({ ccxt, dialect: knownDialect(id), now, fallback: FALLBACK });
  const load = async (listed: Readonly<Record<string, unknown>>): Promise<void> => {
    Object.assign(ccxt.api, { markets: listed });
    await markets.load(false);
  };
  const asked = (name: string) => ccxt.asked.filter(([call]) => call === name).map(([, ...given]) => given);
  return { ...ccxt, markets, load, calledWith: asked };
}

test('what is listed is known, and what is no longer is not', async () => {
  const { markets, load } = marketsOf('binance');
  expect(markets.instrument(SYMBOL)).toBeUndefined();
  await load({ [SYMBOL]: MARKET, 'BTC/USD:BTC': MARKET });
  expect(markets.instrument(SYMBOL)?.lotSize.toFixed()).toBe('0.001');
  expect(markets.instrument('BTC/USD:BTC')).toBeUndefined();
  await load({});
  expect(markets.instrument(SYMBOL)).toBeUndefined();
});

test('a venue that has loaded nothing lists nothing', async () => {
  const { markets, api } = marketsOf('binance');
  Object.assign(api, { markets: undefined });
  await markets.load(true);
  expect(markets.instrument(SYMBOL)).toBeUndefined();
});

test('V13 the venue’s clock is measured against the middle of the question, and what is signed is dated by it', async () => {
  const { markets, answers, api } = marketsOf('binance', [1_000, 1_200]);
  expect(markets.clockOffsetMs).toBeNull();
  answers('fetchTime', 61_100);
  await markets.measureClock();
  expect(markets.clockOffsetMs).toBe(60_000);
  expect(api.options['timeDifference']).toBe(-60_000);
});

test('a clock that is no time is an error of the venue’s', async () => {
  const { markets, answers } = marketsOf('binance');
  answers('fetchTime', undefined);
  await expect(markets.measureClock()).rejects.toMatchObject({ fault: 'uncertain' });
});

describe('what trading costs', () => {
  const fee = { maker: '0.0002', taker: '0.0005' };
  const ticker = { bid: '99.95', ask: '100.05' };

  test.each<[string, unknown, unknown, object]>([
    ['told by the venue', fee, ticker, { makerFeeBps: 2, takerFeeBps: 5, spreadBps: 10, source: 'venue' }],
    [
      'with a spread that is not told',
      fee,
      new Error('down'),
      { takerFeeBps: 5, spreadBps: 2, source: 'venue' },
    ],
    [
      'with fees that are not told',
      refusal('-1'),
      ticker,
      { takerFeeBps: 10, spreadBps: 10, source: 'settings' },
    ],
    ['not told at all', undefined, { bid: null }, { ...FALLBACK, source: 'settings' }],
    ['in a crossed book', fee, { bid: '101', ask: '100' }, { spreadBps: 0 }],
  ])('V15 %s', async (_name, told, quote, expected) => {
    const { markets, answers } = marketsOf('binance');
    answers('fetchTradingFee', told);
    answers('fetchTicker', quote);
    await markets.askCosts(SYMBOL);
    const { spreadBps, ...costs } = markets.costs(SYMBOL);
    expect({ ...costs, spreadBps: Math.round(spreadBps) }).toMatchObject(expected);
  });

  test('V15 stays as it was told when it is not told again', async () => {
    const { markets, answers } = marketsOf('binance');
    answers('fetchTradingFee', fee);
    answers('fetchTicker', ticker);
    await markets.askCosts(SYMBOL);
    answers('fetchTradingFee', undefined);
    answers('fetchTicker', undefined);
    await markets.askCosts(SYMBOL);
    expect(markets.costs(SYMBOL)).toMatchObject({ takerFeeBps: 5, source: 'venue' });
  });
});

test('an asset is worth what somebody pays for it', async () => {
  const { markets, answers, calledWith } = marketsOf('binance');
  answers('fetchTicker', { bid: '600', ask: '601' });
  expect(markets.worthOf('BNB')).toBeNull();
  await markets.askWorth('BNB', 'USDT');
  expect(markets.worthOf('BNB')?.toFixed()).toBe('600');
  expect(calledWith('fetchTicker')).toEqual([['BNB/USDT']]);
  answers('fetchTicker', {});
  await expect(markets.askWorth('XYZ', 'USDT')).rejects.toMatchObject({ fault: 'uncertain' });
});

describe('an account of contracts', () => {
  test('C32 is made isolated, with the leverage that was chosen, unless it is so already', async () => {
    const { markets, load, answers, calledWith } = marketsOf('binanceusdm');
    await load({ [CONTRACT]: MARKET, [SYMBOL]: MARKET });
    answers('setMarginMode', refusal('-4046'));
    await markets.prepare(CONTRACT, 3);
    await markets.prepare(SYMBOL, 3);
    expect(calledWith('setMarginMode')).toEqual([['isolated', CONTRACT]]);
    expect(calledWith('setLeverage')).toEqual([[3, CONTRACT]]);
    answers('setLeverage', refusal('-4300'));
    await expect(markets.prepare(CONTRACT, 3)).rejects.toThrow('-4300');
  });

  test('is refused when its margin is shared and cannot be changed, and asked again when nobody answers', async () => {
    const { markets, load, answers } = marketsOf('binanceusdm');
    await load({ [CONTRACT]: MARKET });
    answers('setMarginMode', refusal('-4048'));
    await expect(markets.prepare(CONTRACT, 3)).rejects.toBeInstanceOf(TraderError);
    await expect(markets.prepare(CONTRACT, 3)).rejects.toThrow(
      `${CONTRACT} has cross margin at Fake (says -4048): end what is open of it there, or switch it to isolated there`,
    );
    answers('setMarginMode', new Error('closed'));
    await expect(markets.prepare(CONTRACT, 3)).rejects.toBeInstanceOf(VenueError);
    answers('setMarginMode', new VenueReplyError('unauthorised', '-2015', 'says -2015'));
    await expect(markets.prepare(CONTRACT, 3)).rejects.toMatchObject({ fault: 'unauthorised' });
  });

  test('is refused when it holds long and short apart', async () => {
    const { markets, answers } = marketsOf('binanceusdm');
    answers('fetchPositionMode', { hedged: false });
    await expect(markets.requireOneWay()).resolves.toBeUndefined();
    answers('fetchPositionMode', { hedged: true });
    await expect(markets.requireOneWay()).rejects.toBeInstanceOf(TraderError);
    await expect(markets.requireOneWay()).rejects.toThrow('hedge mode');
    answers('fetchPositionMode', {});
    await expect(markets.requireOneWay()).rejects.toMatchObject({ fault: 'uncertain' });
  });

  test('is asked of contracts only', async () => {
    const { markets, asked } = marketsOf('binance');
    await markets.requireOneWay();
    expect(asked).toEqual([]);
  });
});

test('a venue that tells neither its time nor how it holds positions is asked for none of it', async () => {
  const ccxt = fakeCcxt();
  const dialect = { ...knownDialect('binanceusdm'), tellsTime: false, tellsPositionMode: false };
  const markets = new VenueMarkets({ ccxt, dialect, now: () => 0, fallback: FALLBACK });
  await markets.measureClock();
  await markets.requireOneWay();
  expect([markets.clockOffsetMs, ccxt.asked]).toEqual([null, []]);
});
