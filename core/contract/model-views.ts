import { z } from 'zod';

/** What the models are, how they did and how they do: for the Models page, `/api/v1/ml/*` and the manifest. */

const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const utcMs = z.number().int();

export const MODEL_KINDS = ['xgboost', 'lightgbm', 'lstm', 'transformer'] as const;
export const ModelKindSchema = z.enum(MODEL_KINDS);
export type ModelKind = z.infer<typeof ModelKindSchema>;

/** What the figures on held-out data allow to be said. */
export const VERDICTS = ['edge-demonstrated', 'no-edge-demonstrated', 'worse-than-prior'] as const;
export const ModelVerdictSchema = z.enum(VERDICTS);
export type ModelVerdict = z.infer<typeof ModelVerdictSchema>;

const IntervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** Figures over labelled bars. `null` where the sample is too small for the figure to mean anything. */
export const ClassificationSchema = z.strictObject({
  samples: count,
  /** Samples divided by their overlap: how many independent ones they are worth. */
  effectiveSamples: z.number().min(0),
  /** Mean negative log-likelihood, nats. */
  logLoss: z.number(),
  /** The same of always answering with the training data's class shares. */
  priorLogLoss: z.number(),
  /** Standard error of logLoss - priorLogLoss at the effective sample size. */
  logLossStandardError: z.number(),
  /** P(up) over P(up) + P(down), on the bars that went up or down; 95 % interval at the effective sample size. */
  auc: IntervalSchema.nullable(),
  balancedAccuracy: z.number().nullable(),
  brier: z.number(),
  /** Expected calibration error of the three probabilities, 10 bins. */
  ece: z.number(),
  /** Spearman correlation of P(up) - P(down) with the return over the horizon. */
  rankIc: z.number().nullable(),
});
export type ClassificationFigures = z.infer<typeof ClassificationSchema>;

/** A policy that trades the probabilities after costs, one position a symbol, equal shares. */
export const PolicySchema = z.strictObject({
  trades: count,
  returnPct: z.number(),
  sharpe: z.number().nullable(),
  /** Probability that the true Sharpe ratio is above 0, given how many variants were tried. */
  deflatedSharpe: z.number().nullable(),
  maxDrawdownPct: z.number(),
  /** Share of the account traded a day. */
  turnoverPerDay: z.number(),
  buyAndHoldReturnPct: z.number(),
  buyAndHoldMaxDrawdownPct: z.number(),
  momentumReturnPct: z.number(),
});
export type PolicyFigures = z.infer<typeof PolicySchema>;

/** Predicted against realised share over the bars of one bin of predicted probability, all classes together. */
export const CalibrationPointSchema = z.strictObject({ predicted: share, realised: share, samples: count });
export type CalibrationPoint = z.infer<typeof CalibrationPointSchema>;

const GroupedSchema = z.strictObject({ key: z.string(), figures: ClassificationSchema });
export const ModelEvaluationSchema = z.strictObject({
  overall: ClassificationSchema,
  bySymbol: z.array(GroupedSchema),
  byYear: z.array(GroupedSchema),
  policy: PolicySchema,
  calibrationCurve: z.array(CalibrationPointSchema),
  verdict: ModelVerdictSchema,
});
export type ModelEvaluation = z.infer<typeof ModelEvaluationSchema>;

export const ModelCardSchema = z.object({
  id: z.string(),
  kind: ModelKindSchema,
  file: z.string(),
  bytes: count,
  /** Weight in the ensemble. */
  weight: z.number(),
  temperature: z.number(),
  operators: z.record(z.string(), count),
  importance: z.array(z.object({ name: z.string(), share })),
  outOfFoldLogLoss: z.number(),
  evaluation: ModelEvaluationSchema.nullable(),
  limits: z.string(),
});
export type ModelCard = z.infer<typeof ModelCardSchema>;

export const ModelSetViewSchema = z.object({
  setId: z.string(),
  createdAt: utcMs,
  validFrom: utcMs,
  validUntil: utcMs,
  timeframe: z.string(),
  /** End of what the models learned from. */
  trainedUntil: utcMs,
  labelText: z.string(),
  trials: count,
  probabilityOfOverfitting: z.number().nullable(),
  data: z.array(z.object({ symbol: z.string(), file: z.string(), from: utcMs, to: utcMs, rows: count })),
  models: z.array(ModelCardSchema),
  ensemble: z.object({
    temperature: z.number(),
    outOfFoldLogLoss: z.number(),
    evaluation: ModelEvaluationSchema.nullable(),
  }),
});
export type ModelSetView = z.infer<typeof ModelSetViewSchema>;

/** How the live rows compare with those the models learned from. */
export const DriftViewSchema = z.object({
  /** `unknown`: too few live rows to tell. */
  state: z.enum(['unknown', 'fine', 'warn', 'stop']),
  rows: count,
  /** Share of the live rows unlike anything in the training data. */
  outlierShare: share,
  /** Population stability index of the features that moved most. */
  features: z.array(z.object({ name: z.string(), psi: z.number() })),
});
export type DriftView = z.infer<typeof DriftViewSchema>;

/** What the models said since, set against what came of it. Null figures: too few labels have matured. */
export const LiveCalibrationSchema = z.object({
  predictions: count,
  matured: count,
  logLoss: z.number().nullable(),
  priorLogLoss: z.number().nullable(),
  ece: z.number().nullable(),
  curve: z.array(CalibrationPointSchema),
});
export type LiveCalibrationView = z.infer<typeof LiveCalibrationSchema>;

const VolatilityFiguresSchema = z.object({
  /** A baseline (`ewma20`, `har`, `formula`, `ridge`), a model, or `pool`. */
  id: z.string(),
  /** 0 is perfect. */
  qlike: z.number(),
  logRmse: z.number(),
  /** QLIKE of the baseline less this one's, with its 95 % interval over blocks of days: above 0 is better. */
  overFormula: IntervalSchema,
  overRidge: IntervalSchema,
  /** Share of the pool that it has earned; null for what is no member. */
  weight: share.nullable(),
});
export type VolatilityFigures = z.infer<typeof VolatilityFiguresSchema>;

/** How much prices will move, as foretold, and what such forecasts were worth. */
export const VolatilityViewSchema = z.object({
  set: z
    .object({
      setId: z.string(),
      validFrom: utcMs,
      validUntil: utcMs,
      samples: count,
      /** Lines in the log of everything ever tried. */
      trials: count,
      limits: z.string(),
      walkForward: z.object({
        from: utcMs,
        to: utcMs,
        horizons: z.array(z.object({ bars: count, figures: z.array(VolatilityFiguresSchema) })),
      }),
    })
    .nullable(),
  message: z.string(),
  /** Below 0: it has expired. Null where there is no set. */
  expiresInDays: z.number().int().nullable(),
  forecasts: z.array(
    z.object({
      symbol: z.string(),
      at: utcMs,
      horizons: z.array(
        z.object({
          bars: count,
          /** Whose forecast it is for this symbol. */
          used: z.enum(['pool', 'har']),
          /** Standard deviation of the return over the horizon, as a fraction. */
          sigma: z.number(),
          /** Edges of the bands that hold 80 % and 95 % of the log returns. */
          low80: z.number(),
          high80: z.number(),
          low95: z.number(),
          high95: z.number(),
        }),
      ),
    }),
  ),
  /** Forecasts of 24 hours since this set is in use, against what came. Null figures: none has come true yet. */
  live: z.object({
    waiting: count,
    matured: count,
    within80: share.nullable(),
    qlike: z.object({ used: z.number(), formula: z.number(), ewma20: z.number() }).nullable(),
  }),
});
export type VolatilityView = z.infer<typeof VolatilityViewSchema>;

export const ModelsViewSchema = z.object({
  /** The set in use; null when none is, and `message` says why. */
  set: ModelSetViewSchema.nullable(),
  message: z.string(),
  expired: z.boolean(),
  ageDays: z.number().nullable(),
  drift: DriftViewSchema,
  live: LiveCalibrationSchema,
  volatility: VolatilityViewSchema,
  /** Sets that can be chosen. `problem` says why one cannot. */
  available: z.array(z.object({ setId: z.string(), active: z.boolean(), problem: z.string().nullable() })),
});
export type ModelsView = z.infer<typeof ModelsViewSchema>;

/** One model's part in an ensemble vote. */
export const ModelOutputSchema = z.object({
  model: z.string(),
  down: share,
  flat: share,
  up: share,
  /** Share of the pool's weight. */
  weight: z.number(),
});
export type ModelOutput = z.infer<typeof ModelOutputSchema>;
