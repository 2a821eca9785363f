import type { VerdictView } from '../../../core/contract/index.ts';
import {
  amount,
  baseOf,
  briefPercent,
  dateTime,
  elapsed,
  figure,
  money,
  moneyDecimals,
  NOTHING,
  price,
  quoteOf,
  words,
} from '../../format/index.ts';

/** What a number counts, which is how it is written. */
type Unit =
  | 'money'
  | 'price'
  | 'coins'
  | 'share'
  | 'loss'
  | 'multiple'
  | 'ranges'
  | 'bars'
  | 'count'
  | 'milliseconds'
  | 'moment';

interface NumberWords {
  /** Its name in the verdict. */
  readonly name: string;
  readonly label: string;
  readonly unit: Unit;
  /** The number that it is held against, and how. */
  readonly limit?: readonly [word: 'max' | 'min', name: string];
}

/** Every number that a safety layer may give, in the order in which they read as a sum. */
const NUMBERS: readonly NumberWords[] = [
  { name: 'equity', label: 'Equity', unit: 'money' },
  // Circuit breaker
  { name: 'dailyLoss', label: 'Lost today', unit: 'loss', limit: ['max', 'maxDailyLoss'] },
  { name: 'dayProfit', label: 'Gained today', unit: 'share', limit: ['max', 'profitLock'] },
  { name: 'drawdown', label: 'Drawdown', unit: 'share', limit: ['max', 'maxDrawdown'] },
  {
    name: 'lossesInRow',
    label: 'Losses in a row',
    unit: 'count',
    limit: ['max', 'maxConsecutiveLosses'],
  },
  { name: 'winRate', label: 'Win rate', unit: 'share', limit: ['min', 'minWinRate'] },
  { name: 'trades', label: 'Trades judged', unit: 'count' },
  { name: 'sharpe', label: 'Sharpe', unit: 'count', limit: ['min', 'minSharpe'] },
  { name: 'days', label: 'Days judged', unit: 'count' },
  { name: 'until', label: 'Until', unit: 'moment' },
  { name: 'at', label: 'Since', unit: 'moment' },
  // Data health
  { name: 'ageMs', label: 'Age of the last message', unit: 'milliseconds' },
  { name: 'clockOffsetMs', label: 'Clocks apart by', unit: 'milliseconds' },
  // Position limits
  { name: 'symbolExposure', label: 'In this symbol', unit: 'share', limit: ['max', 'maxSymbolExposure'] },
  {
    name: 'strategyExposure',
    label: 'In this strategy',
    unit: 'share',
    limit: ['max', 'maxStrategyExposure'],
  },
  {
    name: 'groupExposure',
    label: 'In what moves together',
    unit: 'share',
    limit: ['max', 'maxGroupExposure'],
  },
  { name: 'groupSize', label: 'Symbols that move together', unit: 'count' },
  {
    name: 'portfolioExposure',
    label: 'Altogether',
    unit: 'share',
    limit: ['max', 'maxPortfolioExposure'],
  },
  { name: 'openRisk', label: 'All stops would cost', unit: 'share', limit: ['max', 'maxOpenRisk'] },
  { name: 'openPositions', label: 'Positions', unit: 'count', limit: ['max', 'maxPositions'] },
  { name: 'drift', label: 'Price moved by', unit: 'ranges', limit: ['max', 'maxEntryDrift'] },
  // The size of an entry
  { name: 'riskPerTrade', label: 'A stop may cost', unit: 'share' },
  { name: 'stopDistance', label: 'Stop away by', unit: 'price' },
  { name: 'wantedByRisk', label: 'Wanted by risk', unit: 'money' },
  { name: 'wantedByTarget', label: 'Wanted by the target', unit: 'money' },
  { name: 'roomSymbol', label: 'Room in this symbol', unit: 'money' },
  { name: 'roomStrategy', label: 'Room in this strategy', unit: 'money' },
  { name: 'roomGroup', label: 'Room in what moves together', unit: 'money' },
  { name: 'roomPortfolio', label: 'Room altogether', unit: 'money' },
  { name: 'roomOpenRisk', label: 'Its stop may cost', unit: 'money' },
  { name: 'cash', label: 'Cash to spend', unit: 'money' },
  { name: 'amount', label: 'Amount', unit: 'coins' },
  { name: 'notional', label: 'Worth', unit: 'money' },
  { name: 'lossAtStop', label: 'Loss at the stop', unit: 'money' },
  { name: 'lossAtStopShare', label: 'Share lost at the stop', unit: 'share' },
  // Cost gate
  { name: 'expectedMove', label: 'Expected move', unit: 'share' },
  { name: 'roundTripCost', label: 'Costs', unit: 'share' },
  { name: 'entryCost', label: 'Of them to get in', unit: 'share' },
  { name: 'markPrice', label: 'At a price of', unit: 'price' },
  { name: 'costMultiple', label: 'Must exceed costs', unit: 'multiple' },
  { name: 'needed', label: 'Needed', unit: 'share' },
  // Churn throttle
  {
    name: 'barsSinceExit',
    label: 'Since the last exit',
    unit: 'bars',
    limit: ['min', 'reentryWaitBars'],
  },
  {
    name: 'entriesLastHour',
    label: 'Entries in the last hour',
    unit: 'count',
    limit: ['max', 'maxEntriesPerHour'],
  },
  {
    name: 'entriesToday',
    label: 'Entries today',
    unit: 'count',
    limit: ['max', 'maxEntriesPerDay'],
  },
  { name: 'barsHeld', label: 'Held for', unit: 'bars', limit: ['min', 'minHoldBars'] },
];

export interface LabelledNumber {
  readonly label: string;
  readonly value: string;
  /** The limit that it is held against. */
  readonly limit: string | null;
}

/**
 * The numbers of a verdict on a symbol, with labels and units, each beside the limit that it is held against. What is
 * held against a limit and is not known yet shows as missing; a number without words of its own keeps its name.
 */
export function labelledNumbers(numbers: VerdictView['numbers'], symbol: string): readonly LabelledNumber[] {
  // Where a strategy says how much it wants, the size that the risk of a trade would give decides nothing.
  const said = new Set<string>(
    Object.hasOwn(numbers, 'wantedByTarget') ? ['riskPerTrade', 'wantedByRisk'] : [],
  );
  const take = (name: string): number | undefined => {
    if (Object.hasOwn(numbers, name)) said.add(name);
    return numbers[name];
  };
  const known = NUMBERS.flatMap(({ name, label, unit, limit }) => {
    if (said.has(name)) return [];
    const value = take(name);
    const bound = limit === undefined ? undefined : take(limit[1]);
    if (value === undefined && bound === undefined) return [];
    return [
      {
        label,
        value: value === undefined ? NOTHING : written(value, unit, symbol),
        limit: bound === undefined ? null : `${limit?.[0]} ${written(bound, unit, symbol)}`,
      },
    ];
  });
  const others = Object.entries(numbers).filter(([name]) => !said.has(name));
  return [
    ...known,
    ...others.map(([name, value]) => ({ label: words(name), value: figure(value), limit: null })),
  ];
}

function written(value: number, unit: Unit, symbol: string): string {
  const quote = quoteOf(symbol);
  switch (unit) {
    case 'money':
      return `${money(String(value), moneyDecimals(quote))} ${quote}`;
    case 'price':
      return `${price(value)} ${quote}`;
    case 'coins':
      return `${amount(String(value))} ${baseOf(symbol)}`;
    case 'share':
      return briefPercent(value * 100);
    case 'loss':
      // A gain is no loss at all.
      return briefPercent(Math.max(0, value) * 100);
    case 'multiple':
      return value === 0 ? 'off' : `× ${figure(value)}`;
    case 'ranges':
      return `${figure(Number(value.toPrecision(3)))} ATR`;
    case 'bars':
      return `${figure(value)} ${value === 1 ? 'bar' : 'bars'}`;
    case 'count':
      return figure(Number(value.toPrecision(4)));
    case 'milliseconds':
      return elapsed(Math.abs(value));
    case 'moment':
      return `${dateTime(value)} UTC`;
  }
}
