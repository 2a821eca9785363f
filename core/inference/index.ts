/** Step 3 of the loop: the models. */
export { type ManifestReading, type ModelManifest, readManifest } from './manifest.ts';
export { ModelRegistry } from './model-registry.ts';
