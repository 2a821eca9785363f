export * from './number.ts';
export * from './shares.ts';
export * from './sum.ts';
export * from './symbol.ts';
export * from './time.ts';
export * from './words.ts';
