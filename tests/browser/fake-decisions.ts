import { decide } from '../../core/consensus/decide.ts';
import type {
  CandleView,
  DecisionView,
  ModelOutput,
  Regime,
  Settings,
  VerdictView,
} from '../../core/contract/index.ts';
import type { ConsensusResult, Vote } from '../../core/domain/index.ts';
import { CANDLE_GROUPS, featureNames } from '../../core/features/catalogue.ts';

const FEATURE_NAMES = featureNames(CANDLE_GROUPS);

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

export interface FakeConsensus {
  readonly votes: readonly Vote[];
  readonly result: ConsensusResult;
}

/** Votes that lean with the short trend, with some noise, and what they come to. */
export function fakeConsensus(
  candles: readonly CandleView[],
  settings: Settings,
  random: () => number,
): FakeConsensus {
  const closes = candles.slice(-30).map(({ close }) => close);
  const last = closes.at(-1) ?? 1;
  const lean = Math.max(-1, Math.min(1, (last / mean(closes) - 1) * 45));
  const spread = mean(candles.slice(-14).map(({ high, low }) => high / low - 1));
  const regime: Regime = spread > 0.016 ? 'volatile' : Math.abs(lean) > 0.35 ? 'trending' : 'ranging';
  const opinion = (voter: 'bull' | 'bear' | 'ensemble', bias: number): Vote => {
    const view = lean + bias + (random() - 0.5) * 0.5;
    const action = view > 0.3 ? 'BUY' : view < -0.3 ? 'SELL' : 'HOLD';
    const side = view >= 0 ? 'up' : 'down';
    return {
      kind: 'vote',
      voter,
      source: voter === 'ensemble' ? 'models' : 'rules',
      action,
      confidence: Math.min(1, action === 'HOLD' ? 1 - Math.abs(view) : Math.abs(view)),
      thesis: `In a ${regime} market the evidence leans ${Math.round(Math.abs(view) * 100)} % ${side}: the close is ${side} against its averages.`,
      evidence: [
        `close ${((last / mean(closes) - 1) * 100).toFixed(2)} % from its 30-bar mean`,
        `range of ${(spread * 100).toFixed(2)} % a bar`,
        `RSI ${(50 + view * 22).toFixed(1)}`,
      ],
      invalidation:
        action === 'HOLD' ? 'the evidence leaning clearly to one side' : 'a close beyond the 50-bar average',
      horizonBars: regime === 'trending' ? 36 : 18,
      ...(voter === 'ensemble' ? { reliability: 0.5, models: fakeOutputs(view) } : {}),
    };
  };
  const silent: Vote = {
    kind: 'abstention',
    voter: 'ensemble',
    source: 'models',
    code: 'out-of-distribution',
    message: 'two features lie outside what the models were trained on',
  };
  const votes = [
    opinion('bull', 0.12),
    opinion('bear', -0.12),
    random() < 0.3 ? silent : opinion('ensemble', 0),
  ];
  return { votes, result: decide(votes, regime, settings.consensus) };
}

/** What the six layers say of an entry; one of them refuses now and then. */
export function fakeVerdicts(settings: Settings, random: () => number): VerdictView[] {
  const expectedMove = 0.002 + random() * 0.012;
  const pays = expectedMove > 0.0042;
  const barsSinceExit = Math.floor(random() * 12);
  const rested = barsSinceExit >= settings.safety.reentryWaitBars;
  const ok = (layer: VerdictView['layer'], message: string, numbers: VerdictView['numbers']): VerdictView => {
    return { layer, allowed: true, code: 'ok', message, numbers };
  };
  const verdicts = [
    ok('kill-switch', 'the kill switch is not engaged', {}),
    ok('circuit-breaker', 'no limit of the account is reached', {
      dailyLoss: random() * 0.01,
      maxDailyLoss: 0.03,
      drawdown: random() * 0.05,
      maxDrawdown: 0.1,
    }),
    ok('data-health', 'the market data is fresh', { feedAgeMs: 210, staleAfterMs: 30_000 }),
    ok('position-limits', 'there is room under every limit', {
      symbolExposure: 0,
      maxSymbolExposure: 0.3,
      portfolioExposure: random() * 0.5,
      maxPortfolioExposure: 0.9,
    }),
    {
      ...ok('cost-gate', 'the expected move pays for its costs', {
        expectedMove,
        roundTripCost: 0.0028,
        costMultiple: 1.5,
        needed: 0.0042,
      }),
    },
    ok('churn-throttle', 'not trading too often', {
      barsSinceExit,
      reentryWaitBars: settings.safety.reentryWaitBars,
      entriesLastHour: 1,
      maxEntriesPerHour: 6,
    }),
  ];
  return verdicts.map((verdict) => {
    if (verdict.layer === 'cost-gate' && !pays) {
      const message = `an expected move of ${(expectedMove * 100).toFixed(2)} % does not exceed 1.5 times the costs of 0.28 %`;
      return { ...verdict, allowed: false, code: 'too-costly', message };
    }
    if (verdict.layer === 'churn-throttle' && !rested) {
      const message = `${barsSinceExit} of ${settings.safety.reentryWaitBars} bars since the last exit have passed`;
      return { ...verdict, allowed: false, code: 'reentry-wait', message };
    }
    return verdict;
  });
}

export function fakeFeatures(random: () => number): DecisionView['features'] {
  return Object.fromEntries(
    FEATURE_NAMES.map((name) => [
      name,
      random() < 0.02 ? null : Number(((random() - 0.5) * 3).toPrecision(5)),
    ]),
  );
}

/** What four models may have said when the evidence leans so. */
function fakeOutputs(view: number): ModelOutput[] {
  return ['xgboost', 'lightgbm', 'lstm', 'transformer'].map((model, index) => {
    const up = Math.min(0.6, Math.max(0.05, 0.2 + view / 8 + index / 50));
    const down = Math.min(0.6, Math.max(0.05, 0.2 - view / 8 + index / 90));
    return { model, up, down, flat: 1 - up - down, weight: 0.25 };
  });
}
