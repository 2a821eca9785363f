/** Step 6 of the loop: what no strategy, model or analyst can talk its way past. */

export * from './arming.ts';
export { BREAKER_STATE } from './breaker-document.ts';
export * from './breaker-rules.ts';
export * from './churn-throttle.ts';
export * from './circuit-breaker.ts';
export * from './closing-right.ts';
export * from './correlated-group.ts';
export * from './cost-gate.ts';
export * from './data-health.ts';
export * from './entry-review.ts';
export * from './kill-history.ts';
export * from './kill-switch.ts';
export * from './ladder-rule.ts';
export * from './limit-change.ts';
export * from './limit-history.ts';
export * from './limits-in-force.ts';
export * from './may-still-enter.ts';
export * from './open-risk.ts';
export * from './owned-file.ts';
export * from './position-limits.ts';
export * from './sizing.ts';
export * from './sizing-sum.ts';
export * from './strategy-ladder.ts';
export * from './symbol-locks.ts';
