import { CallError, ErrorBodySchema } from '../../core/contract/index.ts';

const SESSION_PATH = '/api/v1/session';
const UNAUTHORISED = 401;
const KEY_HEADER = 'x-tradebot-key';
const KEY_PLACE = 'tradebot-key';
const KEY = /^[\w-]{20,100}$/;

/** What of the browser's storage is used. */
type Place = Pick<Storage, 'getItem' | 'setItem'>;

/**
 * The half of the session that is kept for this page's own port: a browser sends the cookie to whatever listens on
 * this machine. Empty where there is none.
 */
export function pageKey(place: Place | undefined = localPlace()): string {
  try {
    const kept = place?.getItem(KEY_PLACE) ?? '';
    return KEY.test(kept) ? kept : '';
  } catch {
    // Storage is switched off: this browser has to log in on every page load.
    return '';
  }
}

function keepPageKey(key: unknown, place: Place | undefined): void {
  if (typeof key !== 'string') return;
  try {
    place?.setItem(KEY_PLACE, key);
  } catch {
    // As above.
  }
}

function localPlace(): Place | undefined {
  return typeof window === 'undefined' ? undefined : window.localStorage;
}

/** The one-time token in what the trader pasted or opened: the whole printed URL, its hash, or the token alone. */
export function tokenIn(text: string): string | undefined {
  const given = text.trim();
  const named = /[#&?]token=([^&\s]+)/.exec(given)?.[1];
  if (named !== undefined) return decoded(named);
  return /^[\w-]{8,}$/.test(given) ? given : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Cut off or mistyped: the host says that it is wrong.
    return text;
  }
}

/**
 * Trades the one-time token for a session: a cookie, and a key that is kept beside it.
 *
 * @throws CallError with the host's own words when the token is wrong or spent.
 */
export async function logIn(
  token: string,
  fetchLike: typeof fetch = fetch,
  place: Place | undefined = localPlace(),
): Promise<void> {
  const response = await fetchLike(SESSION_PATH, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    credentials: 'same-origin',
    body: JSON.stringify({ token }),
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return keepPageKey((body as { key?: unknown } | null)?.key, place);
  const told = ErrorBodySchema.safeParse((body as { error?: unknown } | null)?.error);
  throw told.success
    ? CallError.fromBody(told.data)
    : new CallError('UNAUTHORIZED', `the program refused the token (${response.status})`);
}

/** Whether the host knows this browser. Rejects when the host cannot be reached. */
export async function isLoggedIn(fetchLike: typeof fetch = fetch): Promise<boolean> {
  const response = await fetchLike(SESSION_PATH, {
    headers: { [KEY_HEADER]: pageKey() },
    credentials: 'same-origin',
  });
  return response.status !== UNAUTHORISED;
}
