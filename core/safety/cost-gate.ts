import type { SafetySettings } from '../contract/index.ts';
import { float, type Price, type Verdict } from '../domain/index.ts';
import { allow, percent, refuse, TIE } from './verdict.ts';

export interface CostQuestion {
  /** The move that the entry is betting on, as a fraction of the price; null: nobody has measured one. */
  readonly expectedMove: number | null;
  /** Whether real money is at stake: nobody learns there what has never been measured. */
  readonly isRealMoney: boolean;
  /** Fees, spread, slippage and funding of the round trip, as a fraction of the price. */
  readonly roundTripCost: number;
  /** Of that, what getting in is expected to cost. */
  readonly entryCost: number;
  /** By how much spread and slippage are taken to have grown, with the volatility foretold; null or absent: as they are set. */
  readonly roughness?: number | null;
  /** What the entry is decided at, and what getting in costs is measured from. */
  readonly markPrice: Price;
}

/**
 * An entry must expect to earn more than `costMultiple` times what it costs; exactly as much is not enough. Numbers
 * missing: refused. With a multiple of 0 the trader has turned the gate off, which the verdict says.
 */
export function costGate(question: CostQuestion, settings: Pick<SafetySettings, 'costMultiple'>): Verdict {
  const { roundTripCost, entryCost, isRealMoney } = question;
  const { costMultiple } = settings;
  const needed = roundTripCost * costMultiple;
  const markPrice = float(question.markPrice);
  const { roughness = null } = question;
  const ahead = roughness === null ? {} : { roughness };
  const known = { roundTripCost, costMultiple, needed, entryCost, markPrice, ...ahead };
  if (question.expectedMove === null) return unmeasured(isRealMoney && costMultiple !== 0, known);
  const { expectedMove } = question;
  const numbers = { expectedMove, ...known };
  if (costMultiple === 0) {
    const message = `the cost gate is off: expected move ${told(expectedMove)}, costs ${told(roundTripCost)}${aheadWords(roughness)}`;
    return allow('cost-gate', message, numbers, 'off');
  }
  if (!Number.isFinite(expectedMove) || !Number.isFinite(roundTripCost)) {
    return refuse(
      'cost-gate',
      'unknown-cost',
      'the expected move or the cost of trading is not known',
      numbers,
    );
  }
  // Above a tie in binary: 1.5 times 0.0017 is 0.0025499999999999997 there.
  if (expectedMove > needed * (1 + TIE)) {
    const message = `an expected move of ${percent(expectedMove)}, a measured average, exceeds ${costMultiple} times the costs of ${percent(roundTripCost)}${aheadWords(roughness)}`;
    return allow('cost-gate', message, numbers);
  }
  const message = `an expected move of ${percent(expectedMove)} does not exceed ${costMultiple} times the costs of ${percent(roundTripCost)}${aheadWords(roughness)}`;
  return refuse('cost-gate', 'too-costly', message, numbers);
}

function unmeasured(
  refuses: boolean,
  numbers: Readonly<Record<string, number>> &
    Pick<CostQuestion, 'roundTripCost'> & { readonly roughness?: number },
): Verdict {
  const costs = told(numbers.roundTripCost) + aheadWords(numbers.roughness ?? null);
  const message = `no measured expectation to hold against costs of ${costs}`;
  if (!refuses) return allow('cost-gate', message, numbers, 'no-expectation');
  return refuse(
    'cost-gate',
    'no-expectation',
    `${message}: with real money nothing is bought on it`,
    numbers,
  );
}

/** Whence the costs are known, where they are not as they are set. */
function aheadWords(roughness: number | null): string {
  return roughness === null
    ? ''
    : `, spread and slippage ${roughness} times as set for the volatility foretold`;
}

function told(fraction: number): string {
  return Number.isFinite(fraction) ? percent(fraction) : 'not known';
}
