import type { ClassificationFigures, ModelVerdict, PolicyFigures } from '../../contract/index.ts';

/** Confidence that the policy's Sharpe ratio is not luck. */
const DEMANDED_CONFIDENCE = 0.95;

/**
 * The written rule. Worse than the prior: its log-loss exceeds the prior's by more than the standard error of the
 * difference. An edge: its log-loss is below the prior's by more than that, it tells up from down (the AUC's interval
 * lies above 0.5), and trading on it pays after costs with a deflated Sharpe ratio of 0.95 or more. Anything else is
 * no edge demonstrated, which is the usual case and no shame.
 */
export function verdictOf(figures: ClassificationFigures, policy: PolicyFigures): ModelVerdict {
  const gain = figures.priorLogLoss - figures.logLoss;
  if (-gain > figures.logLossStandardError) return 'worse-than-prior';
  const informed = gain > figures.logLossStandardError && (figures.auc?.low ?? 0) > 0.5;
  const pays = (policy.deflatedSharpe ?? 0) >= DEMANDED_CONFIDENCE;
  return informed && pays ? 'edge-demonstrated' : 'no-edge-demonstrated';
}

/** How much of a voter's confidence counts, by what its figures allow to be said. */
export const VERDICT_SHARE: Readonly<Record<ModelVerdict, number>> = {
  'edge-demonstrated': 1,
  'no-edge-demonstrated': 0.5,
  'worse-than-prior': 0,
};
