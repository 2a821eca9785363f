import { CallError, ErrorBodySchema } from '../../core/contract/index.ts';

const SESSION_PATH = '/api/v1/session';
const UNAUTHORISED = 401;

/** The one-time token in what the trader pasted or opened: the whole printed URL, its hash, or the token alone. */
export function tokenIn(text: string): string | undefined {
  const given = text.trim();
  const named = /[#&?]token=([^&\s]+)/.exec(given)?.[1];
  if (named !== undefined) return decodeURIComponent(named);
  return /^[\w-]{8,}$/.test(given) ? given : undefined;
}

/**
 * Trades the one-time token for the session cookie.
 *
 * @throws CallError with the host's own words when the token is wrong or spent.
 */
export async function logIn(token: string, fetchLike: typeof fetch = fetch): Promise<void> {
  const response = await fetchLike(SESSION_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify({ token }),
  });
  if (response.ok) return;
  const body: unknown = await response.json().catch(() => null);
  const told = ErrorBodySchema.safeParse((body as { error?: unknown } | null)?.error);
  throw told.success
    ? CallError.fromBody(told.data)
    : new CallError('UNAUTHORIZED', `the program refused the token (${response.status})`);
}

/** Whether the host knows this browser. Rejects when the host cannot be reached. */
export async function isLoggedIn(fetchLike: typeof fetch = fetch): Promise<boolean> {
  const response = await fetchLike(SESSION_PATH, { credentials: 'same-origin' });
  return response.status !== UNAUTHORISED;
}
