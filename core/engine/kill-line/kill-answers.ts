import type { KillAction, SignedHeaders } from './signature.ts';
import type { SignedRequests } from './signed-requests.ts';

/** What a signed request is answered. */
export interface KillAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a signed request may do. */
export interface KillDeeds {
  /** The latch holds when it answers; whether it is on disk. */
  engage(): Promise<boolean> | boolean;
  /** As the trader's own reset: refused while anything stands against it, and nothing is armed or resumed. */
  release(): Promise<Release>;
}

export type Release =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: 'CONFLICT' | 'UNAVAILABLE'; readonly message: string };

const REFUSED = 'the signature is missing, wrong, too old, of the future, or was used before';
const UNNOTED =
  'that this signature was used cannot be written down, so it releases nothing: reset the kill switch in the program';

/** Says nothing of what was wrong with a signature, and repeats nothing that was sent. */
export async function answerKillRequest(
  action: KillAction,
  headers: SignedHeaders,
  { signed, deeds }: { readonly signed: SignedRequests; readonly deeds: KillDeeds },
): Promise<KillAnswer> {
  const admitted = signed.admit(action, headers);
  if (admitted === 'refused') return failure(401, 'UNAUTHORIZED', REFUSED);
  if (action === 'activate') {
    const durable = await deeds.engage();
    signed.flush();
    return { status: 200, body: { engaged: true, durable } };
  }
  if (admitted === 'unnoted' || !signed.flush()) return failure(503, 'UNAVAILABLE', UNNOTED);
  const release = await deeds.release();
  if (release.ok) return { status: 200, body: { engaged: false } };
  return failure(release.code === 'CONFLICT' ? 409 : 503, release.code, release.message);
}

export function failure(status: number, code: string, message: string): KillAnswer {
  return { status, body: { error: { code, message } } };
}
