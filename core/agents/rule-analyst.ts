import type { Action, Regime } from '../contract/index.ts';
import type { Abstention, AbstentionCode, Analyst, Brief, Opinion, Vote } from '../domain/index.ts';
import { type Case, caseFor, gatherEvidence } from './evidence.ts';

export type Side = 'bull' | 'bear';

/** A weaker case than this is none: whoever has it holds. */
const LEAST_CASE = 0.05;
const SHOWN_EVIDENCE = 4;

/** Bars a thesis is given, by regime: a trend needs longer to pay than a return to the mean. */
const HORIZON_BARS: Readonly<Record<Regime, number>> = { trending: 72, ranging: 36, volatile: 36 };

interface Plea {
  readonly direction: 1 | -1;
  readonly action: Exclude<Action, 'HOLD'>;
  /** What it argues for, in words. */
  readonly prices: string;
  readonly invalidation: Readonly<Record<Regime, string>>;
}

const PLEAS: Readonly<Record<Side, Plea>> = {
  bull: {
    direction: 1,
    action: 'BUY',
    prices: 'rising prices',
    invalidation: {
      trending: 'the price closes below its 50-bar average and the average turns down',
      ranging: 'the price closes below the lower Bollinger band and its 200-bar average',
      volatile: 'volatility stays high while the price falls back below its 50-bar average',
    },
  },
  bear: {
    direction: -1,
    action: 'SELL',
    prices: 'falling prices',
    invalidation: {
      trending: 'the price closes above its 50-bar average and the average turns up',
      ranging: 'the price closes above the upper Bollinger band and its 200-bar average',
      volatile: 'volatility stays high while the price climbs back above its 50-bar average',
    },
  },
};

/**
 * An analyst made of rules, for when no language model speaks. The two are opposed: Bull argues from what speaks for
 * rising prices in the brief and never for a sale, Bear from what speaks against them and never for a purchase. Each is as
 * confident as its own case is strong, whatever the other's is: which outweighs the other is for the consensus to say.
 * Pure: the same brief gives the same vote.
 */
export class RuleAnalyst implements Analyst {
  readonly #voter: Side;

  constructor(voter: Side) {
    this.#voter = voter;
  }

  opine(brief: Brief): Vote {
    if (!brief.ready) return this.#abstain('warming-up', 'too little history for the features');
    const evidence = gatherEvidence(brief);
    if (evidence === undefined)
      return this.#abstain('missing-features', 'a feature the rules need has no value');
    return this.#opinion(brief, caseFor(evidence, PLEAS[this.#voter].direction));
  }

  #opinion({ regime }: Brief, own: Case): Opinion {
    const { action, prices, invalidation } = PLEAS[this.#voter];
    const hasCase = own.strength >= LEAST_CASE;
    const shown = own.evidence.slice(0, SHOWN_EVIDENCE).map(({ sentence }) => sentence());
    return {
      kind: 'vote',
      voter: this.#voter,
      source: 'rules',
      action: hasCase ? action : 'HOLD',
      confidence: hasCase ? Math.min(1, own.strength) : 1 - own.strength,
      thesis: thesisOf(prices, regime, own.strength, hasCase ? shown : []),
      evidence: shown,
      invalidation: hasCase ? invalidation[regime] : `something that speaks for ${prices}`,
      horizonBars: HORIZON_BARS[regime],
    };
  }

  #abstain(code: AbstentionCode, message: string): Abstention {
    return { kind: 'abstention', voter: this.#voter, source: 'rules', code, message };
  }
}

const REGIME_WORDS: Readonly<Record<Regime, string>> = {
  trending: 'a trending market',
  ranging: 'a ranging market',
  volatile: 'a volatile market',
};

/** @param shown what is told of it; nothing where there is no case. */
function thesisOf(prices: string, regime: Regime, strength: number, shown: readonly string[]): string {
  const where = `In ${REGIME_WORDS[regime]}`;
  if (shown.length === 0) return `${where} nothing much speaks for ${prices}.`;
  const share = `${Math.round(strength * 100)} %`;
  return `${where} ${share} of the evidence speaks for ${prices}: ${shown.slice(0, 2).join(', ')}.`;
}
