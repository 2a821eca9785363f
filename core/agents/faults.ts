import type { AbstentionCode, LlmFailure } from '../domain/index.ts';
import { type Complaint, readComplaint } from './complaint.ts';
import { cleanText } from './outside-text.ts';
import { NOT_CONNECTED } from './patient-fetch.ts';
import {
  type RawReply,
  ReplyShapeError,
  ReplyTooLongError,
  ServerRefusal,
  type WireReply,
} from './transport.ts';
import type { TokenUsage } from './usd-ledger.ts';

/** What went wrong with one request, and what may be done about it. */
export interface Fault extends LlmFailure {
  /** Whether the same request may well succeed a moment later. */
  readonly retryable: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number;
  /** Whether the server may have worked, and so charge, for it. */
  readonly processed: boolean;
  /** What an error says that it counted. */
  readonly usage?: TokenUsage;
  /** A 400: the server may not know something in how the request was put. */
  readonly putWrongly?: boolean;
}

/** Whom the fault is about, for messages that say what to do. */
export interface FaultContext {
  readonly baseUrl: string;
  readonly host: string;
  readonly model: string;
  readonly maxOutputTokens: number;
  /** UTC ms of the wall clock, to read a retry-after that is a date. */
  readonly now: number;
}

interface Rule {
  readonly code: AbstentionCode;
  readonly retryable: boolean;
  readonly processed: boolean;
  readonly says: (context: FaultContext) => string;
}

const rule = (
  code: AbstentionCode,
  flags: '' | 'retryable' | 'processed' | 'retryable processed',
  says: Rule['says'],
): Rule => {
  return { code, retryable: flags.includes('retryable'), processed: flags.includes('processed'), says };
};

const UNAUTHORISED = rule(
  'unauthorised',
  '',
  ({ host }) => `${host} refused the key: set llm.apiKey to one that it knows`,
);
const FORBIDDEN = rule(
  'unauthorised',
  '',
  ({ host }) =>
    `${host} does not let this key do that: check the account there, or set llm.apiKey to another`,
);
const UNPAID = rule('payment-required', '', ({ host }) => `${host} wants to be paid: add credit there`);
const NO_MODEL = rule(
  'model-not-found',
  '',
  ({ baseUrl, model }) =>
    `${baseUrl} knows no model ${model}: check llm.model, and llm.baseUrl (most end in /v1)`,
);
const REFUSED_REQUEST = rule('request-refused', '', ({ host }) => `${host} refused the request`);
const CONTEXT = rule(
  'request-refused',
  '',
  ({ model }) =>
    `the question is longer than ${model} can read: load it with a longer context, or take another model`,
);
const NO_MEMORY = rule(
  'request-refused',
  '',
  ({ host, model }) => `${host} has too little memory for ${model}: take a smaller one`,
);
const FILTERED = rule('refused', '', ({ host }) => `${host} filtered the question`);
const LIMITED = rule('rate-limited', 'retryable', ({ host }) => `${host} wants fewer requests`);
const OVERLOADED = rule('unavailable', 'retryable', ({ host }) => `${host} is overloaded`);
const SERVER_FAULT = rule('unavailable', 'retryable', ({ host }) => `${host} failed`);
const GAVE_UP = rule('unavailable', 'retryable processed', ({ host }) => `${host} gave up waiting`);
const ELSEWHERE = rule(
  'unavailable',
  '',
  ({ host }) => `${host} redirects to another address: set llm.baseUrl to that one`,
);
const PAGE = rule(
  'broken-answer',
  '',
  ({ host }) => `${host} answered something other than the API's JSON: check llm.baseUrl`,
);

const STATUS_RULES: Readonly<Record<number, Rule>> = {
  401: UNAUTHORISED,
  402: UNPAID,
  403: FORBIDDEN,
  404: NO_MODEL,
  408: GAVE_UP,
  409: rule('unavailable', 'retryable', ({ host }) => `${host} was busy with another request`),
  413: CONTEXT,
  425: OVERLOADED,
  429: LIMITED,
  503: OVERLOADED,
  504: GAVE_UP,
  520: SERVER_FAULT,
  524: GAVE_UP,
  529: OVERLOADED,
};

/**
 * What servers mean, by their codes and words: they differ in the status that they give it. The first that fits counts,
 * and only where the status is one of those.
 */
const MEANINGS: readonly (readonly [statuses: RegExp, words: RegExp, means: Rule])[] = [
  // A 429 also when the account is empty; waiting does not help then. DeepSeek, Anthropic and xAI say it elsewhere.
  [
    /^(400|403|429|5..)$/,
    /insufficient_quota|insufficient[ _](balance|credit|fund)|not enough credit|credit balance is too low|billing_hard_limit|billing_not_active|used all available credits|spending limit/,
    UNPAID,
  ],
  // Gemini's and xAI's wrong key is a 400.
  [
    /^(400|403|422|5..)$/,
    /api[ _]key not valid|(incorrect|invalid|wrong)[ _]api[ _]key|api_key_invalid|authentication_error|no auth credentials/,
    UNAUTHORISED,
  ],
  [
    /^(400|413|422|5..)$/,
    /context_length_exceeded|exceed_context_size|(maximum|available|model'?s) context|context (window|size|length|overflow)|prompt is too long|input token count.*exceeds|reduce the length|longer than the (model|context)/,
    CONTEXT,
  ],
  [
    /^(400|403|422)$/,
    /content_filter|content management policy|moderation|data_inspection_failed|blocked by.*safety/,
    FILTERED,
  ],
  [
    /^(400|422|5..)$/,
    /model_not_found|invalid_model|model_decommissioned|not a valid model|(no such|unknown|unsupported) model|model[^.]{0,120} (not found|does not exist|not exist|is not available|has been decommissioned)|no models? (is |are )?loaded|no endpoints found|unexpected endpoint/,
    NO_MODEL,
  ],
  [/^(400|5..)$/, /requires more (system|gpu)? ?memory|out of memory|insufficient memory/, NO_MEMORY],
  [/^(400|403|5..)$/, /rate[_ -]?limit|too many requests|resource_exhausted/, LIMITED],
  [
    /^(400|5..)$/,
    /overloaded|loading model|model is (still )?loading|server (is )?busy|at capacity|queue is full/,
    OVERLOADED,
  ],
];

/** The request surely never reached a server. */
const UNREACHED = new Set([
  NOT_CONNECTED,
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
]);
/** Nor was it sent where the two could not even agree to speak secretly. */
const UNTRUSTED = /^(EPROTO|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|UNABLE_TO_)/;

/** Reads what a transport rejected with. Never throws, whatever it is given. */
export function faultOf(error: unknown, context: FaultContext): Fault {
  const causes = chainOf(error);
  const { host } = context;
  if (causes.some((cause) => cause instanceof ReplyTooLongError)) {
    return broken(`the answer of ${host} was longer than any sound one`, false);
  }
  const refusal = causes.find((cause) => cause instanceof ServerRefusal);
  if (refusal !== undefined) return refusalFault(refusal.reply, refusal.usage, context);
  if (causes.some((cause) => cause instanceof ReplyShapeError || cause instanceof SyntaxError)) {
    return broken(PAGE.says(context), true);
  }
  const codes = causes.map((cause) => textIn(cause, 'code'));
  const code = codes.findLast((text) => text !== undefined && text !== '');
  if (codes.some((text) => text !== undefined && UNREACHED.has(text))) {
    const message = `${host} cannot be reached (${code}): check the network and llm.baseUrl`;
    return { code: 'unavailable', message, retryable: true, processed: false };
  }
  if (codes.some((text) => text !== undefined && UNTRUSTED.test(text))) {
    const message = `no secure connection to ${host} (${code}): check llm.baseUrl, its certificate, and http or https`;
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
      if (reply.text.trim() !== '' || reply.thought !== true) return undefined;
      return broken('the answer is nothing but thoughts', true);
    case 'content-filter':
      return {
        code: 'refused',
        message: `${context.host} filtered the answer`,
        retryable: false,
        processed: true,
      };
    case 'length':
      return broken(cutMessage(reply, context), false);
  }
}

/** Cut by our own limit, or, well before it, by the end of the model's context. */
function cutMessage({ usage }: WireReply, { model, maxOutputTokens }: FaultContext): string {
  if (usage === undefined || usage.outputTokens === 0 || usage.outputTokens >= maxOutputTokens * 0.95) {
    return 'the answer was cut off: raise llm.maxOutputTokens';
  }
  return `the answer was cut off after ${usage.outputTokens} tokens, as the context of ${model} was full: load it with a longer one`;
}

/** A reply that is there but cannot be used. */
export function broken(message: string, retryable: boolean): Fault {
  return { code: 'broken-answer', message, retryable, processed: true };
}

function refusalFault(reply: RawReply, usage: TokenUsage | undefined, context: FaultContext): Fault {
  const complaint = readComplaint(reply, context.now);
  const found = ruleFor(complaint, reply.status);
  const { status, retryAfterMs } = complaint;
  const words = found === UNAUTHORISED ? '' : cleanText(complaint.words, 200);
  return {
    code: found.code,
    message: `${found.says(context)} (${status}${words === '' ? '' : `: ${words}`})`,
    retryable: found.retryable,
    processed: found.processed || (found !== PAGE && mayHaveWorked(complaint)),
    ...(usage === undefined ? {} : { usage }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(found === REFUSED_REQUEST && (status === 400 || status === 422) ? { putWrongly: true } : {}),
  };
}

function ruleFor({ status, words, codes, shape }: Complaint, httpStatus: number): Rule {
  if (shape === 'page' && httpStatus < 300) return PAGE;
  const said = `${codes} ${words}`.toLowerCase();
  const meant = MEANINGS.find(([statuses, sign]) => statuses.test(String(status)) && sign.test(said));
  if (meant !== undefined) return meant[2];
  if (status >= 300 && status < 400) return ELSEWHERE;
  return STATUS_RULES[status] ?? (status >= 500 ? SERVER_FAULT : REFUSED_REQUEST);
}

/** An API's own error is charged by nobody; behind a gateway's page of a failure somebody may have worked. */
function mayHaveWorked({ status, shape }: Complaint): boolean {
  return shape !== 'api' && (status === 500 || status === 502 || status >= 520) && status !== 529;
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
