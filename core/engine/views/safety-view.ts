import type { Gauge, GuardianView, SafetySettings, SafetyView } from '../../contract/index.ts';
import type { Portfolio } from '../../portfolio/index.ts';
import { type BreakerHalt, type SymbolLock, sampleNeeded } from '../../safety/index.ts';

export interface SafetyFacts {
  readonly settings: SafetySettings;
  /** The breaker's own figures, by its names. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly halts: readonly BreakerHalt[];
  readonly portfolio: Pick<Portfolio, 'positions' | 'equityFloat' | 'marked'>;
  /** What a position is worth, above 0. */
  readonly worth: (symbol: string) => number;
  readonly locks: readonly SymbolLock[];
  readonly guardian: GuardianView | null;
}

export function safetyView(facts: SafetyFacts): SafetyView {
  return {
    breaker: breakerGauges(facts),
    halts: facts.halts.map(({ code, message, until }) => ({ code, message, until })),
    limits: limitGauges(facts),
    locks: [...facts.locks],
    guardian: facts.guardian,
  };
}

function breakerGauges({ settings, numbers }: SafetyFacts): Gauge[] {
  const known = (name: string): number | null => {
    const value = numbers[name];
    return value !== undefined && Number.isFinite(value) ? value : null;
  };
  const loss = (name: string): number | null => {
    const value = known(name);
    // A gain is no loss below nothing.
    return value === null ? null : Math.max(0, value);
  };
  const sample = (have: string, window: number): Gauge['sample'] => ({
    have: known(have) ?? 0,
    needed: sampleNeeded(window, settings),
  });
  const most = { kind: 'most', sample: null } as const;
  return [
    {
      ...most,
      name: 'Loss of the day',
      unit: 'share',
      value: loss('dailyLoss'),
      limit: settings.maxDailyLoss,
    },
    { ...most, name: 'Drawdown', unit: 'share', value: loss('drawdown'), limit: settings.maxDrawdown },
    {
      ...most,
      name: 'Losses in a row',
      unit: 'count',
      value: known('lossesInRow'),
      limit: settings.maxConsecutiveLosses,
    },
    {
      name: 'Win rate',
      unit: 'share',
      kind: 'least',
      value: known('winRate'),
      limit: settings.minWinRate,
      sample: sample('trades', settings.winRateTrades),
    },
    {
      name: 'Sharpe ratio',
      unit: 'ratio',
      kind: 'least',
      value: known('sharpe'),
      limit: settings.minSharpe,
      sample: sample('days', settings.sharpeDays),
    },
    ...(settings.profitLock === null
      ? []
      : [
          {
            ...most,
            name: 'Gain of the day, kept',
            unit: 'share' as const,
            value: loss('dayProfit'),
            limit: settings.profitLock,
          },
        ]),
  ];
}

function limitGauges({ settings, portfolio, worth }: SafetyFacts): Gauge[] {
  const positions = portfolio.positions();
  const equity = portfolio.marked ? portfolio.equityFloat() : 0;
  const shares = positions.map(({ symbol }) => (equity > 0 ? worth(symbol) / equity : null));
  const isKnown = equity > 0;
  const known = shares.flatMap((share) => share ?? []);
  const most = { kind: 'most', sample: null } as const;
  return [
    { ...most, name: 'Positions', unit: 'count', value: positions.length, limit: settings.maxPositions },
    {
      ...most,
      name: 'Everything that is open',
      unit: 'share',
      value: isKnown ? known.reduce((sum, share) => sum + share, 0) : null,
      limit: settings.maxPortfolioExposure,
    },
    {
      ...most,
      name: 'Largest symbol',
      unit: 'share',
      value: isKnown ? Math.max(0, ...known) : null,
      limit: settings.maxSymbolExposure,
    },
  ];
}

/** A position's worth from its view: the sign says which way it is, not how much. */
export function worthOf(positions: readonly { readonly symbol: string; readonly notional: string }[]) {
  return (symbol: string): number =>
    Math.abs(Number(positions.find((position) => position.symbol === symbol)?.notional ?? 0));
}
