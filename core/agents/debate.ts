import {
  LLM_AGENTS,
  type LlmAgent,
  type LlmCallRecord,
  type LlmFailure,
  type Opinion,
} from '../domain/index.ts';
import { opinionOf } from './answer.ts';
import type { Asked } from './recorded-calls.ts';

/** Puts a round's question to one agent. In the opening nobody has a case yet. */
export type AskAgent = (
  agent: LlmAgent,
  round: number,
  cases: { readonly own: Opinion; readonly other: Opinion } | null,
) => Promise<Asked>;

/** What an agent came out of the debate with: its last opinion, or why it has none. */
export type Outcome =
  | { readonly kind: 'opinion'; readonly opinion: Opinion }
  | { readonly kind: 'failure'; readonly failure: LlmFailure };

/** What is left of an opinion when its evidence has been checked. */
export type CheckOpinion = (agent: LlmAgent, opinion: Opinion) => Outcome;

export interface Debated {
  readonly outcomes: Readonly<Record<LlmAgent, Outcome>>;
  /** In the order of rounds, Bull before Bear. */
  readonly calls: readonly LlmCallRecord[];
}

/**
 * Both open at the same time; then, round by round, each sees the other's last case and answers it. An agent that
 * fails to answer a rebuttal stays with its last opinion. Without two cases there is nothing to debate.
 */
export async function holdDebate(
  ask: AskAgent,
  rebuttalRounds: number,
  check: CheckOpinion = (_, opinion) => ({ kind: 'opinion', opinion }),
): Promise<Debated> {
  const calls: LlmCallRecord[] = [];
  const round = async (number: number, cases: Readonly<Record<LlmAgent, Opinion>> | null) => {
    const [bull, bear] = await Promise.all(
      LLM_AGENTS.map((agent) =>
        ask(agent, number, cases && { own: cases[agent], other: cases[otherOf(agent)] }),
      ),
    );
    if (bull === undefined || bear === undefined) throw new TypeError('a debate has two sides');
    for (const { records } of [bull, bear]) calls.push(...records);
    return { bull, bear };
  };

  const opening = await round(0, null);
  let bull = outcomeOf('bull', opening.bull, check);
  let bear = outcomeOf('bear', opening.bear, check);
  for (let number = 1; number <= rebuttalRounds; number += 1) {
    if (bull.kind === 'failure' || bear.kind === 'failure') break;
    const rebuttal = await round(number, { bull: bull.opinion, bear: bear.opinion });
    bull = lastOf(bull, outcomeOf('bull', rebuttal.bull, check));
    bear = lastOf(bear, outcomeOf('bear', rebuttal.bear, check));
  }
  return { outcomes: { bull, bear }, calls };
}

function otherOf(agent: LlmAgent): LlmAgent {
  return agent === 'bull' ? 'bear' : 'bull';
}

function outcomeOf(agent: LlmAgent, { answer, failure }: Asked, check: CheckOpinion): Outcome {
  if (answer !== null) return check(agent, opinionOf(agent, answer));
  return { kind: 'failure', failure: failure ?? { code: 'failed', message: 'no answer' } };
}

function lastOf(before: Outcome, now: Outcome): Outcome {
  return now.kind === 'opinion' ? now : before;
}
