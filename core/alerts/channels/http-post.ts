import { DeliveryFailure } from '../channel.ts';

export interface HttpPost {
  /** A secret as a whole: a webhook's address is its key. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs: number;
}

/** More of an answer is nobody's concern. */
const LONGEST_ANSWER = 4_000;
const LONGEST_REASON = 200;
const HOUR_MS = 3_600_000;
/** What a server refuses for good: the address, the key or the message itself. */
const MAY_PASS = (status: number): boolean => status >= 500 || [408, 409, 421, 425, 429].includes(status);

/**
 * Posts, and reads the answer. A redirect is not followed: it would take the key to another server.
 *
 * @throws DeliveryFailure when no answer came, without a word of the address.
 */
export async function post(
  fetch: typeof globalThis.fetch,
  { url, headers = {}, body }: HttpPost,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    const response = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    const retryAfter = Number(response.headers.get('retry-after'));
    return {
      status: response.status,
      body: await beginningOf(response),
      retryAfterMs: Number.isFinite(retryAfter) ? Math.min(Math.max(retryAfter * 1_000, 0), HOUR_MS) : 0,
    };
  } catch (error) {
    throw new DeliveryFailure(`no answer: ${reasonOf(error)}`, { passing: true });
  }
}

/** @throws DeliveryFailure for whatever is no success. */
export function requireTaken({ status, body, retryAfterMs }: HttpAnswer): void {
  if (status >= 200 && status < 300) return;
  const said = body.replace(/\s+/g, ' ').trim().slice(0, LONGEST_REASON);
  throw new DeliveryFailure(`answered ${status}${said === '' ? '' : `: ${said}`}`, {
    passing: MAY_PASS(status),
    waitMs: retryAfterMs,
  });
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  while (text.length < LONGEST_ANSWER) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

/** The network's word for what is wrong; what fetch says itself may have the address in it. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  if (typeof code === 'string') return code;
  return error instanceof Error && error.name === 'AbortError' ? 'it took too long' : 'the connection failed';
}
