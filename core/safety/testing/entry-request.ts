import { SettingsSchema } from '../../contract/index.ts';
import {
  baseAmount,
  type Instrument,
  price,
  quoteAmount,
  simulatedInstrument,
  type Verdict,
} from '../../domain/index.ts';
import { type EntryRequest, EntryReview, type EntryReviewOptions, type EntryReviewResult } from '../index.ts';

export const SAFETY = SettingsSchema.parse({}).safety;

export const INSTRUMENT: Instrument = {
  ...simulatedInstrument('BTC/USDT', 100),
  tickSize: price('0.1'),
  lotSize: baseAmount('0.01'),
  minAmount: baseAmount('0.01'),
};

/** A buy at 100 for an account of 10,000 that holds nothing; its stop is 5 away. */
export const REQUEST: EntryRequest = {
  symbol: 'BTC/USDT',
  side: 'buy',
  strategyId: 'rules',
  instrument: INSTRUMENT,
  markPrice: price(100),
  atr: 2.5,
  expectedMove: 0.02,
  isRealMoney: false,
  roundTripCost: 0.003,
  entryCost: 0.0015,
  account: {
    equity: quoteAmount(10_000),
    cash: quoteAmount(10_000),
    exposures: new Map(),
    group: { exposure: quoteAmount(0), size: 1, isKnown: true },
    openRisk: quoteAmount(0),
    openPositions: 0,
  },
  feed: { stale: false, ageMs: 100 },
  barsSinceExit: null,
  entriesLastHour: 0,
  entriesToday: 0,
};

export const CLEAR: Verdict = {
  layer: 'circuit-breaker',
  allowed: true,
  code: 'ok',
  message: '',
  numbers: {},
};

/** The request with another account. */
export function withAccount(more: Partial<EntryRequest['account']>): Pick<EntryRequest, 'account'> {
  return { account: { ...REQUEST.account, ...more } };
}

/** Exposures by symbol, as an account has them. */
export function exposures(worths: Readonly<Record<string, number>>): EntryRequest['account']['exposures'] {
  return new Map(Object.entries(worths).map(([symbol, worth]) => [symbol, quoteAmount(worth)]));
}

/** Reviews the request with something changed, where nothing else stands against it. */
export function reviewed(
  request: Partial<EntryRequest> = {},
  more: Partial<EntryReviewOptions> = {},
): EntryReviewResult {
  const review = new EntryReview({
    limits: { settings: SAFETY },
    killSwitch: { state: () => undefined },
    breaker: { verdict: () => CLEAR },
    ...more,
  });
  return review.review({ ...REQUEST, ...request });
}
