import type { LlmParameters } from '../domain/index.ts';
import { isComplaint, pageTitle } from './complaint.ts';
import { isRecord } from './loose-json.ts';
import { type RawReply, ReplyShapeError, ServerRefusal, type WireReply } from './transport.ts';
import type { TokenUsage } from './usd-ledger.ts';

type Body = Readonly<Record<string, unknown>>;

/**
 * The one reader of what servers answer with a 200.
 *
 * @throws ServerRefusal when it is an error all the same; ReplyShapeError when it is nothing that the API knows.
 */
export function readWireReply(api: LlmParameters['api'], reply: RawReply): WireReply {
  if (pageTitle(reply.body) !== undefined) throw new ServerRefusal(reply);
  const body = bodyOf(reply.body);
  if (isComplaint(body)) throw new ServerRefusal(reply, usageIn(body));
  if (!isRecord(body)) throw new ReplyShapeError('not an object');
  return api === 'chat' ? chatReply(body, reply) : responsesReply(body, reply);
}

function bodyOf(text: string): unknown {
  // Some servers stream whatever they are asked.
  if (/^\s*(data|event):/.test(text)) return joinedStream(text);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new ReplyShapeError('not JSON', { cause: error });
    throw error;
  }
}

function chatReply(body: Body, raw: RawReply): WireReply {
  const choice = firstOf(body['choices']);
  if (choice === undefined) throw new ReplyShapeError('not a chat completion');
  const usage = usageIn(body);
  const finish = textIn(choice, 'finish_reason') ?? textIn(choice, 'stop_reason') ?? '';
  if (isRecord(choice['error']) || finish === 'error') {
    throw new ServerRefusal({ ...raw, body: JSON.stringify({ error: choice['error'] ?? finish }) }, usage);
  }
  if (finish === 'insufficient_system_resource') {
    const error = { code: 503, message: 'the server ran out of resources' };
    throw new ServerRefusal({ ...raw, body: JSON.stringify({ error }) }, usage);
  }
  const message = isRecord(choice['message']) ? choice['message'] : undefined;
  if (message === undefined && typeof choice['text'] !== 'string') {
    throw new ReplyShapeError('a choice without a message');
  }
  const said = message === undefined ? textOf(choice['text']) : textOf(message['content']);
  const thought =
    message !== undefined && (isThere(message['reasoning_content']) || isThere(message['reasoning']));
  return {
    text: said.trim() === '' && message !== undefined ? toolArguments(message) : said,
    end: endOf(finish),
    refusal: message === undefined ? null : (textIn(message, 'refusal') ?? null),
    usage,
    ...(thought ? { thought } : {}),
  };
}

function responsesReply(body: Body, raw: RawReply): WireReply {
  if (!Array.isArray(body['output'])) throw new ReplyShapeError('not a response');
  const usage = usageIn(body);
  const status = textIn(body, 'status');
  if (status === 'failed' || isRecord(body['error'])) {
    const error = isRecord(body['error']) ? body['error'] : { message: 'the response failed' };
    throw new ServerRefusal({ ...raw, body: JSON.stringify({ error }) }, usage);
  }
  const items = (body['output'] as readonly unknown[]).filter(isRecord);
  const parts = items.flatMap(({ content }) =>
    Array.isArray(content) ? (content as readonly unknown[]) : [],
  );
  const refusal = parts.filter(isRecord).find(({ type }) => type === 'refusal');
  const incomplete = isRecord(body['incomplete_details']) ? body['incomplete_details'] : {};
  const calls = items.filter(({ type }) => type === 'function_call');
  const said = textOf(parts);
  return {
    text: said === '' ? argumentsOf(calls) : said,
    end: status === 'incomplete' ? endOf(textIn(incomplete, 'reason') ?? 'length') : 'complete',
    refusal: refusal === undefined ? null : (textIn(refusal, 'refusal') ?? 'no reason was given'),
    usage,
    ...(items.some(({ type }) => type === 'reasoning') ? { thought: true } : {}),
  };
}

/** The text of a message: as it is, or of its parts those that are spoken. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (isRecord(content)) return textOf([content]);
  if (!Array.isArray(content)) return '';
  return (content as readonly unknown[])
    .map((part) => {
      if (typeof part === 'string') return part;
      if (!isRecord(part)) return '';
      const type = textIn(part, 'type') ?? 'text';
      if (type === 'tool_use') return argumentsText(part['input']);
      return type === 'text' || type === 'output_text' ? (textIn(part, 'text') ?? '') : '';
    })
    .join('');
}

/** What a model hands to a tool that nobody offered it: some put every JSON answer there. */
function toolArguments(message: Body): string {
  const calls = Array.isArray(message['tool_calls']) ? (message['tool_calls'] as readonly unknown[]) : [];
  const asked = calls.filter(isRecord).map((call) => call['function'] ?? call);
  return argumentsOf((asked.length === 0 ? [message['function_call']] : asked).filter(isRecord));
}

/** Of all calls: which of two that differ was meant nobody knows. */
function argumentsOf(calls: readonly Body[]): string {
  return calls.map((call) => argumentsText(call['arguments'])).join('\n');
}

function argumentsText(given: unknown): string {
  if (typeof given === 'string') return given;
  return isRecord(given) ? JSON.stringify(given) : '';
}

const CUT = /^(length|max_tokens|max_output_tokens|model_length|max_length|token_limit)$/i;
const FILTERED = /^(content_filter|safety|refusal|recitation|prohibited_content|blocklist|sensitive)$/i;

function endOf(reason: string): WireReply['end'] {
  if (CUT.test(reason)) return 'length';
  return FILTERED.test(reason) ? 'content-filter' : 'complete';
}

/**
 * The tokens that a server states; undefined where it states none, or what no count can be. Some leave thoughts out of
 * what they call output: the total has them.
 */
function usageIn(body: unknown): TokenUsage | undefined {
  const usage = isRecord(body) ? body['usage'] : undefined;
  if (!isRecord(usage)) return undefined;
  const inputTokens = count(usage['prompt_tokens'] ?? usage['input_tokens']);
  const output = count(usage['completion_tokens'] ?? usage['output_tokens']);
  if (inputTokens === undefined || output === undefined) return undefined;
  const total = count(usage['total_tokens']) ?? 0;
  return { inputTokens, outputTokens: Math.max(output, total - inputTokens) };
}

function count(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** The pieces of a stream as the one completion that was asked for. */
function joinedStream(text: string): unknown {
  const pieces = text
    .split('\n')
    .flatMap((line) => /^\s*data:\s*(\{.*\})\s*$/.exec(line)?.[1] ?? [])
    .map((json) => bodyOf(json))
    .filter(isRecord);
  const complaint = pieces.find((piece) => isComplaint(piece));
  if (complaint !== undefined) return complaint;
  const choices = pieces.map((piece) => firstOf(piece['choices'])).filter(isRecord);
  const content = choices.map(({ delta }) => (isRecord(delta) ? textOf(delta['content']) : '')).join('');
  const finish = choices.map((choice) => textIn(choice, 'finish_reason')).findLast(isThere);
  // A stream without its end was cut.
  if (finish === undefined) return undefined;
  const usage = pieces.map((piece) => piece['usage']).findLast(isRecord);
  return { choices: [{ message: { content }, finish_reason: finish }], usage };
}

function firstOf(list: unknown): Body | undefined {
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isRecord(first) ? first : undefined;
}

function textIn(body: Body, name: string): string | undefined {
  const text = body[name];
  return typeof text === 'string' ? text : undefined;
}

function isThere(value: unknown): boolean {
  return value !== null && value !== undefined && value !== '';
}
