import { describe, expect, it } from 'vitest';
import {
  baseAmount,
  beginPlan,
  flatPosition,
  type PositionPlan,
  price,
  quoteAmount,
  simulatedInstrument,
  text,
} from '../../domain/index.ts';
import type { EntryRecord } from './entry-record.ts';
import { amountOf, PlanDesk } from './plan-desk.ts';

const BTC = 'BTC/USDT';
const INSTRUMENT = {
  ...simulatedInstrument(BTC, 1_000),
  tickSize: price(10),
  lotSize: baseAmount('0.1'),
  minNotional: quoteAmount(500),
};
const held = (quantity: number, cost: number) => ({
  ...flatPosition(BTC),
  ...{ quantity: baseAmount(quantity), cost: quoteAmount(cost), openedAt: 1 },
});

/** A position of 1 for 1,001 whose plan goes to break-even once the price has risen by half a percent. */
function ledAt(close: number) {
  const plan: PositionPlan = { takeProfits: [], trail: null, breakEvenAt: 0.005, adds: [], expects: null };
  const record = { stopPrice: '950', plan, progress: beginPlan(1_000) };
  const [stops, protects]: [string[], string[]] = [[], []];
  const desk = new PlanDesk({
    theses: {
      of: () => record as unknown as EntryRecord,
      follow: (_symbol, { stopPrice }) => {
        if (stopPrice !== undefined) stops.push(stopPrice);
      },
    },
    protect: (symbol) => void protects.push(symbol),
  });
  const led = desk.lead({ instrument: INSTRUMENT, isHeld: () => true }, held(1, 1_001), close);
  return { moved: led?.moved ?? null, stops, protects };
}

describe('the stop of a plan at the venue', () => {
  it('is a price that the venue takes, and no lower than what the plan says', () => {
    expect(ledAt(1_020)).toEqual({
      moved: expect.stringContaining('the stop goes from 950 to 1010') as string,
      stops: ['1010'],
      protects: [BTC],
    });
  });

  it('stays where that price is at or above the market, which it would sell at once', () => {
    for (const close of [1_005, 1_010]) {
      expect(ledAt(close)).toEqual({ moved: null, stops: [], protects: [] });
    }
  });
});

describe('a part of a position', () => {
  it.each([
    ['is in whole lots', 0.45, 3, '1.3'],
    ['is all where all is asked for', 1, 3, 'all'],
    ['is nothing below what the venue takes', 0.1, 3, 'nothing'],
    ['is all where the rest could not be sold', 0.9, 3, 'all'],
    ['is as much as leaves what can be sold', 0.8, 3, '2.4'],
  ])('%s', (_what, part, quantity, expected) => {
    const amount = amountOf(part, { instrument: INSTRUMENT }, held(quantity, quantity * 1_000), 1_000);
    expect(typeof amount === 'string' ? amount : text(amount)).toBe(expected);
  });
});
