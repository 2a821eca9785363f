import type { SafetySettings, SafetyView } from '../../core/contract/index.ts';
import { quoteAmount } from '../../core/domain/index.ts';
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
  armed: boolean | null,
): SafetyView {
  const exposures = new Map(
    positions.map(({ symbol, notional }) => [symbol, quoteAmount(Math.abs(Number(notional)).toFixed(2))]),
  );
  const total = quoteAmount(
    [...exposures.values()].reduce((sum, worth) => sum + Number(worth), 0).toFixed(2),
  );
  return safetyView({
    settings,
    numbers: NUMBERS,
    halts: [],
    use: {
      equity: quoteAmount(10_000),
      exposures,
      strategies: new Map(positions.length === 0 ? [] : [['ensemble', total]]),
      groups:
        positions.length === 0 ? [] : [{ symbols: [...exposures.keys()], exposure: total, isKnown: true }],
      openRisk: quoteAmount(positions.length * 92),
      entriesLastHour: 1,
      entriesToday: 7,
    },
    locks,
    guardian: { state: 'watching', lastBeat: 1_704_110_400_000, restarts: 0, since: 1_704_106_800_000 },
    heartbeat: { ageMs: 240, everyMs: 500 },
    armed,
  });
}
