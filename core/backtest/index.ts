/** The engine over history, with an audit and baselines. */
export type { Audit, AuditCheck } from './audit.ts';
export { type BacktestOptions, type BacktestResult, backtest } from './backtest.ts';
export { backtestTable } from './report.ts';
