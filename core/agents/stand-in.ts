import {
  type AbstentionCode,
  LLM_AGENTS,
  type LlmAgent,
  type LlmFailure,
  opinionWith,
  type Vote,
} from '../domain/index.ts';
import type { Debated, Outcome } from './debate.ts';

/** Reasons that say nothing about the market: the model was not reached, not let in, or not paid. */
const DOWN: ReadonlySet<AbstentionCode> = new Set([
  'not-configured',
  'unauthorised',
  'payment-required',
  'model-not-found',
  'request-refused',
  'rate-limited',
  'unavailable',
  'timeout',
  'budget-exhausted',
]);

/** A language model that was down, and whose place the rules took. */
export interface StandIn extends LlmFailure {
  readonly voter: LlmAgent;
}

export interface Ballot {
  readonly votes: readonly [bull: Vote, bear: Vote];
  readonly standIns: readonly StandIn[];
}

/**
 * The votes of a debate. Where a model was down the rules may vote in its place, shown as rules and saying why; a
 * model that answered badly, refused, or has no stored answer abstains in any case.
 *
 * Each vote names the calls behind it.
 *
 * @param rules what the rules say for each, or null where they may not stand in.
 */
export function ballotOf(
  { outcomes, calls }: Debated,
  rules: Readonly<Record<LlmAgent, Vote>> | null,
): Ballot {
  const bothDown = LLM_AGENTS.every((agent) => isDown(outcomes[agent]));
  const standIns: StandIn[] = [];
  const voteOf = (voter: LlmAgent): Vote => {
    const outcome = outcomes[voter];
    if (outcome.kind === 'opinion') return outcome.opinion;
    const { code, message } = outcome.failure;
    const reason = bothDown ? `both language models are down; ${message}` : message;
    if (rules === null || !isDown(outcome)) {
      return { kind: 'abstention', voter, source: 'llm', code, message: reason };
    }
    standIns.push({ voter, code, message });
    return prefixed(rules[voter], `Rules in place of the language model (${code}: ${reason}). `);
  };
  const withCalls = (vote: Vote): Vote => {
    const keys = calls.filter(({ agent }) => agent === vote.voter).map(({ key }) => key);
    if (keys.length === 0) return vote;
    return vote.kind === 'vote' ? opinionWith(vote, { calls: keys }) : { ...vote, calls: keys };
  };
  return { votes: [withCalls(voteOf('bull')), withCalls(voteOf('bear'))], standIns };
}

function isDown(outcome: Outcome): boolean {
  return outcome.kind === 'failure' && DOWN.has(outcome.failure.code);
}

function prefixed(vote: Vote, prefix: string): Vote {
  return vote.kind === 'vote'
    ? opinionWith(vote, { thesis: prefix + vote.thesis })
    : { ...vote, message: prefix + vote.message };
}
