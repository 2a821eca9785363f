import type { LlmParameters } from '../domain/index.ts';
import type { TokenUsage } from './usd-ledger.ts';

/** How the answer's shape is asked for, from strict to not at all. Local servers know some of them. */
export const ANSWER_FORMATS = ['json_schema', 'json_object', 'text'] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

/** One request to a server. */
export interface WireRequest {
  readonly model: string;
  readonly parameters: LlmParameters;
  readonly system: string;
  readonly user: string;
  readonly format: AnswerFormat;
  /** Chat Completions: the newer name of the output limit, which some servers insist on and others do not know. */
  readonly newTokenLimitName: boolean;
  /** What its server is told besides, to switch thinking off. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** What a server answered, whatever its API. */
export interface WireReply {
  readonly text: string;
  readonly end: 'complete' | 'length' | 'content-filter';
  /** The model's own words when it refuses. */
  readonly refusal: string | null;
  /** Undefined when the server did not say, or said what cannot be. */
  readonly usage: TokenUsage | undefined;
  /** Whether thoughts came beside the text. */
  readonly thought?: boolean;
}

/** Sends a request once. Rejects with whatever went wrong; `faultOf` reads it. */
export type Transport = (request: WireRequest, signal: AbortSignal) => Promise<WireReply>;

export interface Endpoint {
  readonly baseUrl: string;
  /** The key, asked for at each request and kept nowhere; undefined when there is none. */
  readonly secret: () => string | undefined;
}

/** Opens a transport; called at the first request, never before. */
export type OpenTransport = (endpoint: Endpoint) => Transport;

/** A server's answer as it came. The key is not in it any more. */
export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A server that answered with an error: by its status, or inside a 200. */
export class ServerRefusal extends Error {
  override readonly name = 'ServerRefusal';
  readonly reply: RawReply;
  /** What it counted all the same. */
  readonly usage: TokenUsage | undefined;

  constructor(reply: RawReply, usage?: TokenUsage) {
    super(`the server answered ${reply.status}`);
    this.reply = reply;
    this.usage = usage;
  }
}

/** A server's answer that is complete and yet none: not the API's shape. */
export class ReplyShapeError extends Error {
  override readonly name = 'ReplyShapeError';
}

/** A body beyond the limit; reading stopped there. */
export class ReplyTooLongError extends Error {
  override readonly name = 'ReplyTooLongError';
}
