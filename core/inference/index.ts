/** Step 3 of the loop: the models. */
export { type BarrierLabel, barrierLabel, CLASSES, type ClassIndex, LABEL } from './labels.ts';
export { type ManifestReading, type ModelManifest, readManifest } from './manifest.ts';
export { ModelRegistry } from './model-registry.ts';
