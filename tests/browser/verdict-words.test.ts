import { expect, test } from 'vitest';
import { SettingsSchema } from '../../core/contract/index.ts';
import { baseAmount, price, quoteAmount, type Verdict } from '../../core/domain/index.ts';
import {
  type BreakerFigures,
  breakerNumbers,
  churnThrottle,
  costGate,
  dataHealth,
  exitReview,
  mayStillEnter,
} from '../../core/safety/index.ts';
import { labelledNumbers } from '../../renderer/pages/decisions/verdict-numbers.ts';
import { fakeReview } from './fake-decisions.ts';

const SETTINGS = SettingsSchema.parse({});
const { safety } = SETTINGS;
const ACCOUNT = { symbol: 'BTC/USDT', price: 100, equity: 10_000, cash: 10_000, exposures: new Map() };

const figures: BreakerFigures = {
  equity: 9_000,
  dayStart: 9_500,
  lossBase: 9_500,
  peak: 10_000,
  dailyReturns: [0.01, -0.02],
  outcomes: [true, false],
  lossesInRow: 1,
};
const sending = mayStillEnter(
  {
    symbol: 'BTC/USDT',
    quote: 'USDT',
    side: 'buy',
    amount: baseAmount(20),
    stopPrice: price(96),
    decisionPrice: price(100),
    atr: 2,
  },
  {
    equity: quoteAmount(10_000),
    cash: quoteAmount(10_000),
    exposures: new Map(),
    group: { exposure: quoteAmount(0), size: 1, isKnown: true },
    openRisk: quoteAmount(0),
    openPositions: 0,
  },
  price(100),
  safety,
);

const GIVEN: readonly (readonly [string, Verdict['numbers']])[] = [
  ...fakeReview(ACCOUNT, SETTINGS, () => 0.9).verdicts.map(({ layer, numbers }) => [layer, numbers] as const),
  ['the circuit breaker, tripped', { ...breakerNumbers(figures, safety), until: 5 }],
  ['the kill switch, engaged', { at: 5 }],
  ['data that is old', dataHealth({ stale: true, ageMs: 5, clockOffsetMs: 1 }).numbers],
  [
    'the cost gate, off',
    costGate(
      {
        expectedMove: 0.01,
        roundTripCost: 0.003,
        entryCost: 0.0015,
        markPrice: price(100),
        isRealMoney: false,
      },
      { costMultiple: 0 },
    ).numbers,
  ],
  [
    'the churn throttle',
    churnThrottle({ barsSinceExit: 3, entriesLastHour: 2, entriesToday: 2 }, safety).numbers,
  ],
  ['an exit', exitReview({ purpose: 'exit', barsHeld: 2 }, safety).numbers],
  ['an order that is about to leave', sending.numbers],
];

test.each(GIVEN)('every number of %s has words of its own', (_name, numbers) => {
  const labels = labelledNumbers(numbers, 'BTC/USDT').map(({ label }) => label);
  // A number that has none keeps its name in the program, in lower case.
  expect(labels.filter((label) => /^[a-z]/.test(label))).toEqual([]);
});
