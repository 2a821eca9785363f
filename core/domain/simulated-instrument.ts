import { parseSymbol } from '../contract/index.ts';
import type { Instrument } from './instrument.ts';
import { baseAmount, price, quoteAmount } from './money.ts';

/** Smallest orders in quote currencies of which one unit is worth much; 10 units of any other. */
const MIN_NOTIONALS: ReadonlyMap<string, string> = new Map([
  ['BTC', '0.0001'],
  ['ETH', '0.005'],
  ['BNB', '0.05'],
]);
const USUAL_MIN_NOTIONAL = '10';

/**
 * An instrument for simulation, with filters like those of the large venues at this price level, however small or
 * large: seven significant digits in the price, lots worth at most a tenth of the smallest order, neither above 1.
 *
 * @throws TypeError when the text is no symbol of a spot market or perpetual, or the price is not above 0.
 */
export function simulatedInstrument(symbol: string, referencePrice: number): Instrument {
  const terms = parseSymbol(symbol);
  if (terms === undefined) throw new TypeError(`${symbol} is not a symbol such as BTC/USDT`);
  const { kind } = terms;
  if (kind === 'dated') throw new TypeError(`${symbol} expires, and simulated markets do not`);
  if (!(referencePrice > 0 && referencePrice < Number.POSITIVE_INFINITY)) {
    throw new TypeError(`${symbol} needs a reference price above 0, not ${referencePrice}`);
  }
  const minNotional = quoteAmount(MIN_NOTIONALS.get(terms.quote) ?? USUAL_MIN_NOTIONAL);
  const magnitude = price(referencePrice).e;
  const lot = baseAmount(powerOfTen(minNotional.e - 2 - magnitude));
  return {
    ...terms,
    kind,
    status: 'trading',
    tickSize: price(powerOfTen(magnitude - 6)),
    lotSize: lot,
    minAmount: lot,
    minNotional,
    contractSize: baseAmount(1),
  };
}

function powerOfTen(exponent: number): string {
  return `1e${Math.min(exponent, 0)}`;
}

/** What a result of perpetuals without funding and liquidation must be read with. */
export const PERPETUALS_IN_PART =
  'perpetuals are simulated without funding and liquidation: results flatter positions held long';

/** What the simulation of these markets leaves out, a line each, for whoever reads its results. */
export function simulationNotes(markets: Iterable<Pick<Instrument, 'kind'>>): readonly string[] {
  return [...markets].some(({ kind }) => kind === 'perpetual') ? [PERPETUALS_IN_PART] : [];
}
