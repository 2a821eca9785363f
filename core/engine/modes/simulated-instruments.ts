import { z } from 'zod';
import {
  type Candle,
  type Instrument,
  type Logger,
  parseSymbol,
  StateDocument,
  type StateStore,
  simulatedInstrument,
} from '../../domain/index.ts';

/** By symbol: the price from which a simulated market's filters were derived. */
type ReferencePrices = Readonly<Record<string, number>>;

/**
 * What a simulated venue lists: a symbol's filters come from its price when it was first traded here, which is kept,
 * since they must not change over a restart. Symbols of old trades stay listed; one of which no price was ever known
 * is not.
 */
export function simulatedInstruments(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  state: StateStore,
  log: Logger,
): ReadonlyMap<string, Instrument> {
  const document = referencePrices(state);
  const before = document.readOr((fault) => {
    log.warn({ fault }, 'filters are derived anew from the last prices');
    return {};
  });
  const traded = [...warmUp].flatMap(([symbol, candles]) => {
    const price = before[symbol] ?? candles.at(-1)?.close;
    return price === undefined ? [] : [[symbol, price] as const];
  });
  // What is traded first: the account's currency is that of the first instrument.
  const prices = new Map([...traded, ...Object.entries(before)]);
  document.write(Object.fromEntries(prices));
  return new Map([...prices].map(([symbol, price]) => [symbol, simulatedInstrument(symbol, price)]));
}

function referencePrices(state: StateStore): StateDocument<ReferencePrices> {
  return new StateDocument<ReferencePrices>(state, 'reference-prices', {
    version: 1,
    initial: {},
    parse: (stored) => {
      const entries = z.record(z.string(), z.unknown()).safeParse(stored).data;
      // One entry that is none costs no other symbol its filters.
      return entries && Object.fromEntries(Object.entries(entries).filter(isReference));
    },
  });
}

function isReference(entry: [string, unknown]): entry is [string, number] {
  const [symbol, value] = entry;
  return (
    parseSymbol(symbol) !== undefined &&
    typeof value === 'number' &&
    value > 0 &&
    value < Number.POSITIVE_INFINITY
  );
}
