import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VenueAccount } from '../accounts/venue-account.ts';
import { Refusal } from '../orders/refusal.ts';

export const signatureOf = (secret: string, signed: string): string =>
  createHmac('sha256', secret).update(signed).digest('hex');

export interface SignedParts {
  readonly apiKey: string | undefined;
  readonly signed: string;
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  readonly receiveWindow: string | undefined;
}

const USUAL_WINDOW_MS = 5_000;
const LONGEST_WINDOW_MS = 60_000;
const AHEAD_MS = 1_000;

/** Whose key it is. @throws Refusal when it is nobody's, or was revoked. */
export function accountOfKey(accounts: Iterable<VenueAccount>, apiKey: string | undefined): VenueAccount {
  if (apiKey === undefined || apiKey === '') throw new Refusal('bad-key-format');
  for (const account of accounts) {
    if (account.terms.apiKey !== apiKey) continue;
    if (!account.keyWorks) throw new Refusal('bad-key');
    if (!account.terms.addressAllowed) throw new Refusal('bad-address');
    return account;
  }
  throw new Refusal('bad-key');
}

/** Checks key, signature, and that the request is neither old nor from the future. @throws Refusal otherwise. */
export function checkSigned(
  accounts: Iterable<VenueAccount>,
  parts: SignedParts,
  serverTime: number,
): VenueAccount {
  const account = accountOfKey(accounts, parts.apiKey);
  if (parts.timestamp === undefined) throw new Refusal('missing-parameter', 'timestamp');
  if (parts.signature === undefined) throw new Refusal('missing-parameter', 'signature');
  const window = parts.receiveWindow === undefined ? USUAL_WINDOW_MS : Number(parts.receiveWindow);
  if (!(window > 0 && window <= LONGEST_WINDOW_MS)) throw new Refusal('bad-receive-window');
  const timestamp = Number(parts.timestamp);
  // The venue's own rule: less than a second ahead of its clock, and not older than the window.
  if (!(timestamp < serverTime + AHEAD_MS && serverTime - timestamp <= window))
    throw new Refusal('bad-timestamp');
  const due = Buffer.from(signatureOf(account.terms.secret, parts.signed));
  const given = Buffer.from(parts.signature);
  if (due.length !== given.length || !timingSafeEqual(due, given)) throw new Refusal('bad-signature');
  return account;
}
