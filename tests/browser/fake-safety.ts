import type { SafetySettings, SafetyView } from '../../core/contract/index.ts';
import { safetyView } from '../../core/engine/views/safety-view.ts';

/** Figures of an account that has had a middling day. */
const NUMBERS = {
  ...{ dailyLoss: 0.011, drawdown: 0.043, lossesInRow: 2, winRate: 0.46, trades: 41, sharpe: Number.NaN },
  days: 12,
};

export function fakeSafety(
  settings: SafetySettings,
  positions: readonly { readonly symbol: string; readonly notional: string }[],
  locks: SafetyView['locks'],
): SafetyView {
  return {
    ...safetyView({
      settings,
      numbers: NUMBERS,
      halts: [],
      portfolio: { positions: () => [], equityFloat: () => 10_000, marked: true },
      worth: () => 0,
      locks,
      guardian: { state: 'watching', lastBeat: 1_704_110_400_000, restarts: 0, since: 1_704_106_800_000 },
    }),
    limits: [
      {
        ...{ name: 'Positions', unit: 'count', kind: 'most', sample: null },
        ...{ value: positions.length, limit: settings.maxPositions },
      },
      {
        ...{ name: 'Everything that is open', unit: 'share', kind: 'most', sample: null },
        value: positions.reduce((sum, { notional }) => sum + Math.abs(Number(notional)), 0) / 10_000,
        limit: settings.maxPortfolioExposure,
      },
    ],
  };
}
