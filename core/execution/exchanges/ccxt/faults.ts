import { VenueError, type VenueFault } from '../../../domain/index.ts';

/** A venue's own error codes, as far as they decide what happened to an order. */
export interface ErrorCodes {
  /** Where the code and its words are in a reply. */
  readonly code: string;
  readonly message: string;
  /** Codes that are no error. */
  readonly well: ReadonlySet<string>;
  /** Whether a refusal comes with HTTP 200, as Bybit's do. */
  readonly refusesWith200: boolean;
  /** There is no such order, or it has ended. */
  readonly orderUnknown: ReadonlySet<string>;
  /** The key: unknown, revoked, without the permission, from the wrong address. */
  readonly unauthorised: ReadonlySet<string>;
  readonly rateLimited: ReadonlySet<string>;
  /** Said while the order may have been taken all the same. */
  readonly uncertain: ReadonlySet<string>;
  /** Our request is dated too early or too late for the venue's clock. */
  readonly outOfTime: ReadonlySet<string>;
  /** It is already as was asked for. */
  readonly alreadySo: ReadonlySet<string>;
}

/**
 * Calls that answer with a list, by the last word of their path: in which field it is (`result.list`), or null where it is
 * the answer.
 * ccxt takes any other document for a list of nothing: no orders, no positions, no markets.
 */
export type DueLists = Readonly<Record<string, string | null>>;

/** The venue's answer: no, with its own code. */
export class VenueReplyError extends VenueError {
  readonly code: string;

  constructor(fault: VenueFault, code: string, message: string, retryAfterMs?: number) {
    super(fault, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.code = code;
  }
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Parsed; undefined where the body is no JSON. */
  readonly response: unknown;
}

/**
 * What a reply says went wrong; undefined when nothing did. By code and HTTP status: ccxt's classes call a doubt a
 * refusal and a revoked key a rate limit, and depend on the host that was asked.
 */
export function errorOfReply(venue: string, codes: ErrorCodes, reply: Reply): VenueError | undefined {
  const { status, headers, response } = reply;
  const { code, message } = wordsOf(codes, response);
  const said = `${venue} answers ${code ?? status}${message === '' ? '' : `: ${message}`}`;
  if (status === 429 || status === 418 || (code !== null && codes.rateLimited.has(code))) {
    return new VenueReplyError('rate-limited', code ?? `${status}`, said, retryAfterMs(headers));
  }
  if (status >= 500) return new VenueError('uncertain', said);
  if (status < 400 && !isDocument(response)) {
    return new VenueError('uncertain', `${venue} sent an answer that cannot be read`);
  }
  if (code === null || codes.well.has(code)) {
    return status < 400 ? undefined : new VenueError('uncertain', said);
  }
  if (codes.unauthorised.has(code)) return new VenueReplyError('unauthorised', code, said);
  if (codes.uncertain.has(code)) return new VenueReplyError('uncertain', code, said);
  if (status >= 400 || codes.refusesWith200) return new VenueReplyError('rejected', code, said);
  return undefined;
}

/** What an answer lacks that is due in it: an error; undefined where all of it is there. */
export function errorOfList(
  venue: string,
  lists: DueLists,
  url: string,
  response: unknown,
): VenueError | undefined {
  const call = new URL(url).pathname.replace(/^.*\//, '');
  const field = lists[call];
  if (field === undefined) return undefined;
  const inField = (document: unknown, name: string): unknown =>
    isRecord(document) ? document[name] : undefined;
  const list = field === null ? response : field.split('.').reduce(inField, response);
  return Array.isArray(list) ? undefined : new VenueError('uncertain', `${venue} sent no list of ${call}`);
}

/** Whether the venue says positively that it has no such working order. */
export function saysUnknown(codes: ErrorCodes, error: unknown): boolean {
  return error instanceof VenueReplyError && codes.orderUnknown.has(error.code);
}

/** Whether the venue finds our clock wrong. */
export function saysOutOfTime(codes: ErrorCodes, error: unknown): boolean {
  return error instanceof VenueReplyError && codes.outOfTime.has(error.code);
}

/** Whether the venue says that it is already as was asked for. */
export function saysAlreadySo(codes: ErrorCodes, error: unknown): boolean {
  return error instanceof VenueReplyError && codes.alreadySo.has(error.code);
}

/**
 * What a failed call means that has no reply to judge by. ccxt's own words may hold the address that was asked, with
 * its signature: that is left out.
 *
 * @param left whether a request had left: before that nothing can have happened.
 */
export function errorOfCall(venue: string, error: unknown, left: boolean): VenueError {
  if (error instanceof VenueError) return error;
  const words = error instanceof Error ? withoutAddress(error.message) : 'an unknown failure';
  if (!left) return new VenueError('rejected', `${venue}: ${words}`, { cause: error });
  return new VenueError('uncertain', `${venue} has not answered: ${words}`, { cause: error });
}

function withoutAddress(message: string): string {
  return message.replaceAll(/\s*\S+:\/\/\S+/g, '').slice(0, 200);
}

function wordsOf(codes: ErrorCodes, response: unknown): { code: string | null; message: string } {
  // A list of one is how some venues refuse one of several.
  const told = Array.isArray(response) && response.length === 1 ? (response[0] as unknown) : response;
  if (!isRecord(told)) return { code: null, message: '' };
  const code = told[codes.code];
  const message = told[codes.message];
  return {
    code: typeof code === 'number' || typeof code === 'string' ? `${code}` : null,
    message: typeof message === 'string' ? message.slice(0, 200) : '',
  };
}

function retryAfterMs(headers: Reply['headers']): number | undefined {
  const seconds = Number(headers['Retry-After'] ?? headers['retry-after']);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

const isDocument = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isDocument(value) && !Array.isArray(value);
