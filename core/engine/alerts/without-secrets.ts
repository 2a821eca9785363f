import { CHANNEL_SECRETS } from '../../alerts/index.ts';
import { REDACTED, redactText } from '../../monitoring/index.ts';
import type { Secrets } from '../installation/secrets.ts';

/** Shorter ones could be a word of any sentence. */
const SHORTEST = 6;

/** Takes out of a text what opens a channel, as it is and as the path of an address, and whatever else looks like a secret. */
export function withoutSecrets(secrets: Secrets): (text: string) => string {
  const known = CHANNEL_SECRETS.flatMap((name) => {
    const value = secrets.read(name);
    if (value === undefined) return [];
    const path = URL.canParse(value) ? [new URL(value).pathname + new URL(value).search] : [];
    return [value, ...path];
  }).filter((value) => value.length >= SHORTEST);
  return (text) => redactText(known.reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text));
}
