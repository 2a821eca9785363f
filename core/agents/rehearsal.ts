import { type LlmCallRecord, type LlmFailure, type Opinion, REHEARSAL } from '../domain/index.ts';
import { opinionOf, parseAnswer } from './answer.ts';
import type { CallLimits } from './llm-client.ts';
import type { RecordedCalls } from './recorded-calls.ts';

/** What a past call's agent said, and what it says with another prompt. */
export interface Rehearsal {
  readonly call: LlmCallRecord;
  /** Null where the past call failed. */
  readonly before: Opinion | null;
  readonly after: Opinion | null;
  /** Why there is no `after`. */
  readonly failure: LlmFailure | null;
  readonly costUsd: number;
}

/** Asks a past question with another system prompt. Leads to no decision; never rejects over what a server does. */
export async function rehearse(
  calls: RecordedCalls,
  call: LlmCallRecord,
  system: string,
  limits: CallLimits,
): Promise<Rehearsal> {
  const { agent, user, bar } = call;
  const { answer, failure, records } = await calls.ask(
    { agent, round: REHEARSAL, system, user, bar },
    limits,
  );
  const before = call.status === 'answered' ? parseAnswer(call.answer ?? '') : undefined;
  return {
    call,
    before: before?.kind === 'answer' ? opinionOf(agent, before.answer) : null,
    after: answer === null ? null : opinionOf(agent, answer),
    failure,
    costUsd: records.reduce((sum, { costUsd }) => sum + costUsd, 0),
  };
}
