import type { HardenedCcxt } from '../../execution/index.ts';
import type { CandleLine } from '../../market/index.ts';

/** An instance as candles are asked of it. */
export function candleLineOf({ api, calls }: HardenedCcxt): CandleLine {
  // Every ccxt class has the calls about candles; the interface that execution keeps names only what trading needs.
  return { api: api as unknown as CandleLine['api'], calls };
}
