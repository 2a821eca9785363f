/** Step 5 of the loop: what the votes come to. */
export * from './decide.ts';
export * from './exit-rules.ts';
export * from './judge.ts';
export * from './regime.ts';
export * from './track-record.ts';
