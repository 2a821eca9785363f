import { decide } from '../../core/consensus/decide.ts';
import type { CandleView, DecisionView, ModelOutput, Regime, Settings } from '../../core/contract/index.ts';
import {
  type ConsensusResult,
  price,
  quoteAmount,
  simulatedInstrument,
  type Verdict,
  type Vote,
} from '../../core/domain/index.ts';
import { CANDLE_GROUPS, featureNames } from '../../core/features/catalogue.ts';
import { EntryReview, type EntryReviewResult } from '../../core/safety/index.ts';

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
    const drawn = lean + bias + (random() - 0.5) * 0.5;
    // The analysts are opposed: Bull has a case for rising prices or none, Bear one for falling prices or none.
    const view = voter === 'bull' ? Math.max(0.05, drawn) : voter === 'bear' ? Math.min(-0.05, drawn) : drawn;
    const least = voter === 'ensemble' ? 0.3 : 0.1;
    const action = view > least ? 'BUY' : view < -least ? 'SELL' : 'HOLD';
    const prices = view >= 0 ? 'rising prices' : 'falling prices';
    const own = (view >= 0 ? 1 : -1) * Math.abs(last / mean(closes) - 1);
    return {
      kind: 'vote',
      voter,
      source: voter === 'ensemble' ? 'models' : 'rules',
      action,
      confidence: Math.min(1, action === 'HOLD' ? 1 - Math.min(1, Math.abs(view)) : Math.abs(view)),
      thesis: `In a ${regime} market ${Math.round(Math.abs(view) * 100)} % of the evidence speaks for ${prices}.`,
      evidence: [
        `close ${(own * 100).toFixed(2)} % from its ${view >= 0 ? 30 : 50}-bar mean`,
        ...(voter === 'bear' ? [`range of ${(spread * 100).toFixed(2)} % a bar`] : []),
        `RSI ${(50 + view * 22).toFixed(1)}`,
      ],
      invalidation:
        action === 'HOLD' ? `something that speaks for ${prices}` : 'a close beyond the 50-bar average',
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

export interface FakeEntry {
  readonly symbol: string;
  readonly price: number;
  readonly equity: number;
  readonly cash: number;
  /** Worth of the open positions. */
  readonly exposures: ReadonlyMap<string, number>;
}

/** What the program's own safety layers say of an entry here; one of them refuses now and then. */
export function fakeReview(
  { symbol, price: mark, equity, cash, exposures }: FakeEntry,
  { safety, strategy }: Settings,
  random: () => number,
): EntryReviewResult {
  const review = new EntryReview({
    limits: { settings: safety },
    killSwitch: { state: () => undefined },
    breaker: { verdict: () => fakeBreaker(equity, random) },
  });
  return review.review({
    symbol,
    side: 'buy',
    strategyId: strategy.id,
    instrument: simulatedInstrument(symbol, mark),
    markPrice: price(mark),
    atr: mark * 0.009,
    expectedMove: 0.002 + random() * 0.012,
    isRealMoney: false,
    roundTripCost: 0.0028,
    entryCost: 0.0014,
    account: {
      equity: quoteAmount(equity),
      cash: quoteAmount(cash),
      exposures: new Map([...exposures].map(([held, worth]) => [held, quoteAmount(worth)])),
      group: {
        exposure: quoteAmount([...exposures.values()].reduce((sum, worth) => sum + worth, 0)),
        size: Math.max(1, exposures.size),
        isKnown: true,
      },
      openRisk: quoteAmount(equity * 0.01 * exposures.size),
      openPositions: exposures.size,
    },
    feed: { stale: false, ageMs: 210 },
    barsSinceExit: Math.floor(random() * 12),
    entriesLastHour: 1,
    entriesToday: 3,
  });
}

function fakeBreaker(equity: number, random: () => number): Verdict {
  const numbers = {
    equity,
    dailyLoss: random() * 0.01,
    maxDailyLoss: 0.03,
    drawdown: random() * 0.05,
    maxDrawdown: 0.1,
    lossesInRow: 1,
    maxConsecutiveLosses: 5,
    minWinRate: 0.3,
    trades: 0,
    minSharpe: 0,
    days: 12,
  };
  const message = 'the account is within its limits';
  return { layer: 'circuit-breaker', allowed: true, code: 'ok', message, numbers };
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
