import {
  type Gauge,
  type GuardianView,
  LIMIT_WORDS,
  type LimitName,
  type SafetySettings,
  type SafetyView,
} from '../../contract/index.ts';
import { float, type QuoteAmount } from '../../domain/index.ts';
import { type BreakerHalt, type SymbolLock, sampleNeeded } from '../../safety/index.ts';
import type { LimitUse } from '../loop/limit-use.ts';
import { limitBounds } from './limit-bounds.ts';

export interface SafetyFacts extends Pick<SafetyView, 'heartbeat' | 'armed'> {
  readonly settings: SafetySettings;
  /** The breaker's own figures, by its names. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly halts: readonly BreakerHalt[];
  /** Null before the account has prices. */
  readonly use: LimitUse | null;
  readonly locks: readonly SymbolLock[];
  readonly guardian: GuardianView | null;
}

export function safetyView(facts: SafetyFacts): SafetyView {
  const { halts, locks, guardian, heartbeat, armed } = facts;
  return {
    breaker: breakerGauges(facts),
    halts: halts.map(({ code, message, until }) => ({ code, message, until })),
    limits: limitGauges(facts),
    locks: [...locks],
    groups: groupsOf(facts),
    guardian,
    heartbeat,
    armed,
  };
}

type Measured = Pick<Gauge, 'value'> & Partial<Pick<Gauge, 'kind' | 'sample' | 'detail'>>;

function gauge(setting: LimitName, settings: SafetySettings, measured: Measured): Gauge {
  const { name, unit } = LIMIT_WORDS[setting];
  const basic = { kind: 'most', sample: null, detail: null } as const;
  return {
    ...basic,
    ...{ setting, name, unit, limit: settings[setting], bounds: limitBounds(setting) },
    ...measured,
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
  const floor = (have: string, window: number) => ({
    kind: 'least' as const,
    sample: { have: known(have) ?? 0, needed: sampleNeeded(window, settings) },
  });
  const of = (setting: LimitName, measured: Measured): Gauge => gauge(setting, settings, measured);
  return [
    of('maxDailyLoss', { value: loss('dailyLoss') }),
    // The account's own drawdown counts from the highest equity of all time.
    of('maxDrawdown', { value: loss('drawdown'), detail: 'from the peak since its last halt' }),
    of('maxConsecutiveLosses', { value: known('lossesInRow') }),
    of('minWinRate', { value: known('winRate'), ...floor('trades', settings.winRateTrades) }),
    of('minSharpe', { value: known('sharpe'), ...floor('days', settings.sharpeDays) }),
    of('profitLock', { value: loss('dayProfit') }),
    of('haltHours', { value: null, kind: 'set' }),
  ];
}

function limitGauges({ settings, use }: SafetyFacts): Gauge[] {
  const share = shareOf(use);
  const largest = (of: Iterable<readonly [string, QuoteAmount]>): Measured => {
    const shares = [...of].map(([name, worth]) => ({ name, value: share(worth) ?? 0 }));
    const [first] = shares.toSorted((a, b) => b.value - a.value);
    const { name = null, value = 0 } = first ?? {};
    return { value: share.isKnown ? value : null, detail: name };
  };
  const exposures = [...(use?.exposures ?? [])];
  const total = exposures.reduce((sum, [, worth]) => sum + (share(worth) ?? 0), 0);
  const of = (setting: LimitName, measured: Measured): Gauge => gauge(setting, settings, measured);
  return [
    of('maxOpenRisk', { value: use === null ? null : share(use.openRisk) }),
    of('maxPortfolioExposure', { value: share.isKnown ? total : null }),
    of('maxSymbolExposure', largest(exposures)),
    of('maxStrategyExposure', largest(use?.strategies ?? [])),
    of(
      'maxGroupExposure',
      largest((use?.groups ?? []).map(({ symbols, exposure }) => [symbols.join(', '), exposure])),
    ),
    of('maxPositions', { value: use === null ? null : exposures.length }),
    of('maxEntriesPerHour', { value: use?.entriesLastHour ?? null }),
    of('maxEntriesPerDay', { value: use?.entriesToday ?? null }),
  ];
}

function groupsOf({ use }: SafetyFacts): SafetyView['groups'] {
  const share = shareOf(use);
  return (use?.groups ?? []).map(({ symbols, exposure, isKnown }) => ({
    symbols: [...symbols],
    share: share(exposure),
    known: isKnown,
  }));
}

/** An amount as a share of equity; null where there is none above 0. */
function shareOf(use: LimitUse | null) {
  const equity = use === null ? 0 : float(use.equity);
  const isKnown = equity > 0;
  return Object.assign((amount: QuoteAmount): number | null => (isKnown ? float(amount) / equity : null), {
    isKnown,
  });
}
