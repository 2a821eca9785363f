import { z } from 'zod';
import { ACTIONS } from '../contract/index.ts';
import type { LlmAgent, LlmFailure, Opinion } from '../domain/index.ts';
import { cleanText } from './outside-text.ts';

/** A longer answer is no answer to the question asked. */
const ANSWER_LIMIT_BYTES = 20_000;

const AnswerSchema = z.strictObject({
  action: z.enum(ACTIONS),
  confidence: z.number().min(0).max(1),
  thesis: z.string().trim().min(1).max(4_000),
  evidence: z.array(z.string().max(1_000)).max(20),
  invalidation: z.string().trim().min(1).max(1_000),
  horizonBars: z.number().int().min(1).max(10_000),
});
/** What a language model is asked for. */
export type Answer = z.infer<typeof AnswerSchema>;

/** The same as JSON schema, within what every server's strict mode knows. */
export const ANSWER_JSON_SCHEMA = {
  type: 'object',
  properties: {
    action: { type: 'string', enum: [...ACTIONS] },
    confidence: { type: 'number', description: 'probability from 0 to 1 that the action proves right' },
    thesis: { type: 'string', description: 'the case in at most three sentences' },
    evidence: {
      type: 'array',
      items: { type: 'string' },
      description: 'at most six facts with their numbers',
    },
    invalidation: { type: 'string', description: 'what would prove the thesis wrong' },
    horizonBars: { type: 'integer', description: 'bars within which the thesis should pay, at least 1' },
  },
  required: ['action', 'confidence', 'thesis', 'evidence', 'invalidation', 'horizonBars'],
  additionalProperties: false,
};

export type ParsedAnswer =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'broken'; readonly failure: LlmFailure };

/** Reads a model's text. Anything but a complete answer in range is broken; nothing is repaired or guessed. */
export function parseAnswer(text: string): ParsedAnswer {
  if (Buffer.byteLength(text) > ANSWER_LIMIT_BYTES) {
    return broken(`the answer is longer than ${ANSWER_LIMIT_BYTES / 1_000} kB`);
  }
  const json = jsonIn(text);
  if (json === '') return broken('the answer is empty');
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    if (error instanceof SyntaxError) return broken(`the answer is not JSON: ${cleanText(json, 60)}`);
    throw error;
  }
  const parsed = AnswerSchema.safeParse(value);
  if (parsed.success) return { kind: 'answer', answer: parsed.data };
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return broken(`the answer misses the schema: ${cleanText(`${where}${issue?.message ?? ''}`, 200)}`);
}

/** What is left of a text without the thoughts and code fences that servers without JSON mode wrap around it. */
function jsonIn(text: string): string {
  const spoken = text.trim().replace(/^<think>[\s\S]*?<\/think>/, '');
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(spoken)?.[1]?.trim() ?? spoken.trim();
}

function broken(message: string): ParsedAnswer {
  return { kind: 'broken', failure: { code: 'broken-answer', message } };
}

/** An answer as a vote, its texts on one line each. */
export function opinionOf(voter: LlmAgent, answer: Answer): Opinion {
  return {
    kind: 'vote',
    voter,
    source: 'llm',
    action: answer.action,
    confidence: answer.confidence,
    thesis: cleanText(answer.thesis, 4_000),
    evidence: answer.evidence.map((item) => cleanText(item, 1_000)).filter((item) => item !== ''),
    invalidation: cleanText(answer.invalidation, 1_000),
    horizonBars: answer.horizonBars,
  };
}
