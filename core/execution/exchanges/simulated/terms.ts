import type { Side, SimulationSettings } from '../../../contract/index.ts';
import {
  add,
  asAsset,
  type BaseAmount,
  baseAmount,
  ceilTo,
  type Fee,
  type Fill,
  floorTo,
  type Instrument,
  type Money,
  maximum,
  notional,
  type Price,
  scale,
  subtract,
  type TradingCosts,
} from '../../../domain/index.ts';

/** The asset fees are taken in: always quote currency, or what a spot fill brought in. */
export type FeeAsset = 'quote' | 'received';

/** What the simulated venue charges: spread, slippage and fees, all against the trader. */
export class TradingTerms {
  readonly #settings: SimulationSettings;
  readonly #feeAsset: FeeAsset;

  constructor(settings: SimulationSettings, feeAsset: FeeAsset) {
    this.#settings = settings;
    this.#feeAsset = feeAsset;
  }

  get costs(): TradingCosts {
    const { makerFeeBps, takerFeeBps, spreadBps, slippageBps } = this.#settings;
    return { makerFeeBps, takerFeeBps, spreadBps, slippageBps, source: 'settings' };
  }

  /** The price a taker gets: half the spread and the slippage beyond `base`, to the tick, against the taker. */
  takerPrice(instrument: Instrument, side: Side, base: Price): Price {
    const distance = basisPoints(base, this.#settings.spreadBps / 2 + this.#settings.slippageBps);
    if (side === 'buy') return ceilTo(add(base, distance), instrument.tickSize);
    return maximum(instrument.tickSize, floorTo(subtract(base, distance), instrument.tickSize));
  }

  /** The best price that a taker of this side finds in the book while trades happen at `base`. */
  bestOpposite(side: Side, base: Price): Price {
    const halfSpread = basisPoints(base, this.#settings.spreadBps / 2);
    return side === 'buy' ? add(base, halfSpread) : subtract(base, halfSpread);
  }

  fee(instrument: Instrument, side: Side, at: Price, amount: BaseAmount, liquidity: Fill['liquidity']): Fee {
    const bps = liquidity === 'maker' ? this.#settings.makerFeeBps : this.#settings.takerFeeBps;
    const quoteValue = basisPoints(notional(at, amount), bps);
    const inCoins = this.#feeAsset === 'received' && side === 'buy' && instrument.kind === 'spot';
    return inCoins
      ? { asset: instrument.base, amount: asAsset(basisPoints(amount, bps)), quoteValue }
      : { asset: instrument.settle, amount: asAsset(quoteValue), quoteValue };
  }

  /** A price with the dearer of the two fees on top: what one coin takes out of the account at most. */
  withFee(at: Price): Price {
    return add(at, basisPoints(at, Math.max(this.#settings.makerFeeBps, this.#settings.takerFeeBps)));
  }
}

/** Parsed once: backtests ask for it at every fill. */
const BASIS_POINT = baseAmount('0.0001');

function basisPoints<T extends Money>(of: T, count: number): T {
  return scale(scale(of, count), BASIS_POINT);
}
