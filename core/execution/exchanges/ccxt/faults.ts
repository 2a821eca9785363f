import { VenueError, type VenueFault } from '../../../domain/index.ts';
import { countOf, headerOf, type ReplyHeaders } from './reply-headers.ts';

/** What decides what happened to an order: a venue's own codes, or where nobody has written them down ccxt's classes. */
export type ErrorWords = ErrorCodes | ErrorClasses;

/** By what an error is called. */
interface ErrorNames {
  /** There is no such order, or it has ended. */
  readonly orderUnknown: ReadonlySet<string>;
  /** The key: unknown, revoked, without the permission, from the wrong address. */
  readonly unauthorised: ReadonlySet<string>;
  readonly rateLimited: ReadonlySet<string>;
  /** Our request is dated too early or too late for the venue's clock. */
  readonly outOfTime: ReadonlySet<string>;
  /** It is already as was asked for. */
  readonly alreadySo: ReadonlySet<string>;
}

/** A venue's own codes. Those that are in no set refuse. */
export interface ErrorCodes extends ErrorNames {
  readonly by: 'code';
  /** Where the code and its words are in a reply. */
  readonly code: string;
  readonly message: string;
  /** Codes that are no error. */
  readonly well: ReadonlySet<string>;
  /** HTTP statuses of who was asked too often. */
  readonly shutOut: ReadonlySet<number>;
  /** Whether a refusal comes with HTTP 200, as Bybit's do. */
  readonly refusesWith200: boolean;
  /** Said while the order may have been taken all the same. */
  readonly uncertain: ReadonlySet<string>;
}

/** Classes of ccxt's, by name. Those that are in no set are doubt: a class may hold what the venue is not sure of. */
export interface ErrorClasses extends ErrorNames {
  readonly by: 'class';
  /** Surely nothing was done. */
  readonly refused: ReadonlySet<string>;
}

/** What ccxt's classes mean, where the venue's own codes are not known here. */
export const CCXT_CLASSES: ErrorClasses = {
  by: 'class',
  orderUnknown: new Set(['OrderNotFound']),
  unauthorised: new Set(['AuthenticationError', 'PermissionDenied', 'AccountSuspended', 'AccountNotEnabled']),
  rateLimited: new Set(['RateLimitExceeded', 'DDoSProtection']),
  outOfTime: new Set(['InvalidNonce']),
  alreadySo: new Set(['NoChange', 'MarginModeAlreadySet']),
  refused: new Set([
    'InsufficientFunds',
    'InvalidOrder',
    'OrderImmediatelyFillable',
    'OrderNotFillable',
    'DuplicateOrderId',
    'ContractUnavailable',
    'BadRequest',
    'BadSymbol',
    'MarketClosed',
    'RestrictedLocation',
    'NotSupported',
  ]),
};

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
  readonly headers: ReplyHeaders;
  /** Parsed; undefined where the body is no JSON. */
  readonly response: unknown;
}

/**
 * What a reply says went wrong, where nothing is known of the venue's codes; undefined when nothing did.
 *
 * @param say has ccxt say what it makes of the reply: it throws where that is an error.
 */
export function errorByClass(
  venue: string,
  classes: ErrorClasses,
  { status, headers, response }: Reply,
  say: () => unknown,
): VenueError | undefined {
  if (status === 429 || status === 418)
    return new VenueReplyError(
      'rate-limited',
      `${status}`,
      `${venue} answers ${status}`,
      retryAfterMs(headers),
    );
  if (status >= 500) return new VenueError('uncertain', `${venue} answers ${status}`);
  // What is no document comes of something between the venue and here: it says nothing of an order.
  if (status === 401) return new VenueReplyError('unauthorised', '401', `${venue} answers 401`);
  if (!isDocument(response)) return new VenueError('uncertain', unreadable(venue, status));
  try {
    say();
  } catch (error) {
    return errorOfClass(venue, classes, error, headers);
  }
  return status < 400 ? undefined : new VenueError('uncertain', `${venue} answers ${status}`);
}

function errorOfClass(
  venue: string,
  { orderUnknown, unauthorised, rateLimited, outOfTime, alreadySo, refused }: ErrorClasses,
  error: unknown,
  headers: Reply['headers'],
): VenueError {
  const said = `${venue} answers: ${error instanceof Error ? withoutAddress(error.message) : 'no'}`;
  const names = namesOf(error);
  const nameIn = (...sets: readonly ReadonlySet<string>[]) =>
    names.find((name) => sets.some((set) => set.has(name)));
  const limited = nameIn(rateLimited);
  if (limited !== undefined) return new VenueReplyError('rate-limited', limited, said, retryAfterMs(headers));
  const locked = nameIn(unauthorised);
  if (locked !== undefined) return new VenueReplyError('unauthorised', locked, said);
  const no = nameIn(orderUnknown, outOfTime, alreadySo, refused);
  return no === undefined
    ? new VenueError('uncertain', said, { cause: error })
    : new VenueReplyError('rejected', no, said);
}

/** The names of an error's classes, its own first. */
function namesOf(error: unknown): readonly string[] {
  const names: string[] = [];
  for (let of: unknown = error; of instanceof Object; of = Object.getPrototypeOf(of))
    names.push(of.constructor.name);
  return names;
}

/**
 * What a reply says went wrong; undefined when nothing did. By code and HTTP status: ccxt's classes call a doubt a
 * refusal and a revoked key a rate limit, and depend on the host that was asked.
 */
export function errorOfReply(venue: string, codes: ErrorCodes, reply: Reply): VenueError | undefined {
  const { status, headers, response } = reply;
  const { code, message } = wordsOf(codes, response);
  const said = `${venue} answers ${code ?? status}${message === '' ? '' : `: ${message}`}`;
  if (codes.shutOut.has(status) || (code !== null && codes.rateLimited.has(code))) {
    return new VenueReplyError('rate-limited', code ?? `${status}`, said, retryAfterMs(headers));
  }
  if (status >= 500) return new VenueError('uncertain', said);
  if (status < 400 && !isDocument(response)) {
    return new VenueError('uncertain', unreadable(venue, status));
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
export function saysUnknown(codes: ErrorWords, error: unknown): boolean {
  return error instanceof VenueReplyError && codes.orderUnknown.has(error.code);
}

/** Whether the venue finds our clock wrong. */
export function saysOutOfTime(codes: ErrorWords, error: unknown): boolean {
  return error instanceof VenueReplyError && codes.outOfTime.has(error.code);
}

/** Whether the venue says that it is already as was asked for. */
export function saysAlreadySo(codes: ErrorWords, error: unknown): boolean {
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

function unreadable(venue: string, status: number): string {
  return status < 400 ? `${venue} sent an answer that cannot be read` : `${venue} answers ${status}`;
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

/** The longest that venues shut an address out. */
const LONGEST_BAN_S = 3 * 24 * 3_600;
/** Where the venue wants to be left alone and what it says of the time is none: stops and exits wait as well. */
const UNSAID_MS = 60_000;

function retryAfterMs(headers: Reply['headers']): number | undefined {
  const told = headerOf(headers, 'retry-after');
  if (told === undefined) return undefined;
  const seconds = countOf(told) ?? Number.POSITIVE_INFINITY;
  return seconds <= LONGEST_BAN_S ? seconds * 1_000 : UNSAID_MS;
}

const isDocument = (value: unknown): boolean => typeof value === 'object' && value !== null;
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  isDocument(value) && !Array.isArray(value);
