/** What must never be in a log, found by the name of a field or by the look of a value. */

export const REDACTED = '[redacted]';

const SECRET_NAME = /key|secret|passw|passphrase|token|authori[sz]ation|cookie|signature|hmac|credential|mnemonic/i;
/** Names that look secret and are not: an order's id is needed to find it. */
const HARMLESS_NAME = /^(keys?|keyName|tokens?Used|inputTokens|outputTokens)$/;

const SECRET_SHAPES: readonly RegExp[] = [
  // Keys by their usual prefixes: language model providers, Slack, GitHub, Telegram bots.
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\b\d{8,10}:[A-Za-z0-9_-]{35}\b/g,
  /\bhooks\.slack\.com\/services\/[A-Za-z0-9/]+/g,
  /\bBearer\s+[A-Za-z0-9._~+/-]{8,}=*/gi,
  // Credentials in URLs, tokens in fragments and queries, secrets after their names.
  /(?<=:\/\/)[^\s/:@]+:[^\s/@]+(?=@)/g,
  /(?<=[#?&](?:token|signature|apiKey|api_key|key)=)[^\s&"']+/gi,
  /(?<=\b(?:api[-_ ]?key|secret|password|passphrase|token|signature|hmac)["']?\s*[:=]\s*["']?)[^\s"',;}]{6,}/gi,
  // Long hexadecimal or base64 runs are keys and signatures; order and trade ids are shorter.
  /\b[A-Fa-f0-9]{48,}\b/g,
  /\b(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[a-z])[A-Za-z0-9+/_-]{40,}={0,2}/g,
];

/** The text without anything that looks like a secret. */
export function redactText(text: string): string {
  return SECRET_SHAPES.reduce((clean, shape) => clean.replace(shape, REDACTED), text);
}

/** A copy of any value without secrets, errors and nested objects included. Cycles and depth are cut. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 6) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  // Decimals and dates know how to write themselves.
  if ('toJSON' in value && typeof value.toJSON === 'function') return redact(value.toJSON(), depth + 1);
  return redactFields(Object.entries(value), depth);
}

function redactFields(entries: readonly [string, unknown][], depth: number): Record<string, unknown> {
  return Object.fromEntries(
    entries.map(([name, item]) => {
      const secret = SECRET_NAME.test(name) && !HARMLESS_NAME.test(name);
      return [name, secret && item !== null && item !== undefined ? REDACTED : redact(item, depth + 1)];
    }),
  );
}

function redactError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  return {
    ...redactFields(Object.entries(error), depth),
    type: name,
    message: redactText(message),
    stack: redactText(stack ?? ''),
    ...(cause === undefined ? {} : { cause: redact(cause, depth + 1) }),
  };
}
