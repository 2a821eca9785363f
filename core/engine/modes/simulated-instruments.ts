import { z } from 'zod';
import {
  type Candle,
  type Instrument,
  parseSymbol,
  type StateStore,
  simulatedInstrument,
} from '../../domain/index.ts';

const NAME = 'reference-prices';

/**
 * What a simulated venue lists: a symbol's filters come from its price when it was first traded here, which is kept,
 * since they must not change over a restart. Symbols of old trades stay listed; one of which no price was ever known
 * is not.
 */
export function simulatedInstruments(
  warmUp: ReadonlyMap<string, readonly Candle[]>,
  state: StateStore,
): ReadonlyMap<string, Instrument> {
  const before = readPrices(state.read(NAME));
  const traded = [...warmUp].flatMap(([symbol, candles]) => {
    const price = before.get(symbol) ?? candles.at(-1)?.close;
    return price === undefined ? [] : [[symbol, price] as const];
  });
  // What is traded first: the account's currency is that of the first instrument.
  const prices = new Map([...traded, ...before]);
  state.write(NAME, Object.fromEntries(prices));
  return new Map([...prices].map(([symbol, price]) => [symbol, simulatedInstrument(symbol, price)]));
}

function readPrices(stored: unknown): ReadonlyMap<string, number> {
  const prices = z.record(z.string(), z.unknown()).safeParse(stored).data ?? {};
  return new Map(
    Object.entries(prices).filter(
      (entry): entry is [string, number] => parseSymbol(entry[0]) !== undefined && isPrice(entry[1]),
    ),
  );
}

function isPrice(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
}
