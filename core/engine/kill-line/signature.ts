import { createHmac, timingSafeEqual } from 'node:crypto';

/** How a request to stop, or to release, is signed. */

export const KILL_ACTIONS = ['activate', 'deactivate'] as const;
export type KillAction = (typeof KILL_ACTIONS)[number];

export const TIMESTAMP_HEADER = 'X-Kill-Switch-Timestamp';
export const SIGNATURE_HEADER = 'X-Kill-Switch-Signature';

/** Where a signed request is sent. */
export function killPath(action: KillAction): string {
  return `/api/v1/safety/kill-switch/${action}`;
}

/** Hexadecimal HMAC-SHA256 of `action:timestamp`. */
export function killSignature(secret: string, action: KillAction, timestampMs: number): string {
  return createHmac('sha256', secret).update(`${action}:${timestampMs}`).digest('hex');
}

/** What a client sends, before anybody has looked at it. */
export interface SignedHeaders {
  readonly timestamp: unknown;
  readonly signature: unknown;
}

/** One way of writing each: what can be written in two ways could be used twice. */
const TIMESTAMP = /^[1-9]\d{12}$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * The time for which a request was signed with the secret; undefined where it was not. How long that takes says nothing
 * about the signature that would be right.
 */
export function signedTime(
  secret: string,
  action: KillAction,
  { timestamp, signature }: SignedHeaders,
): number | undefined {
  if (typeof timestamp !== 'string' || !TIMESTAMP.test(timestamp)) return undefined;
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return undefined;
  const due = killSignature(secret, action, Number(timestamp));
  return timingSafeEqual(Buffer.from(signature), Buffer.from(due)) ? Number(timestamp) : undefined;
}
