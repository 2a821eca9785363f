import { SeededRandom } from '../../domain/index.ts';
import type { SimulatedMarketState } from './market-state.ts';
import { streamSeed } from './stream-seed.ts';

/** The same market, from here on with other randomness. */
export function reseeded(market: SimulatedMarketState, seed: number): SimulatedMarketState {
  const randomOf = (name: string) => new SeededRandom(streamSeed(seed, name)).state();
  const coins = Object.entries(market.coins).map(([symbol, coin]) => [
    symbol,
    { ...coin, random: randomOf(`${symbol} trades`), own: { ...coin.own, random: randomOf(symbol) } },
  ]);
  return {
    ...market,
    common: { ...market.common, random: randomOf('common') },
    coins: Object.fromEntries(coins),
  };
}
