import type { AbstentionCode, LlmFailure } from '../domain/index.ts';
import { cleanText } from './outside-text.ts';
import { ReplyShapeError, ReplyTooLongError, type WireReply } from './transport.ts';

/** What went wrong with one request, and what may be done about it. */
export interface Fault extends LlmFailure {
  /** Whether the same request may well succeed a moment later. */
  readonly retryable: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number;
  /** Whether the server may have worked, and so charge, for it. */
  readonly processed: boolean;
  /** A 400: the server may not know something in how the request was put. */
  readonly putWrongly?: boolean;
}

/** Whom the fault is about, for messages that say what to do. */
export interface FaultContext {
  readonly baseUrl: string;
  readonly host: string;
  readonly model: string;
  /** UTC ms of the wall clock, to read a retry-after that is a date. */
  readonly now: number;
}

interface StatusRule {
  readonly code: AbstentionCode;
  readonly retryable: boolean;
  readonly processed: boolean;
  readonly says: (context: FaultContext) => string;
}

const rule = (
  code: AbstentionCode,
  flags: '' | 'retryable' | 'processed' | 'retryable processed',
  says: StatusRule['says'],
): StatusRule => {
  return { code, retryable: flags.includes('retryable'), processed: flags.includes('processed'), says };
};

const UNAUTHORISED = rule(
  'unauthorised',
  '',
  ({ host }) => `${host} refused the key: set llm.apiKey to one that it knows`,
);
const REFUSED_REQUEST = rule('request-refused', '', ({ host }) => `${host} refused the request`);
const OVERLOADED = rule('unavailable', 'retryable', ({ host }) => `${host} is overloaded`);
const SERVER_FAULT = rule('unavailable', 'retryable processed', ({ host }) => `${host} failed`);

const STATUS_RULES: Readonly<Record<number, StatusRule>> = {
  401: UNAUTHORISED,
  402: rule('payment-required', '', ({ host }) => `${host} wants to be paid: add credit there`),
  403: UNAUTHORISED,
  404: rule(
    'model-not-found',
    '',
    ({ baseUrl, model }) =>
      `${baseUrl} knows no model ${model}: check llm.model, and llm.baseUrl (most end in /v1)`,
  ),
  408: rule('unavailable', 'retryable processed', ({ host }) => `${host} gave up waiting`),
  409: rule('unavailable', 'retryable', ({ host }) => `${host} was busy with another request`),
  429: rule('rate-limited', 'retryable', ({ host }) => `${host} wants fewer requests`),
  503: OVERLOADED,
  529: OVERLOADED,
};
/** OpenAI says 429 also when the account is empty; waiting does not help then. */
const OUT_OF_CREDIT = 'insufficient_quota';

/** The request surely never reached a server. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Reads what a transport rejected with. Never throws, whatever it is given. */
export function faultOf(error: unknown, context: FaultContext): Fault {
  const causes = chainOf(error);
  const { host } = context;
  if (causes.some((cause) => cause instanceof ReplyTooLongError)) {
    return broken(`the answer of ${host} was longer than any sound one`, false);
  }
  if (causes.some((cause) => cause instanceof ReplyShapeError || cause instanceof SyntaxError)) {
    return broken(`${host} answered something other than the API's JSON: check llm.baseUrl`, true);
  }
  const status = numberIn(error, 'status');
  if (status !== undefined) return statusFault(status, error, context);
  const codes = causes.map((cause) => textIn(cause, 'code'));
  const code = codes.findLast((text) => text !== undefined && text !== '');
  if (codes.some((text) => text !== undefined && UNREACHED.has(text))) {
    const message = `${host} cannot be reached (${code}): check the network and llm.baseUrl`;
    return { code: 'unavailable', message, retryable: true, processed: false };
  }
  const redirected = causes.some((cause) => cause instanceof Error && /redirect/.test(cause.message));
  if (redirected) {
    const message = `${host} redirects to another address: set llm.baseUrl to that one`;
    return { code: 'unavailable', message, retryable: false, processed: false };
  }
  const detail = cleanText(code ?? 'closed', 60);
  const message = `the connection to ${host} broke before the answer was complete (${detail})`;
  return { code: 'unavailable', message, retryable: true, processed: true };
}

/** What is wrong with a reply before its text is read; undefined when nothing is. */
export function faultIn(reply: WireReply, context: FaultContext): Fault | undefined {
  if (reply.refusal !== null) {
    const message = `the model refused: ${cleanText(reply.refusal, 200)}`;
    return { code: 'refused', message, retryable: false, processed: true };
  }
  switch (reply.end) {
    case 'complete':
      return undefined;
    case 'content-filter':
      return {
        code: 'refused',
        message: `${context.host} filtered the answer`,
        retryable: false,
        processed: true,
      };
    case 'length':
      return broken('the answer was cut off: raise llm.maxOutputTokens', false);
  }
}

/** A reply that is there but cannot be used. */
export function broken(message: string, retryable: boolean): Fault {
  return { code: 'broken-answer', message, retryable, processed: true };
}

function statusFault(status: number, error: unknown, context: FaultContext): Fault {
  const known = STATUS_RULES[status] ?? (status >= 500 ? SERVER_FAULT : REFUSED_REQUEST);
  const noCredit = status === 429 && [textIn(error, 'code'), textIn(error, 'type')].includes(OUT_OF_CREDIT);
  const found = noCredit ? (STATUS_RULES[402] ?? known) : known;
  const words = found.code === 'unauthorised' ? '' : serverWords(error);
  const retryAfterMs = retryAfterOf(error, context.now);
  return {
    code: found.code,
    message: `${found.says(context)} (${status}${words === '' ? '' : `: ${words}`})`,
    retryable: found.retryable,
    processed: found.processed,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === 400 || status === 422 ? { putWrongly: true } : {}),
  };
}

/** What the server said, as one short line. Of a refused key it is not repeated: it may hold part of the key. */
function serverWords(error: unknown): string {
  const body = property(error, 'error');
  const message = textIn(body, 'message') ?? (typeof body === 'string' ? body : '');
  return cleanText(message, 200);
}

function retryAfterOf(error: unknown, now: number): number | undefined {
  const headers = property(error, 'headers');
  if (!(headers instanceof Headers)) return undefined;
  const milliseconds = Number(headers.get('retry-after-ms') ?? Number.NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const seconds = Number(text);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(text) - now;
  return Number.isFinite(wait) ? Math.max(0, wait) : undefined;
}

function chainOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let link = error;
  while (link !== undefined && link !== null && chain.length < 8) {
    chain.push(link);
    link = property(link, 'cause');
  }
  return chain;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const found = property(value, name);
  return typeof found === 'string' ? found : undefined;
}

function numberIn(value: unknown, name: string): number | undefined {
  const found = property(value, name);
  return typeof found === 'number' ? found : undefined;
}
