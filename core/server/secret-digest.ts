import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A fresh secret, safe in an address, a header and a cookie: 43 characters. */
export function freshSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** Secrets are kept and compared as digests: look-ups by digest give nothing away through their timing. */
export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
