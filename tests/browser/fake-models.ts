import type {
  ClassificationFigures,
  ModelCard,
  ModelEvaluation,
  ModelKind,
  ModelSetView,
  ModelsView,
} from '../../core/contract/index.ts';

/** A made-up model set in which every figure differs, so that a page that mixes two up shows it. */

const DAY_MS = 86_400_000;
const START = Date.UTC(2025, 0, 1);

function figures(logLoss: number, samples: number): ClassificationFigures {
  return {
    samples,
    effectiveSamples: samples / 9,
    logLoss,
    priorLogLoss: 0.812,
    logLossStandardError: 0.006,
    auc: { value: 0.52, low: 0.49, high: 0.55 },
    balancedAccuracy: 0.36,
    brier: 0.441,
    ece: 0.013,
    rankIc: 0.021,
  };
}

function evaluation(logLoss: number, verdict: ModelEvaluation['verdict']): ModelEvaluation {
  return {
    overall: figures(logLoss, 12_000),
    byYear: [{ key: '2025', figures: figures(logLoss, 12_000) }],
    bySymbol: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'].map((key, index) => ({
      key,
      figures: figures(logLoss + index / 100, 4_000),
    })),
    policy: {
      trades: 84,
      returnPct: -3.21,
      sharpe: -0.4,
      deflatedSharpe: 0.12,
      maxDrawdownPct: 7.7,
      turnoverPerDay: 0.4,
      buyAndHoldReturnPct: 12.4,
      buyAndHoldMaxDrawdownPct: 31,
      momentumReturnPct: -18.2,
    },
    calibrationCurve: [0.05, 0.15, 0.25, 0.35, 0.6, 0.7, 0.8].map((predicted) => ({
      predicted,
      realised: predicted * 0.97 + 0.01,
      samples: 900,
    })),
    verdict,
  };
}

function card(kind: ModelKind, index: number): ModelCard {
  return {
    id: kind,
    kind,
    file: `made-up-${kind}.onnx`,
    bytes: 900_000 * (index + 1),
    weight: 0.4 - index / 10,
    temperature: 1.1,
    operators: { Softmax: 1 },
    importance: ['rv_168', 'vol_pctile_720', 'natr_14', 'hour_sin', 'rsi_14'].map((name, at) => ({
      name,
      share: 0.4 - at / 15,
    })),
    outOfFoldLogLoss: 0.78,
    evaluation: evaluation(0.79 + index / 50, index === 3 ? 'worse-than-prior' : 'no-edge-demonstrated'),
    limits: 'Made up.',
  };
}

export const FAKE_SETS = ['made-up-2025-01', 'made-up-2024-07', 'made-up-broken'] as const;

export function fakeModels(setId: string): ModelsView {
  const set: ModelSetView = {
    setId,
    createdAt: START,
    validFrom: START,
    validUntil: START + 730 * DAY_MS,
    timeframe: '1h',
    trainedUntil: START - 2 * DAY_MS,
    labelText: 'whether the price first moves 1.5 standard deviations up or down within 24 bars, or neither',
    trials: 7,
    probabilityOfOverfitting: 0.31,
    data: [{ symbol: 'BTC/USDT', file: 'btc.csv.gz', from: START - 900 * DAY_MS, to: START, rows: 21_600 }],
    models: (['xgboost', 'lightgbm', 'lstm', 'transformer'] as const).map(card),
    ensemble: {
      temperature: 1.02,
      outOfFoldLogLoss: 0.77,
      evaluation: evaluation(0.785, 'no-edge-demonstrated'),
    },
  };
  return {
    set,
    message: `4 models of the set ${setId} vote`,
    expired: false,
    ageDays: 63,
    drift: {
      state: 'warn',
      rows: 500,
      outlierShare: 0.012,
      features: [
        { name: 'rv_168', psi: 0.34 },
        { name: 'natr_14', psi: 0.16 },
      ],
    },
    live: { predictions: 640, matured: 616, logLoss: 0.801, priorLogLoss: 0.812, ece: 0.02, curve: [] },
    volatility: fakeVolatility(),
    available: FAKE_SETS.map((each) => ({
      setId: each,
      active: each === setId,
      problem: each === 'made-up-broken' ? 'lstm.onnx: its SHA-256 is not the manifest’s' : null,
    })),
  };
}

/** Made-up forecasts of a set that expires in 40 days. */
function fakeVolatility(): ModelsView['volatility'] {
  const band = (sigma: number) => {
    return { sigma, low80: -1.2 * sigma, high80: 1.3 * sigma, low95: -2.2 * sigma, high95: 2.4 * sigma };
  };
  const gain = (value: number) => ({ value, low: value - 0.008, high: value + 0.008 });
  const figures = ['ewma20', 'har', 'formula', 'ridge', 'xgboost', 'lightgbm', 'lstm', 'transformer', 'pool'];
  return {
    set: {
      setId: 'made-up-volatility',
      validFrom: START,
      validUntil: START + 40 * DAY_MS,
      samples: 57_000,
      trials: 22,
      limits: 'Made up.',
      walkForward: {
        from: START - 1_400 * DAY_MS,
        to: START,
        horizons: [24, 168].map((bars) => ({
          bars,
          figures: figures.map((id, index) => ({
            id,
            qlike: 0.48 - index / 60,
            logRmse: 0.97 - index / 40,
            overFormula: gain((index - 2) / 200),
            overRidge: gain((index - 3) / 200),
            weight: index < 3 || id === 'pool' ? null : id === 'lightgbm' ? 1 : 0,
          })),
        })),
      },
    },
    message: 'shown, recorded, and what the cost gate takes spread and slippage by; no direction comes of it',
    expiresInDays: 40,
    forecasts: ['BTC/USDT', 'ETH/USDT'].map((symbol, index) => ({
      symbol,
      at: START,
      horizons: [24, 168].map((bars) => ({
        bars,
        used: 'pool' as const,
        ...band((0.02 + index / 100) * Math.sqrt(bars / 24)),
      })),
    })),
    live: {
      waiting: 6,
      matured: 40,
      within80: 0.8,
      qlike: { used: 0.31, formula: 0.33, ewma20: 0.46 },
    },
  };
}
