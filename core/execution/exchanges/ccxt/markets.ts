import { z } from 'zod';
import {
  baseAmount,
  coinsOf,
  contracts,
  type Instrument,
  parseSymbol,
  price,
  quoteAmount,
} from '../../../domain/index.ts';

const Digits = z.union([z.string(), z.number()]);
const Limit = z.object({ min: Digits.nullish() }).nullish();

const MarketReply = z.object({
  active: z.boolean().nullish(),
  contractSize: Digits.nullish(),
  precision: z.object({ amount: Digits, price: Digits }),
  limits: z.object({ amount: Limit, cost: Limit }),
});

/** ccxt's ways of giving precision. */
export const TICK_SIZE = 4;
const DECIMAL_PLACES = 2;

/**
 * What the venue says of a market. Undefined where it lists none, or one that an account here cannot hold, or where
 * its filters cannot be told.
 *
 * @param market of ccxt's table of markets.
 */
export function readMarket(symbol: string, market: unknown, precisionMode: number): Instrument | undefined {
  const terms = parseSymbol(symbol);
  const read = MarketReply.safeParse(market);
  if (terms === undefined || terms.kind === 'dated' || !terms.isLinear || !read.success) return undefined;
  const { active, precision, limits, contractSize } = read.data;
  const step = stepOf(precision.amount, precisionMode);
  const tick = stepOf(precision.price, precisionMode);
  if (step === null || tick === null) return undefined;
  const size = baseAmount(contractSize ?? 1);
  return {
    ...terms,
    kind: terms.kind,
    status: active === false ? 'halted' : 'trading',
    tickSize: price(tick),
    lotSize: coinsOf(contracts(step), size),
    minAmount: coinsOf(contracts(limits.amount?.min ?? step), size),
    minNotional: quoteAmount(limits.cost?.min ?? 0),
    contractSize: size,
  };
}

function stepOf(precision: string | number, mode: number): string | null {
  if (mode === TICK_SIZE) return Number(precision) > 0 ? `${precision}` : null;
  return mode === DECIMAL_PLACES ? `1e-${precision}` : null;
}
