import { z } from 'zod';
import { ACTIONS } from '../contract/index.ts';
import type { LlmAgent, LlmFailure, Opinion } from '../domain/index.ts';
import { type FoundObject, isRecord, looseJson, objectsIn } from './loose-json.ts';
import { cleanText, isLegible } from './outside-text.ts';
import { spokenText } from './spoken-text.ts';

/** A longer answer is no answer to the question asked. */
const ANSWER_LIMIT_BYTES = 20_000;

const words = (limit: number) =>
  z.string().trim().min(1).max(limit).refine(isLegible, 'holds no letter that can be seen');

const AnswerSchema = z.strictObject({
  action: z.enum(ACTIONS),
  confidence: z.number().min(0).max(1),
  thesis: words(4_000),
  evidence: z.array(z.string().max(1_000)).max(20),
  invalidation: words(1_000),
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

/**
 * The one reader of models' texts. Exactly one object in it that fits the whole schema is the answer; none, or two that
 * differ, are broken. How it is written may vary (words around it, fences, thoughts, a number in quotes, the case of a
 * key); what it says is never guessed: a missing, doubled or unknown key and a value out of range are broken.
 */
export function parseAnswer(text: string): ParsedAnswer {
  if (Buffer.byteLength(text) > ANSWER_LIMIT_BYTES) {
    return broken(`the answer is longer than ${ANSWER_LIMIT_BYTES / 1_000} kB`);
  }
  const spoken = spokenText(text);
  if (spoken === '') {
    return broken(text.trim() === '' ? 'the answer is empty' : 'the answer is nothing but thoughts');
  }
  const read = objectsIn(spoken).map(readAnswer);
  const answers = new Map(
    read.flatMap((one) => (typeof one === 'string' ? [] : [[JSON.stringify(one), one]])),
  );
  const [answer, ...others] = answers.values();
  if (answer !== undefined && others.length === 0) return { kind: 'answer', answer };
  if (answer !== undefined) return broken(`the answer holds ${answers.size} answers that differ`);
  const wrong = read.find((one) => typeof one === 'string');
  if (wrong !== undefined) return broken(`the answer misses the schema: ${cleanText(wrong, 200)}`);
  if (isRefusal(spoken)) {
    return {
      kind: 'broken',
      failure: { code: 'refused', message: `the model refused: ${cleanText(spoken, 200)}` },
    };
  }
  return broken(`the answer is not JSON: ${cleanText(spoken, 60)}`);
}

/** An object as an answer, or what is wrong with it. */
function readAnswer({ value, repeatedKey }: FoundObject): Answer | string {
  if (repeatedKey !== null) return `${repeatedKey} is there twice`;
  const named = withOwnNames(unwrapped(value));
  if (typeof named === 'string') return named;
  const parsed = AnswerSchema.safeParse(Object.fromEntries(named));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
  return `${where}${issue?.message ?? ''}`;
}

/** Names that models give to the object around their answer, calls of a tool included. */
const WRAPPERS = [
  'answer',
  'case',
  'response',
  'result',
  'output',
  'function',
  'arguments',
  'parameters',
  'input',
];
/** What a call of a tool says besides. */
const LABELS = new Set(['name', 'type', 'id', 'tool', 'index']);

/** The answer inside an object that holds nothing else. */
function unwrapped(value: Readonly<Record<string, unknown>>, depth = 0): Readonly<Record<string, unknown>> {
  const [key, ...others] = Object.keys(value).filter((name) => !LABELS.has(name));
  if (key === undefined || others.length > 0 || !WRAPPERS.includes(key) || depth > 2) return value;
  const held = value[key];
  const inner = typeof held === 'string' ? looseJson(held) : held;
  return isRecord(inner) ? unwrapped(inner, depth + 1) : value;
}

type Field = keyof Answer;
const FIELDS = new Map(
  (Object.keys(AnswerSchema.shape) as Field[]).map((name) => [plain(name), name] as const),
);
/** Keys in which models think aloud, although nobody asked: no part of the answer. */
const THOUGHT_KEYS = new Set([
  'reasoning',
  'thought',
  'thoughts',
  'thinking',
  'analysis',
  'rationale',
  'explanation',
]);

/** The entries under the schema's own names, each value as the schema writes it; or which key is there twice. */
function withOwnNames(value: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> | string {
  const named = new Map<string, unknown>();
  for (const [key, held] of Object.entries(value)) {
    const field = FIELDS.get(plain(key));
    if (field === undefined && THOUGHT_KEYS.has(plain(key))) continue;
    const name = field ?? key;
    if (named.has(name)) return `${name} is there twice`;
    named.set(name, field === undefined ? held : READERS[field](held));
  }
  return named;
}

/** `horizon_bars`, `Horizon Bars` and `horizonBars` are one name. */
function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

const READERS: Readonly<Record<Field, (value: unknown) => unknown>> = {
  action: (value) => (typeof value === 'string' ? value.trim().toUpperCase() : value),
  confidence: (value) => {
    const [, share] = typeof value === 'string' ? (/^\s*(\d{1,3}(?:\.\d+)?)\s*%\s*$/.exec(value) ?? []) : [];
    return share === undefined ? numberOf(value) : Number(share) / 100;
  },
  thesis: textOf,
  evidence: (value) => {
    if (value === null) return [];
    return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).map(factOf);
  },
  invalidation: textOf,
  horizonBars: numberOf,
};

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
}

function textOf(value: unknown): unknown {
  const parts = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return parts.length > 0 && parts.every((part) => typeof part === 'string') ? parts.join(' ') : value;
}

/** A fact as one text, also where it came as a name and a value. */
function factOf(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (!isRecord(value)) return value;
  const parts = Object.values(value);
  const flat = parts.every((part) => typeof part === 'string' || typeof part === 'number');
  return flat && parts.length > 0 ? parts.join(' ') : value;
}

/** Models that may not advise say so in prose, whatever shape was asked for; the same question gets the same words. */
function isRefusal(spoken: string): boolean {
  return /^["'\s]*(i['’]?m (very )?sorry|i am (very )?sorry|sorry, |i (can['’]?t|cannot|am unable|['’]m unable|won['’]?t) )/i.test(
    spoken,
  );
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
