import type { Action, Regime } from '../contract/index.ts';
import {
  type Abstention,
  type AbstentionCode,
  type Analyst,
  type Brief,
  type Opinion,
  opinionWith,
  type Vote,
} from '../domain/index.ts';
import { type Direction, Reader, type Reading } from './evidence.ts';

export type Side = 'bull' | 'bear';

/** A weaker case than this is none: whoever has it holds. */
const LEAST_CASE = 0.05;
const SHOWN_EVIDENCE = 4;

/** Bars a thesis is given, by regime: a trend needs longer to pay than a return to the mean. */
const HORIZON_BARS: Readonly<Record<Regime, number>> = { trending: 72, ranging: 36, volatile: 36 };

interface Plea {
  readonly direction: Direction;
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
  readonly #reader: Reader;

  /** @param reader shared with the other side, so that a brief is read once. */
  constructor(voter: Side, reader = new Reader()) {
    this.#voter = voter;
    this.#reader = reader;
  }

  opine(brief: Brief): Vote {
    if (!brief.ready) return this.#abstain('warming-up', 'too little history for the features');
    const reading = this.#reader.read(brief);
    return reading === undefined
      ? this.#abstain('missing-features', 'a feature the rules need has no value')
      : new RuleOpinion(this.#voter, reading);
  }

  #abstain(code: AbstentionCode, message: string): Abstention {
    return { kind: 'abstention', voter: this.#voter, source: 'rules', code, message };
  }
}

/** An opinion in numbers. Its words are made when somebody reads them, which of a million bars of history nobody does. */
class RuleOpinion implements Opinion {
  readonly kind = 'vote';
  readonly source = 'rules';
  readonly voter: Side;
  readonly action: Action;
  readonly confidence: number;
  readonly #reading: Reading;

  constructor(voter: Side, reading: Reading) {
    const { action, direction } = PLEAS[voter];
    const strength = reading.strength(direction);
    const hasCase = strength >= LEAST_CASE;
    this.voter = voter;
    this.action = hasCase ? action : 'HOLD';
    this.confidence = hasCase ? Math.min(1, strength) : 1 - strength;
    this.#reading = reading;
  }

  get horizonBars(): number {
    return HORIZON_BARS[this.#reading.regime];
  }

  get evidence(): readonly string[] {
    return this.#reading.sentences(PLEAS[this.voter].direction, SHOWN_EVIDENCE);
  }

  get thesis(): string {
    const { direction, prices } = PLEAS[this.voter];
    const shown = this.action === 'HOLD' ? [] : this.evidence;
    return thesisOf(prices, this.#reading.regime, this.#reading.strength(direction), shown);
  }

  get invalidation(): string {
    const { prices, invalidation } = PLEAS[this.voter];
    return this.action === 'HOLD'
      ? `something that speaks for ${prices}`
      : invalidation[this.#reading.regime];
  }

  toJSON(): Opinion {
    return opinionWith(this, {});
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
