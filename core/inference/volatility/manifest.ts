import { z } from 'zod';
import { ModelKindSchema, TimeframeSchema } from '../../contract/index.ts';

/**
 * `manifest.json` of a set of volatility models: the regressions, the four models, the pool of them, its bands, and what
 * they were worth on half-years that they had not seen. Written by `models/training/volatility`; unknown keys are refused.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const instant = z.iso.datetime();
const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/, 'must be a plain file name');
const FileSchema = z.strictObject({ file: fileName, sha256, bytes: count });
const TensorSchema = z.strictObject({ name: z.string(), shape: z.array(z.number().int()) });
const horizonId = z.enum(['h24', 'h168']);
const IntervalSchema = z.strictObject({ value: z.number(), low: z.number(), high: z.number() });

/** intercept + sum of coefficient x (value - mean) / std: the logarithm of the variance of one bar. */
const RegressionSchema = z.strictObject({
  /** Null: for every symbol that has none of its own. */
  symbol: z.string().nullable(),
  horizon: horizonId,
  intercept: z.number(),
  /** What is added to foretell the variance itself and not the mean of its logarithm. */
  scale: z.number(),
  terms: z
    .array(
      z.strictObject({
        name: z.string(),
        mean: z.number(),
        std: z.number().positive(),
        coefficient: z.number(),
      }),
    )
    .min(1),
});
export type Regression = z.infer<typeof RegressionSchema>;

export const BASELINE_IDS = ['ewma20', 'har', 'formula', 'ridge'] as const;
export type BaselineId = (typeof BASELINE_IDS)[number];

const FiguresSchema = z.strictObject({
  id: z.string(),
  samples: count,
  qlike: z.number(),
  logRmse: z.number(),
  overFormula: IntervalSchema,
  overRidge: IntervalSchema,
});

const pair = <T extends z.ZodType>(each: T) => z.tuple([each, each]);

export const VolatilityManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  setId: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
  createdAt: instant,
  /** Everything it learned from, labels included, ended before. */
  validFrom: instant,
  validUntil: instant,
  timeframe: TimeframeSchema,
  /** What a net looks at: so many rows, so many bars apart, the newest last. */
  window: z.strictObject({ rows: z.number().int().min(1), everyBars: z.number().int().min(1) }),
  features: z.strictObject({
    names: z.array(z.string()).min(1),
    setHash: sha256,
    mayBeMissing: z.array(z.string()),
    statistics: z.array(
      z.strictObject({
        name: z.string(),
        p1: z.number(),
        p50: z.number(),
        p99: z.number(),
        mean: z.number(),
        std: z.number(),
        nanRate: share,
        binEdges: z.array(z.number()).max(9),
        binShares: z.array(share).min(1).max(10),
      }),
    ),
  }),
  horizons: z.tuple([
    z.strictObject({ id: z.literal('h24'), bars: z.literal(24) }),
    z.strictObject({ id: z.literal('h168'), bars: z.literal(168) }),
  ]),
  data: z.array(z.strictObject({ file: z.string(), sha256, symbol: z.string(), from: instant, to: instant })),
  samples: count,
  /** Lines in the log of everything ever tried. */
  trials: count,
  baselines: z.array(z.strictObject({ id: z.enum(BASELINE_IDS), regressions: z.array(RegressionSchema) })),
  models: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]{1,40}$/),
        kind: ModelKindSchema,
        ...FileSchema.shape,
        inputs: z.array(TensorSchema).length(1),
        outputs: z.array(TensorSchema).length(1),
        opsets: z.record(z.string(), z.number().int()),
        operators: z.record(z.string(), count),
        testedRuntime: z.string(),
        libraries: z.record(z.string(), z.string()),
        parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
        scales: pair(z.number()),
        importance: z.array(z.strictObject({ name: z.string(), share })),
      }),
    )
    .min(1),
  /** By horizon: weights that members have earned on what they had not seen, summing to 1. */
  pool: pair(z.strictObject({ weights: z.record(z.string(), share), scale: z.number() })),
  /** Quantiles of the return in units of the volatility foretold, by horizon, out of sample. */
  bands: z.strictObject({
    levels: z.tuple([z.literal(0.025), z.literal(0.1), z.literal(0.9), z.literal(0.975)]),
    quantiles: pair(z.tuple([z.number(), z.number(), z.number(), z.number()])),
  }),
  /** QLIKE at 24 h of the last year: where HAR was better, it is what is used. */
  coins: z.array(z.strictObject({ symbol: z.string(), poolQlike: z.number(), harQlike: z.number() })),
  walkForward: z.strictObject({
    from: instant,
    to: instant,
    folds: count,
    horizons: pair(z.array(FiguresSchema).min(1)),
  }),
  parity: z.strictObject({ ...FileSchema.shape, tolerance: z.number().positive() }),
  limits: z.string(),
  licence: z.string(),
});
export type VolatilityManifest = z.infer<typeof VolatilityManifestSchema>;

/** `parity.json`. Arrays of float32 are little-endian in base64. */
export const VolatilityParitySchema = z.strictObject({
  rows: count,
  /** rows x F. */
  values: z.base64(),
  windows: count,
  /** windows x T x F. */
  windowValues: z.base64(),
  /** Model id -> rows (trees) or windows (nets) x 2. */
  expected: z.record(z.string(), z.base64()),
  /** The ridge's answers to the rows, x 2. */
  ridge: z.base64(),
});
export type VolatilityParity = z.infer<typeof VolatilityParitySchema>;
