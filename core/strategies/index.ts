/** Ways of deciding: each names its data and its decision times, and says what it proposes and why. */
import type { StrategyId } from '../contract/index.ts';
import type { Strategy } from './strategy.ts';
import { TREND } from './trend.ts';
import { ENSEMBLE, ML, RULES } from './voted.ts';

export { HourlyCloses } from './hourly-closes.ts';
export {
  decisionTime,
  type Proposal,
  type ProposingStrategy,
  type Strategy,
  type StrategyLimits,
  type TargetProposal,
} from './strategy.ts';

const STRATEGIES: Readonly<Record<StrategyId, Strategy>> = {
  ensemble: ENSEMBLE,
  rules: RULES,
  ml: ML,
  trend: TREND,
};

export function strategyOf(id: StrategyId): Strategy {
  return STRATEGIES[id];
}
