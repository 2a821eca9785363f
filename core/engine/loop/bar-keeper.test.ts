import { describe, expect, it } from 'vitest';
import { isBitcoin, simulatedInstrument } from '../../domain/index.ts';
import { FeatureStream } from '../../features/index.ts';
import { generatedCandles } from '../../features/testing/generated-candles.ts';
import { BarKeeper } from './bar-keeper.ts';
import { DailyMoves } from './daily-moves.ts';
import { SymbolDesk } from './symbol-desk.ts';

const HOUR = 3_600_000;
const SPOT = 'BTC/USDT';
const PERPETUAL = 'BTC/USDT:USDT';

function keeperOf(...symbols: readonly string[]) {
  const costs = () =>
    ({ makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, source: 'venue' }) as const;
  const desks = new Map(
    symbols.map((symbol) => {
      const features = new FeatureStream({ timeframeMs: HOUR, isBtc: isBitcoin(symbol) });
      const instrument = simulatedInstrument(symbol, 100);
      const desk = new SymbolDesk({
        instrument,
        timeframe: '1h',
        features,
        book: null,
        costs,
        wayIn: 'take',
        notTradable: () => null,
      });
      return [symbol, desk] as const;
    }),
  );
  return new BarKeeper(desks, new DailyMoves());
}

const BARS = 1_000;
const [bitcoin, other, ether] = [1, 2, 3].map((seed) => generatedCandles(seed, BARS));
if (bitcoin === undefined || other === undefined || ether === undefined) throw new TypeError('no candles');

describe('closed bars', () => {
  it('have bitcoin’s of the same market and time beside them', () => {
    const beta = (...symbols: readonly string[]): number => {
      const keeper = keeperOf(...symbols, 'ETH/USDT');
      for (let index = 0; index < BARS; index += 1) {
        for (const symbol of symbols) {
          const bar = (symbol === SPOT ? bitcoin : other)[index];
          if (bar !== undefined) keeper.close(symbol, bar);
        }
        const bar = ether[index];
        if (bar !== undefined) keeper.close('ETH/USDT', bar);
      }
      return keeper.desk('ETH/USDT').feature('btc_beta_168');
    };
    const alone = beta(SPOT);
    expect(alone).not.toBeNaN();
    expect(beta(SPOT, PERPETUAL)).toBe(alone);
    expect(beta(PERPETUAL, SPOT)).toBe(alone);
    expect(beta(PERPETUAL)).not.toBe(alone);
    expect(beta()).toBeNaN();
  });

  it('warm up in one order, whichever symbol is named first', () => {
    const warmed = (...symbols: readonly string[]): number => {
      const keeper = keeperOf(...symbols);
      keeper.warmUp(new Map(symbols.map((symbol) => [symbol, symbol === SPOT ? bitcoin : ether])));
      return keeper.desk('ETH/USDT').feature('btc_beta_168');
    };
    expect(warmed('ETH/USDT', SPOT)).toBe(warmed(SPOT, 'ETH/USDT'));
    expect(warmed('ETH/USDT', SPOT)).not.toBeNaN();
  });

  it('of a symbol that is not traded are a mistake', () => {
    const [bar] = bitcoin;
    expect(() => bar && keeperOf(SPOT).close('SOL/USDT', bar)).toThrow('SOL/USDT is not traded here');
  });
});
