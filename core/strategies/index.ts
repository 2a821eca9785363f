/** Ways of deciding: each names its data and its decision times, and says what it proposes and why. */
import { type ShippedStrategyId, ShippedStrategySchema, type StrategyId } from '../contract/index.ts';
import { TraderError } from '../domain/index.ts';
import type { Strategy } from './strategy.ts';
import { TREND } from './trend.ts';
import { ENSEMBLE, ML, RULES } from './voted.ts';

export { HourlyBars } from './hourly-bars.ts';
export { HourlyCloses } from './hourly-closes.ts';
export { ALLOWANCE, type OwnStrategy, readOwnStrategy } from './own/own-strategy.ts';
export { StrategyFault } from './own/strategy-fault.ts';
export { STRATEGY_TEMPLATE, STRATEGY_TYPES } from './own/template.ts';
export {
  decisionTime,
  type Proposal,
  type ProposingStrategy,
  type Strategy,
  type StrategyLimits,
  type TargetProposal,
} from './strategy.ts';

const STRATEGIES: Readonly<Record<ShippedStrategyId, Strategy>> = {
  ensemble: ENSEMBLE,
  rules: RULES,
  ml: ML,
  trend: TREND,
};

/** Where strategies are had by name. */
export interface Strategies {
  /** As it is now: one of the trader's own may be another after its file was changed. @throws TraderError for none. */
  of(id: StrategyId): Strategy;
}

export function strategyOf(id: ShippedStrategyId): Strategy {
  return STRATEGIES[id];
}

/** Those that come with the program, and no others. */
export const SHIPPED_STRATEGIES: Strategies = {
  of(id) {
    const shipped = ShippedStrategySchema.safeParse(id);
    if (shipped.success) return strategyOf(shipped.data);
    throw new TraderError('bad-input', `there is no strategy ${id} here`);
  },
};
