import {
  type AccountEvent,
  add,
  type QuoteAmount,
  subtract,
  type UtcMs,
  ZERO_QUOTE,
} from '../domain/index.ts';
import type { Gains } from './gains.ts';

/** What a year of the calendar came to, in the account's currency. */
export interface YearOfGains {
  readonly year: number;
  /** How many times something was sold whose cost is known, what that brought and had cost. */
  readonly disposals: number;
  readonly proceeds: QuoteAmount;
  readonly cost: QuoteAmount;
  readonly gain: QuoteAmount;
  /** What sales brought of coins that came another way than by a fill: their cost is for the trader to add. */
  readonly proceedsOfUnknownCost: QuoteAmount;
  /** Signed sums of what else came in and went out. */
  readonly other: ReadonlyMap<AccountEvent['kind'], QuoteAmount>;
}

const NOTHING: Omit<YearOfGains, 'year'> = {
  disposals: 0,
  proceeds: ZERO_QUOTE,
  cost: ZERO_QUOTE,
  gain: ZERO_QUOTE,
  proceedsOfUnknownCost: ZERO_QUOTE,
  other: new Map(),
};

/** The years in which something happened, ascending. A disposal belongs to the year in which it ended. */
export function gainsByYear(
  { disposals, other }: Gains,
  yearOf: (time: UtcMs) => number,
): readonly YearOfGains[] {
  const years = new Map<number, YearOfGains>();
  const change = (time: UtcMs, changed: (year: YearOfGains) => Partial<YearOfGains>): void => {
    const year = yearOf(time);
    const before = years.get(year) ?? { year, ...NOTHING };
    years.set(year, { ...before, ...changed(before) });
  };
  for (const { disposedAt, proceeds, cost } of disposals) {
    change(disposedAt, (year) =>
      cost === null
        ? { proceedsOfUnknownCost: add(year.proceedsOfUnknownCost, proceeds) }
        : {
            disposals: year.disposals + 1,
            proceeds: add(year.proceeds, proceeds),
            cost: add(year.cost, cost),
            gain: add(year.gain, subtract(proceeds, cost)),
          },
    );
  }
  for (const { kind, time, amount } of other) {
    change(time, (year) => ({
      other: new Map(year.other).set(kind, add(year.other.get(kind) ?? ZERO_QUOTE, amount)),
    }));
  }
  return [...years.values()].sort((a, b) => a.year - b.year);
}
