import { type LlmProvider, providerOf } from '../contract/index.ts';
import type { Clock, LlmFailure, LlmParameters, Random, Timers } from '../domain/index.ts';
import { ANSWER_JSON_SCHEMA, type Answer, parseAnswer } from './answer.ts';
import { hostOf, isLocalEndpoint } from './endpoint.ts';
import { broken, type Fault, type FaultContext, faultIn, faultOf } from './faults.ts';
import { LineRest } from './line-rest.ts';
import { cleanText, withoutSecret } from './outside-text.ts';
import { type Limited, withinTime } from './time-limit.ts';
import {
  ANSWER_FORMATS,
  type AnswerFormat,
  type Endpoint,
  type OpenTransport,
  type Transport,
  type WireReply,
  type WireRequest,
} from './transport.ts';
import type { Charge, Reservation, TokenUsage, UsdLedger } from './usd-ledger.ts';

/** What calls need from outside. */
export interface CallParts {
  readonly ledger: UsdLedger;
  /** The wall's. */
  readonly clock: Clock;
  readonly timers: Timers;
  /** For the jitter of waits only: of its own, so that it disturbs nobody's sequence. */
  readonly random: Random;
  readonly openTransport: OpenTransport;
}

export interface ClientOptions extends CallParts {
  readonly endpoint: Endpoint;
  readonly model: string;
}

export interface CompletionRequest {
  readonly system: string;
  readonly user: string;
  readonly parameters: LlmParameters;
}

export interface CallLimits {
  /** For the call with its retries. */
  readonly withinMs: number;
  readonly stop: AbortSignal;
}

/** How a call ended: with an answer, or with a failure; either with what it took. */
export interface Completion {
  readonly answer: Answer | null;
  readonly failure: LlmFailure | null;
  /** What the model said; of a broken answer its beginning; null when nothing came. */
  readonly text: string | null;
  readonly usage: TokenUsage;
  readonly costUsd: number;
  readonly latencyMs: number;
  readonly attempts: number;
  /** Attempts that were charged at their worst case, as the server said no tokens, or none that can be. */
  readonly uncounted: number;
}

const MAX_RETRIES = 2;
const FIRST_BACKOFF_MS = 500;
/** Ways to put a request that a server may not know: three formats, two names of the output limit, thinking. */
const MAX_REPHRASINGS = 4;
const BROKEN_TEXT_SHOWN = 2_000;

/** How a server wants to be asked; learnt from its refusals. */
interface Manner {
  readonly format: AnswerFormat;
  readonly newTokenLimitName: boolean;
  /** Whether the server knows how thinking is switched off. */
  readonly knowsThinking: boolean;
}

/** One request's outcome. */
type Attempt =
  | { readonly kind: 'answer'; readonly answer: Answer; readonly text: string }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly text: string | null };

/**
 * Asks one model at one endpoint. Retries where that can help, within the time and the budget; then gives up with a
 * typed failure. Never throws over what a server does.
 */
export class LlmClient {
  readonly model: string;
  readonly host: string;
  readonly #options: ClientOptions;
  readonly #local: boolean;
  readonly #provider: LlmProvider | undefined;
  readonly #rest = new LineRest();
  #manner: Manner;
  #transport: Transport | undefined;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.model = options.model;
    this.host = hostOf(options.endpoint.baseUrl);
    this.#local = isLocalEndpoint(options.endpoint.baseUrl);
    this.#provider = providerOf(options.endpoint.baseUrl);
    // Most compatible servers know the schema, and only the old name.
    this.#manner = {
      format: this.#provider?.jsonMode ?? 'json_schema',
      newTokenLimitName: this.#provider?.tokenField === 'max_completion_tokens',
      knowsThinking: true,
    };
  }

  async complete(request: CompletionRequest, limits: CallLimits): Promise<Completion> {
    const call = new Call(this.#options.timers, limits.withinMs);
    const refusal = this.#refusal();
    if (refusal !== undefined) return call.failed(refusal, null);
    const completion = await this.#tryUntilOver(request, limits, call);
    this.#rest.note(completion.failure, this.#options.timers.monotonicMs());
    return completion;
  }

  async #tryUntilOver(request: CompletionRequest, limits: CallLimits, call: Call): Promise<Completion> {
    let manner = this.#manner;
    let rephrasings = 0;
    for (let retries = 0; ; ) {
      const money = this.#reserve(request);
      if (money.kind === 'refused') return call.failed(call.lastFailure ?? money.failure, null);
      const attempt = await this.#attempt(request, manner, limits, call, money.reservation);
      if (attempt.kind === 'answer') return call.answered(attempt.answer, attempt.text);
      const fault = this.#withoutSecret(attempt.fault);
      call.lastFailure = { code: fault.code, message: fault.message };
      const other = fault.putWrongly ? nextManner(manner, fault.message, request) : undefined;
      if (other !== undefined && rephrasings < MAX_REPHRASINGS) {
        rephrasings += 1;
        manner = other;
        continue;
      }
      if (!fault.retryable || retries === MAX_RETRIES) return call.failed(call.lastFailure, attempt.text);
      const waitMs = fault.retryAfterMs ?? this.#backoffMs(retries);
      // Waiting for longer than there is time would only be late.
      if (waitMs >= call.remainingMs()) return call.failed(call.lastFailure, attempt.text);
      retries += 1;
      await this.#options.timers.wait(waitMs, limits.stop);
    }
  }

  /** Sends once, and settles or gives back the money whatever happens. */
  async #attempt(
    request: CompletionRequest,
    manner: Manner,
    { stop }: CallLimits,
    call: Call,
    reservation: Reservation,
  ): Promise<Attempt> {
    if (stop.aborted) {
      reservation.release();
      return faulty(STOPPED);
    }
    call.attempts += 1;
    const { endpoint, openTransport, timers } = this.#options;
    const sent = await withinTime(timers, call.remainingMs(), stop, async (signal) => {
      this.#transport ??= openTransport(endpoint);
      return this.#transport({ model: this.model, ...request, ...this.#wayOf(manner, request) }, signal);
    });
    const fault = this.#faultOf(sent, request);
    if (sent.kind !== 'done') {
      // An error is charged what it counts; one that counts nothing only where somebody may have worked unseen.
      if (fault.processed || fault.usage !== undefined) call.pay(reservation.settle(fault.usage));
      else reservation.release();
      return faulty(fault);
    }
    call.pay(reservation.settle(sent.value.usage));
    // Whatever the answer's worth: the server takes requests put like this.
    this.#manner = manner;
    return this.#read(sent.value, request);
  }

  #wayOf(
    manner: Manner,
    { parameters }: CompletionRequest,
  ): Pick<WireRequest, 'format' | 'newTokenLimitName' | 'more'> {
    const { format, newTokenLimitName, knowsThinking } = manner;
    const off = parameters.thinking === 'off' && parameters.api === 'chat' && knowsThinking;
    const more = off ? this.#provider?.thinkingOff : undefined;
    return { format, newTokenLimitName, ...(more ? { more } : {}) };
  }

  #read(reply: WireReply, request: CompletionRequest): Attempt {
    // Gone from the body as it came, the key may still have been written in the signs of JSON.
    const text = withoutSecret(reply.text, this.#options.endpoint.secret());
    const fault = faultIn(reply, this.#context(request));
    const shown = cleanText(text, BROKEN_TEXT_SHOWN);
    if (fault !== undefined) return faulty(fault, shown);
    const parsed = parseAnswer(text);
    if (parsed.kind === 'answer') return { kind: 'answer', answer: parsed.answer, text };
    const { code, message } = parsed.failure;
    if (code === 'refused') return faulty({ code, message, retryable: false, processed: true }, shown);
    // An answer far too long would only come again, and be paid again.
    return faulty(broken(message, text.length <= BROKEN_TEXT_SHOWN * 10), shown);
  }

  #faultOf(sent: Limited<WireReply>, request: CompletionRequest): Fault {
    switch (sent.kind) {
      case 'timeout': {
        const message = `${this.host} did not answer in time: raise llm.timeoutMs, or take a faster model`;
        return { code: 'timeout', message, retryable: false, processed: true };
      }
      case 'stopped':
        return { ...STOPPED, processed: true };
      case 'failed':
        return faultOf(sent.error, this.#context(request));
      case 'done':
        return NO_FAULT;
    }
  }

  #reserve({ system, user, parameters }: CompletionRequest) {
    return this.#options.ledger.reserve({
      model: this.model,
      local: this.#local,
      inputBytes: Buffer.byteLength(system) + Buffer.byteLength(user) + SCHEMA_BYTES,
      maxOutputTokens: parameters.maxOutputTokens,
    });
  }

  /** Why it is of no use to ask: no key for a server that surely wants one, or a line that rests. */
  #refusal(): LlmFailure | undefined {
    const secret = this.#options.endpoint.secret();
    if (secret === undefined && !this.#local) {
      return { code: 'unauthorised', message: `no key for ${this.host} is known: set llm.apiKey` };
    }
    // Such a key fits in no header, and the complaint about it would repeat it.
    if (secret !== undefined && !/^[\x21-\x7e]+$/.test(secret)) {
      const message = `the key for ${this.host} holds spaces or signs that no key has: set llm.apiKey again`;
      return { code: 'unauthorised', message };
    }
    return this.#rest.refusal(this.#options.timers.monotonicMs());
  }

  /** Exponential, with jitter of half to the whole, so that agents that failed together do not return together. */
  #backoffMs(retries: number): number {
    return FIRST_BACKOFF_MS * 2 ** retries * (0.5 + this.#options.random.next() / 2);
  }

  /** Servers may repeat the key that they were sent. */
  #withoutSecret(fault: Fault): Fault {
    return { ...fault, message: withoutSecret(fault.message, this.#options.endpoint.secret()) };
  }

  #context({ parameters }: CompletionRequest): FaultContext {
    const { endpoint, clock } = this.#options;
    const { maxOutputTokens } = parameters;
    return {
      baseUrl: endpoint.baseUrl,
      host: this.host,
      model: this.model,
      maxOutputTokens,
      now: clock.now(),
    };
  }
}

/** The running account of one call. */
class Call {
  attempts = 0;
  lastFailure: LlmFailure | undefined;
  readonly #timers: Timers;
  readonly #started: number;
  readonly #withinMs: number;
  #costUsd = 0;
  #inputTokens = 0;
  #outputTokens = 0;
  #uncounted = 0;

  constructor(timers: Timers, withinMs: number) {
    this.#timers = timers;
    this.#withinMs = withinMs;
    this.#started = timers.monotonicMs();
  }

  remainingMs(): number {
    return Math.max(0, this.#withinMs - (this.#timers.monotonicMs() - this.#started));
  }

  pay({ costUsd, usage }: Charge): void {
    this.#costUsd += costUsd;
    this.#inputTokens += usage?.inputTokens ?? 0;
    this.#outputTokens += usage?.outputTokens ?? 0;
    if (usage === undefined) this.#uncounted += 1;
  }

  answered(answer: Answer, text: string): Completion {
    return { answer, failure: null, text, ...this.#account() };
  }

  failed(failure: LlmFailure, text: string | null): Completion {
    return { answer: null, failure, text, ...this.#account() };
  }

  #account() {
    return {
      usage: { inputTokens: this.#inputTokens, outputTokens: this.#outputTokens },
      // Sums of millionths, freed of what adding floats leaves behind.
      costUsd: Math.round(this.#costUsd * 1e6) / 1e6,
      latencyMs: this.#timers.monotonicMs() - this.#started,
      attempts: this.attempts,
      uncounted: this.#uncounted,
    };
  }
}

const SCHEMA_BYTES = Buffer.byteLength(JSON.stringify(ANSWER_JSON_SCHEMA));
const STOPPED: Fault = {
  code: 'failed',
  message: 'stopped before the answer came',
  retryable: false,
  processed: false,
};
const NO_FAULT: Fault = { code: 'failed', message: 'no fault', retryable: false, processed: true };

function faulty(fault: Fault, text: string | null = null): Attempt {
  return { kind: 'fault', fault, text };
}

/** How servers call what switches thinking off, when they do not know it, or the model does not. */
const THINKING_WORDS = /reasoning|thinking|chat_template_kwargs/i;

/** Another way to put a request that a server refused; undefined when there is none left. */
function nextManner(manner: Manner, words: string, { parameters }: CompletionRequest): Manner | undefined {
  const unknown = manner.newTokenLimitName ? 'max_completion_tokens' : 'max_tokens';
  // Both names stand in OpenAI's advice to use the other; the one we sent stands there in any case.
  if (parameters.api === 'chat' && new RegExp(`\\b${unknown}\\b`).test(words)) {
    return { ...manner, newTokenLimitName: !manner.newTokenLimitName };
  }
  if (manner.knowsThinking && parameters.thinking === 'off' && THINKING_WORDS.test(words)) {
    return { ...manner, knowsThinking: false };
  }
  const format = ANSWER_FORMATS[ANSWER_FORMATS.indexOf(manner.format) + 1];
  return format === undefined ? undefined : { ...manner, format };
}
