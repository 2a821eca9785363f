import { z } from 'zod';
import { StopOriginSchema } from './kill-views.ts';
import type { SafetySettings } from './settings.ts';

/** The limits that can be changed while the program runs, and which way each of them lets more happen. */

export const LIMIT_NAMES = [
  'maxSymbolExposure',
  'maxStrategyExposure',
  'maxGroupExposure',
  'maxPortfolioExposure',
  'maxPositions',
  'maxOpenRisk',
  'maxEntriesPerHour',
  'maxEntriesPerDay',
  'maxDailyLoss',
  'profitLock',
  'maxDrawdown',
  'maxConsecutiveLosses',
  'minWinRate',
  'minSharpe',
  'haltHours',
] as const;
export const LimitNameSchema = z.enum(LIMIT_NAMES);
export type LimitName = z.infer<typeof LimitNameSchema>;
/** Null: the limit is off. */
export type LimitValue = number | null;

/** Which values let more happen. A value that is `off` lets everything happen. */
interface Looseness {
  readonly looser: 'higher' | 'lower';
  readonly off?: number | string | null;
}

/** Null: it limits nothing, or neither way is the looser one. Every setting of safety has its line here. */
const LOOSENESS: Readonly<Record<keyof SafetySettings, Looseness | null>> = {
  riskPerTrade: { looser: 'higher' },
  stopAtr: null,
  maxPositions: { looser: 'higher' },
  maxSymbolExposure: { looser: 'higher' },
  maxStrategyExposure: { looser: 'higher' },
  maxGroupExposure: { looser: 'higher' },
  maxPortfolioExposure: { looser: 'higher' },
  maxOpenRisk: { looser: 'higher' },
  minEntryShare: null,
  maxEntryDrift: { looser: 'higher' },
  costMultiple: { looser: 'lower', off: 0 },
  minHoldBars: null,
  reentryWaitBars: { looser: 'lower' },
  maxEntriesPerHour: { looser: 'higher' },
  maxEntriesPerDay: { looser: 'higher' },
  maxDailyLoss: { looser: 'higher' },
  profitLock: { looser: 'higher', off: null },
  maxDrawdown: { looser: 'higher' },
  maxConsecutiveLosses: { looser: 'higher' },
  minWinRate: { looser: 'lower' },
  winRateTrades: null,
  minSharpe: { looser: 'lower' },
  sharpeDays: null,
  minSample: { looser: 'higher' },
  haltHours: { looser: 'lower' },
  drawdownRelease: { looser: 'higher', off: 'after-halt' },
};

export const LimitEffectSchema = z.enum(['loosens', 'tightens', 'same']);
export type LimitEffect = z.infer<typeof LimitEffectSchema>;

/** What a change of one setting of safety lets happen: more, less, or neither. */
export function effectOf(
  name: keyof SafetySettings,
  from: number | string | null,
  to: number | string | null,
): LimitEffect {
  const rule = LOOSENESS[name];
  if (rule === null || from === to) return 'same';
  return loosenessOf(rule, to) > loosenessOf(rule, from) ? 'loosens' : 'tightens';
}

function loosenessOf({ looser, off }: Looseness, value: number | string | null): number {
  if (value === off) return Number.POSITIVE_INFINITY;
  // A word that is not the one that lets everything happen is the strict one.
  if (typeof value !== 'number') return Number.NEGATIVE_INFINITY;
  return looser === 'higher' ? value : -value;
}

export const LIMIT_UNITS = ['share', 'count', 'ratio', 'hours'] as const;
export type LimitUnit = (typeof LIMIT_UNITS)[number];

interface LimitWords {
  /** As a figure that has this limit is called. */
  readonly name: string;
  readonly unit: LimitUnit;
  /** What holds with a value, after "From now on". */
  readonly means: (value: string) => string;
}

export const LIMIT_WORDS: Readonly<Record<LimitName, LimitWords>> = {
  maxSymbolExposure: {
    name: 'Largest symbol',
    unit: 'share',
    means: (value) => `at most ${value} of equity may be in one symbol`,
  },
  maxStrategyExposure: {
    name: 'Largest strategy',
    unit: 'share',
    means: (value) => `at most ${value} of equity may be in positions of one strategy`,
  },
  maxGroupExposure: {
    name: 'Largest group',
    unit: 'share',
    means: (value) => `at most ${value} of equity may be in symbols that move together`,
  },
  maxPortfolioExposure: {
    name: 'Everything that is open',
    unit: 'share',
    means: (value) => `at most ${value} of equity may be in positions altogether`,
  },
  maxPositions: {
    name: 'Positions',
    unit: 'count',
    means: (value) => `at most ${value} positions may be open at the same time`,
  },
  maxOpenRisk: {
    name: 'Open risk',
    unit: 'share',
    means: (value) => `at most ${value} of equity may be lost if every stop is hit`,
  },
  maxEntriesPerHour: {
    name: 'Entries of the last hour',
    unit: 'count',
    means: (value) => `at most ${value} entries may be made within an hour`,
  },
  maxEntriesPerDay: {
    name: 'Entries of the day',
    unit: 'count',
    means: (value) => `at most ${value} entries may be made in a UTC day`,
  },
  maxDailyLoss: {
    name: 'Loss of the day',
    unit: 'share',
    means: (value) => `entries go on until ${value} of equity is lost in a UTC day`,
  },
  profitLock: {
    name: 'Gain of the day, kept',
    unit: 'share',
    means: (value) =>
      value === 'off'
        ? 'entries go on whatever is gained in a UTC day'
        : `entries go on until ${value} is gained in a UTC day`,
  },
  maxDrawdown: {
    name: 'Drawdown',
    unit: 'share',
    means: (value) => `entries go on until the equity is ${value} below its peak`,
  },
  maxConsecutiveLosses: {
    name: 'Losses in a row',
    unit: 'count',
    means: (value) => `entries go on until ${value} trades in a row have lost`,
  },
  minWinRate: {
    name: 'Win rate',
    unit: 'share',
    means: (value) => `entries go on while at least ${value} of the last trades have won`,
  },
  minSharpe: {
    name: 'Sharpe ratio',
    unit: 'ratio',
    means: (value) => `entries go on while the Sharpe ratio of the last days is at least ${value}`,
  },
  haltHours: {
    name: 'Length of a halt',
    unit: 'hours',
    means: (value) =>
      `entries rest for ${value} after the breaker has tripped; halts in force keep their end`,
  },
};

/** A limit as it is read: `30 %`, `5`, `24 h`, `off`. */
export function limitText(name: LimitName, value: LimitValue): string {
  if (value === null) return 'off';
  const { unit } = LIMIT_WORDS[name];
  if (unit === 'share') return `${rounded(value * 100)} %`;
  return unit === 'hours' ? `${rounded(value)} h` : rounded(value);
}

/** Without what binary fractions add. */
const rounded = (value: number): string => String(Number(value.toPrecision(12)));

/** Between what a limit may be set. */
export const LimitBoundsSchema = z.object({
  /** Null: whatever number. */
  least: z.number().nullable(),
  /** Null: however much. */
  most: z.number().nullable(),
  /** The least itself is too little. */
  above: z.boolean(),
  whole: z.boolean(),
  /** Whether it can be off. */
  canBeOff: z.boolean(),
});
export type LimitBounds = z.infer<typeof LimitBoundsSchema>;

/** `0 % to 100 %`, `1 or more`. */
export function boundsText(name: LimitName, { least, most, above, canBeOff }: LimitBounds): string {
  const range = rangeText(name, least, most, above);
  return canBeOff ? `${range}, or off` : range;
}

function rangeText(name: LimitName, least: number | null, most: number | null, above: boolean): string {
  if (least === null) return 'any number';
  const from = `${above ? 'above ' : ''}${limitText(name, least)}`;
  if (most !== null) return `${from} to ${limitText(name, most)}`;
  return above ? from : `${from} or more`;
}

/** A limit, or a locked symbol, that the trader has changed. */
export const LimitChangeSchema = z.object({
  at: z.number().int(),
  by: z.string(),
  from: StopOriginSchema,
  /** What was changed, in words. */
  what: z.string(),
  before: z.string(),
  after: z.string(),
  effect: LimitEffectSchema.exclude(['same']),
});
export type LimitChange = z.infer<typeof LimitChangeSchema>;
