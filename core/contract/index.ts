export * from './errors.ts';
export * from './frames.ts';
export * from './methods.ts';
export * from './model-views.ts';
export * from './settings.ts';
export * from './topics.ts';
export * from './views.ts';
export * from './vocabulary.ts';
