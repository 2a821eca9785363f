import type { Action, Regime } from '../contract/index.ts';
import type { Abstention, AbstentionCode, Analyst, Brief, Opinion, Vote } from '../domain/index.ts';
import { type Evidence, gatherEvidence, lean, strongest } from './evidence.ts';

export type Side = 'bull' | 'bear';

/** How far the evidence must lean for an analyst's own side, and how far for the other's. */
const OWN_SIDE = 0.45;
const OTHER_SIDE = 0.65;
/** With a position at risk, an analyst gives it up at half of what it would ask for a new one. */
const GIVE_UP = 0.45;
/** A lean that is fully convincing. */
const CONVINCED = 0.8;
const SHOWN_EVIDENCE = 4;

/** Bars a thesis is given, by regime: a trend needs longer to pay than a return to the mean. */
const HORIZON_BARS: Readonly<Record<Regime, number>> = { trending: 72, ranging: 36, volatile: 36 };

const INVALIDATION: Readonly<Record<Regime, Readonly<Record<Exclude<Action, 'HOLD'>, string>>>> = {
  trending: {
    BUY: 'the price closes below its 50-bar average and the average turns down',
    SELL: 'the price closes above its 50-bar average and the average turns up',
  },
  ranging: {
    BUY: 'the price closes below the lower Bollinger band and its 200-bar average',
    SELL: 'the price closes above the upper Bollinger band and its 200-bar average',
  },
  volatile: {
    BUY: 'volatility stays high while the price falls back below its 50-bar average',
    SELL: 'volatility stays high while the price climbs back above its 50-bar average',
  },
};

/**
 * An analyst made of rules, for when no language model speaks. Bull looks for reasons to buy and Bear for reasons
 * to sell, from the same evidence: each needs less to argue for its own side than for the other's, and with a
 * position open either gives it up early. Pure: the same brief gives the same vote.
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
    const leaning = lean(evidence);
    const action = this.#action(brief, leaning);
    const confidence = action === 'HOLD' ? 1 - Math.abs(leaning) : Math.min(1, Math.abs(leaning) / CONVINCED);
    return this.#opinion(brief, action, confidence, leaning, evidence);
  }

  #action(brief: Brief, leaning: number): Action {
    const { direction } = brief.position;
    const toBuy = this.#voter === 'bull' ? OWN_SIDE : OTHER_SIDE;
    const toSell = this.#voter === 'bear' ? OWN_SIDE : OTHER_SIDE;
    if (direction === 'long' && leaning <= -GIVE_UP) return 'SELL';
    if (direction === 'short' && leaning >= GIVE_UP) return 'BUY';
    if (leaning >= toBuy) return 'BUY';
    return leaning <= -toSell ? 'SELL' : 'HOLD';
  }

  #opinion(
    brief: Brief,
    action: Action,
    confidence: number,
    leaning: number,
    evidence: readonly Evidence[],
  ): Opinion {
    const direction = action === 'HOLD' ? (leaning >= 0 ? 1 : -1) : action === 'BUY' ? 1 : -1;
    const shown = strongest(evidence, direction, SHOWN_EVIDENCE);
    return {
      kind: 'vote',
      voter: this.#voter,
      source: 'rules',
      action,
      confidence,
      thesis: thesisOf(brief, action, leaning, shown),
      evidence: shown,
      invalidation:
        action === 'HOLD' ? 'the evidence leans clearly to one side' : INVALIDATION[brief.regime][action],
      horizonBars: HORIZON_BARS[brief.regime],
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

function thesisOf(brief: Brief, action: Action, leaning: number, shown: readonly string[]): string {
  const strength = `${Math.round(Math.abs(leaning) * 100)} %`;
  const where = REGIME_WORDS[brief.regime];
  const side = leaning >= 0 ? 'up' : 'down';
  if (action === 'HOLD') return `In ${where} the evidence leans only ${strength} ${side}: not enough to act.`;
  const because = shown.length === 0 ? '' : `: ${shown.slice(0, 2).join(', ')}`;
  return `In ${where} the evidence leans ${strength} ${side}${because}.`;
}
