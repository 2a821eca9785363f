import type { Abstention, AbstentionCode, Timeframe, UtcMs } from '../domain/index.ts';
import type { ModelManifest } from './manifest.ts';

/** An ensemble that has nothing it may say. */
export function abstention(code: AbstentionCode, message: string): Abstention {
  return { kind: 'abstention', voter: 'ensemble', source: 'models', code, message };
}

/** Why a set may not speak on a bar, whatever the bar looks like; null when it may. */
export function objection(
  manifest: ModelManifest,
  bar: { readonly timeframe: Timeframe; readonly closeTime: UtcMs },
): Abstention | null {
  const { setId, timeframe, validFrom, validUntil, ensemble } = manifest;
  if (bar.timeframe !== timeframe) {
    return abstention(
      'failed',
      `the model set ${setId} was made for ${timeframe} bars, not ${bar.timeframe}`,
    );
  }
  if (bar.closeTime < Date.parse(validFrom)) {
    return abstention('model-not-valid-yet', `the model set ${setId} has learned from bars after this one`);
  }
  if (bar.closeTime >= Date.parse(validUntil)) {
    return abstention(
      'model-expired',
      `the model set ${setId} expired on ${validUntil.slice(0, 10)}: train again`,
    );
  }
  if (ensemble.evaluation?.verdict === 'worse-than-prior') {
    return abstention('no-skill', `the model set ${setId} did worse than knowing nothing: it has no vote`);
  }
  return null;
}

/** Whether a row lacks a feature that the models were never shown missing. An infinite value is none either. */
export class MissingFeatures {
  readonly #names: readonly string[];
  readonly #mayBeMissing: readonly boolean[];

  constructor({
    features,
  }: { readonly features: Pick<ModelManifest['features'], 'names' | 'mayBeMissing'> }) {
    this.#names = features.names;
    this.#mayBeMissing = features.names.map((name) => features.mayBeMissing.includes(name));
  }

  /** The first one that is missing, or undefined. */
  of(row: ArrayLike<number>): string | undefined {
    return this.#names.find((_, column) => {
      const value = row[column] ?? Number.NaN;
      return Number.isNaN(value) ? this.#mayBeMissing[column] !== true : !Number.isFinite(value);
    });
  }
}
