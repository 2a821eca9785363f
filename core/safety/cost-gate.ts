import type { SafetySettings } from '../contract/index.ts';
import type { Verdict } from '../domain/index.ts';
import { allow, percent, refuse } from './verdict.ts';

export interface CostQuestion {
  /** The move that the entry is betting on, as a fraction of the price. */
  readonly expectedMove: number;
  /** Fees, spread, slippage and funding of the round trip, as a fraction of the price. */
  readonly roundTripCost: number;
}

/** An entry must expect to earn more than `costMultiple` times what it costs. Numbers missing: refused. */
export function costGate(question: CostQuestion, settings: Pick<SafetySettings, 'costMultiple'>): Verdict {
  const { expectedMove, roundTripCost } = question;
  const { costMultiple } = settings;
  const needed = roundTripCost * costMultiple;
  const numbers = { expectedMove, roundTripCost, costMultiple, needed };
  if (!Number.isFinite(expectedMove) || !Number.isFinite(roundTripCost)) {
    return refuse(
      'cost-gate',
      'unknown-cost',
      'the expected move or the cost of trading is not known',
      numbers,
    );
  }
  if (expectedMove > needed) return allow('cost-gate', 'the expected move pays for its costs', numbers);
  const message = `an expected move of ${percent(expectedMove)} does not exceed ${costMultiple} times the costs of ${percent(roundTripCost)}`;
  return refuse('cost-gate', 'too-costly', message, numbers);
}
