import type { ModelSetView, ModelsView, VolatilityView } from '../../contract/index.ts';
import { TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { LiveCalibration, ModelManifest, ModelRegistry } from '../../inference/index.ts';
import { modelsExpiry } from './models-expiry.ts';

const DAY_MS = TIMEFRAME_MS['1d'];

/** Everything the Models page shows. */
export function modelsView(
  models: ModelRegistry,
  calibration: LiveCalibration,
  volatility: VolatilityView,
  now: UtcMs,
): ModelsView {
  const { set, message, drift, library } = models;
  const manifest = set?.manifest;
  return {
    set: manifest === undefined ? null : setView(manifest),
    message: modelsExpiry(manifest, now)?.message ?? message,
    expired: manifest !== undefined && now >= Date.parse(manifest.validUntil),
    ageDays: manifest === undefined ? null : (now - Date.parse(manifest.splits.train.to)) / DAY_MS,
    drift: { ...drift, features: [...drift.features] },
    live:
      manifest === undefined
        ? { predictions: 0, matured: 0, logLoss: null, priorLogLoss: null, ece: null, curve: [] }
        : calibration.view(manifest.setId, manifest.prior, TIMEFRAME_MS[manifest.timeframe]),
    volatility,
    available: library.list().map(({ setId, folder, refusal }) => ({
      setId,
      active: folder === set?.folder,
      problem: refusal?.message ?? null,
    })),
  };
}

function setView(manifest: ModelManifest): ModelSetView {
  const { label, validation, splits, ensemble } = manifest;
  return {
    setId: manifest.setId,
    createdAt: Date.parse(manifest.createdAt),
    validFrom: Date.parse(manifest.validFrom),
    validUntil: Date.parse(manifest.validUntil),
    timeframe: manifest.timeframe,
    trainedUntil: Date.parse(splits.train.to),
    labelText:
      `whether the price first moves ${label.barrierSigma} standard deviations up or down within ` +
      `${label.horizonBars} bars of the next open, or neither`,
    trials: validation.trials,
    probabilityOfOverfitting: validation.probabilityOfOverfitting,
    data: manifest.data.map(({ symbol, file, from, to, rows }) => {
      return { symbol, file, from: Date.parse(from), to: Date.parse(to), rows };
    }),
    models: manifest.models.map((model) => ({
      id: model.id,
      kind: model.kind,
      file: model.file,
      bytes: model.bytes,
      weight: ensemble.weights[model.id] ?? 0,
      temperature: model.calibration.temperature,
      operators: model.operators,
      importance: model.importance,
      outOfFoldLogLoss: model.outOfFoldLogLoss,
      evaluation: model.evaluation,
      limits: model.limits,
    })),
    ensemble: {
      temperature: ensemble.temperature,
      outOfFoldLogLoss: ensemble.outOfFoldLogLoss,
      evaluation: ensemble.evaluation,
    },
  };
}
