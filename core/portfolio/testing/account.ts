import {
  type AccountEvent,
  accountEventId,
  assetAmount,
  baseAmount,
  clientOrderId,
  type Fill,
  price,
  quoteAmount,
  simulatedInstrument,
  tradeId,
} from '../../domain/index.ts';
import { Portfolio, type PortfolioHistory } from '../portfolio.ts';

/** Accounts for tests: complete values, with only what matters to the test spelled out. */

export const DAY = 86_400_000;
export const MONDAY = Date.UTC(2024, 0, 1);

let trades = 0;

/** @param more `fee` is its worth, `coins` its amount where that is another; without either it is 0 USDT. */
export function fill(
  side: 'buy' | 'sell',
  amount: string,
  at: string,
  more: { time?: number; fee?: string; asset?: string; coins?: string; symbol?: string } = {},
): Fill {
  trades += 1;
  return {
    tradeId: tradeId(`t${trades}`),
    clientOrderId: clientOrderId('o'),
    venueOrderId: null,
    symbol: more.symbol ?? 'BTC/USDT',
    side,
    purpose: side === 'buy' ? 'entry' : 'exit',
    price: price(at),
    amount: baseAmount(amount),
    fee: {
      asset: more.asset ?? 'USDT',
      amount: assetAmount(more.coins ?? more.fee ?? '0'),
      quoteValue: quoteAmount(more.fee ?? '0'),
    },
    liquidity: 'taker',
    time: more.time ?? MONDAY,
  };
}

/** The same fill by other hands. */
export function external(given: Fill): Fill {
  return { ...given, clientOrderId: null, purpose: 'external' };
}

/** An event in USDT unless told; `worth` is the amount unless told. */
export function accountEvent(
  kind: AccountEvent['kind'],
  amount: number | string,
  more: { asset?: string; worth?: number | string; symbol?: string; trade?: string; time?: number } = {},
): AccountEvent {
  return {
    id: accountEventId(`${kind} of ${amount}`),
    kind,
    asset: more.asset ?? 'USDT',
    amount: assetAmount(amount),
    quoteValue: quoteAmount(more.worth ?? amount),
    symbol: more.symbol ?? null,
    tradeId: more.trade === undefined ? null : tradeId(more.trade),
    time: more.time ?? MONDAY,
    note: '',
  };
}

export const OPENING = accountEvent('opening', 10_000);

/** An account of 10,000 USDT whose symbols are all listed. */
export function portfolioOf(history: Partial<PortfolioHistory> = {}): Portfolio {
  return new Portfolio({
    quote: 'USDT',
    instruments: (symbol) => simulatedInstrument(symbol, 100),
    history: { fills: [], accountEvents: [OPENING], equity: [], ...history },
  });
}
