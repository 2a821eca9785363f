import { z } from 'zod';
import { ModelEvaluationSchema, ModelKindSchema, TimeframeSchema } from '../contract/index.ts';

/**
 * `manifest.json` of a model set: what the four models are, what they were made from, how they may be used and how
 * well they did. Written by `models/training`; every key is checked, unknown ones are refused. A set is a folder:
 * the manifest, the `.onnx` files, the parity fixture and the drift reference, all named in it with their SHA-256.
 */

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex');
const instant = z.iso.datetime();
const count = z.number().int().min(0);
const share = z.number().min(0).max(1);
/** A file beside the manifest: a plain name, so that a manifest cannot reach out of its folder. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/, 'must be a plain file name');
const FileSchema = z.strictObject({ file: fileName, sha256, bytes: count });

const TensorSchema = z.strictObject({
  name: z.string(),
  /** -1 = the batch. */
  shape: z.array(z.number().int()),
});

const ModelSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  kind: ModelKindSchema,
  ...FileSchema.shape,
  /** One: `features`, [-1, F] for trees and [-1, T, F] for nets, float32. */
  inputs: z.array(TensorSchema).length(1),
  /** `probabilities` [-1, 3] in the order down, flat, up; nets also `quantiles` [-1, 3]. */
  outputs: z.array(TensorSchema).min(1).max(2),
  /** Version by domain, such as {"ai.onnx": 17}. */
  opsets: z.record(z.string(), z.number().int()),
  /** Operator name -> how often. The loader refuses a file that has others. */
  operators: z.record(z.string(), count),
  testedRuntime: z.string(),
  libraries: z.record(z.string(), z.string()),
  seeds: z.array(z.number().int()),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  calibration: z.strictObject({ method: z.literal('temperature'), temperature: z.number().positive() }),
  /** Gain (trees) or permutation loss (nets), summing to 1, largest first. */
  importance: z.array(z.strictObject({ name: z.string(), share })),
  /** Out-of-fold log-loss over the walk-forward, for choosing; the test figures are in `evaluation`. */
  outOfFoldLogLoss: z.number(),
  evaluation: ModelEvaluationSchema.nullable(),
  limits: z.string(),
  licence: z.string(),
});
export type ModelEntry = z.infer<typeof ModelSchema>;

const FeatureStatisticsSchema = z.strictObject({
  name: z.string(),
  p1: z.number(),
  p50: z.number(),
  p99: z.number(),
  mean: z.number(),
  std: z.number(),
  nanRate: share,
  /** Edges between 10 bins of equal counts in training (ascending, at most 9, fewer where values repeat). */
  binEdges: z.array(z.number()).max(9),
  /** Share of the training rows in each bin: one more than the edges. */
  binShares: z.array(share).min(1).max(10),
});

const PeriodSchema = z.strictObject({ from: instant, to: instant, samples: count });

export const ManifestSchema = z.strictObject({
  schemaVersion: z.literal(1),
  setId: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,60}$/),
  createdAt: instant,
  /** First moment a backtest may use the set: everything it learned from, labels included, ended before. */
  validFrom: instant,
  /** Expired from here on: the models abstain. */
  validUntil: instant,
  timeframe: TimeframeSchema,
  /** Bars the nets look at, T: no more than the engine keeps. */
  sequenceLength: z.number().int().min(1).max(64),
  classes: z.tuple([z.literal('down'), z.literal('flat'), z.literal('up')]),
  /** Class shares of the training labels. */
  prior: z.tuple([share, share, share]),
  features: z.strictObject({
    /** Input order, F names. */
    names: z.array(z.string()).min(1),
    /** `featureSetHash` of the program's definitions of these features. */
    setHash: sha256,
    /** Hash of the golden feature file that both sides' tests match. */
    goldenSha256: sha256,
    unusedGroups: z.array(z.string()),
    /** Features that may be NaN when serving, because training rows showed them missing too. */
    mayBeMissing: z.array(z.string()),
    statistics: z.array(FeatureStatisticsSchema),
  }),
  label: z.strictObject({
    kind: z.literal('triple-barrier'),
    horizonBars: z.number().int().positive(),
    barrierSigma: z.number().positive(),
    costMultiple: z.number().min(0),
    roundTripCost: z.number().min(0),
    sigmaFeature: z.string(),
    entry: z.literal('next-open'),
  }),
  data: z.array(
    z.strictObject({ file: z.string(), sha256, symbol: z.string(), from: instant, to: instant, rows: count }),
  ),
  splits: z.strictObject({ train: PeriodSchema, validation: PeriodSchema, test: PeriodSchema }),
  validation: z.strictObject({
    scheme: z.string(),
    folds: count,
    purgeBars: count,
    embargoBars: count,
    trials: count,
    /** Probability of backtest overfitting over the trials (Bailey et al., 2017); null with too few. */
    probabilityOfOverfitting: share.nullable(),
  }),
  models: z.array(ModelSchema).min(1),
  ensemble: z.strictObject({
    method: z.literal('log-opinion-pool'),
    /** Model id -> weight, 0 or more; they need not sum to 1. */
    weights: z.record(z.string(), z.number().min(0)),
    /** After pooling, softmax(log p / temperature). */
    temperature: z.number().positive(),
    outOfFoldLogLoss: z.number(),
    evaluation: ModelEvaluationSchema.nullable(),
  }),
  /** `parity.json`: inputs and the training libraries' own outputs. */
  parity: z.strictObject({ ...FileSchema.shape, rows: count, tolerance: z.number().positive() }),
  /** `drift.json`: principal components and prototypes of the training rows. */
  drift: z.strictObject({
    ...FileSchema.shape,
    /** Rows less similar than this to every prototype are out of distribution. */
    dissimilarityThreshold: z.number().positive(),
    /** Population stability index from which a feature counts as moved. */
    psiMoved: z.number().positive(),
    /** Consecutive bars of one symbol over which the index is taken. */
    windowBars: z.number().int().positive(),
    /** Share of moved features that one window of training data in ten, and one in a hundred, exceeds. */
    warnShare: share,
    stopShare: share,
  }),
  licence: z.string(),
});
export type ModelManifest = z.infer<typeof ManifestSchema>;

/** `parity.json`. Arrays of float32 are little-endian in base64. */
export const ParityFixtureSchema = z.strictObject({
  /** Number of feature rows, R: consecutive bars of held-out data, then rows with NaN and on tree thresholds. */
  rows: count,
  features: count,
  /** R x F float32. */
  values: z.base64(),
  /** First row of each window of T rows that the nets were shown, W of them. */
  windowStarts: z.array(count),
  /** Model id -> the training library's own outputs. Trees: R rows; nets: W rows. */
  expected: z.record(
    z.string(),
    z.strictObject({ probabilities: z.base64(), quantiles: z.base64().optional() }),
  ),
});
export type ParityFixture = z.infer<typeof ParityFixtureSchema>;

/**
 * `drift.json`. A row is standardised with the manifest's mean and std (NaN to 0, clipped to +-8), projected on the
 * components, and compared with the prototypes: its dissimilarity is the distance to the nearest prototype over
 * `meanDistance` (Meyer and Pebesma, 2021).
 */
export const DriftReferenceSchema = z.strictObject({
  /** K components of F numbers. */
  components: z.array(z.array(z.number())).min(1),
  /** P x K float32, little-endian in base64. */
  prototypes: z.base64(),
  prototypeCount: count,
  /** Mean distance between prototypes. */
  meanDistance: z.number().positive(),
});
export type DriftReference = z.infer<typeof DriftReferenceSchema>;
