import { REDACTED, redactText } from './secret-text.ts';

const SECRET_NAME =
  /key|secret|passw|passphrase|^pass$|pwd|token|^auth$|authori[sz]ation|cookie|signature|hmac|credential|mnemonic|seed[-_]?phrase|jwt|webhook|session[-_]?id/i;
/** How many tokens a language model read is no secret. */
const COUNT_NAME = /tokens/i;

const DEEPEST = 6;
const MOST_VALUES = 2_000;

/**
 * A copy of any value without secrets, found by the name of a field or by the look of a text; errors, lists, maps and
 * nested objects included. Cycles, depth and size are cut. Never throws.
 */
export function redact(value: unknown): unknown {
  try {
    return new RedactedCopy().of(value, 0);
  } catch {
    // A foreign object whose property cannot even be read: the line is worth more than the field.
    return '[unreadable]';
  }
}

class RedactedCopy {
  #valuesLeft = MOST_VALUES;

  of(value: unknown, depth: number): unknown {
    this.#valuesLeft -= 1;
    if (typeof value === 'string') return redactText(value);
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
    if (typeof value !== 'object' || value === null) return value;
    if (depth > DEEPEST) return '[too deep]';
    return this.#ofObject(value, depth);
  }

  #ofObject(value: object, depth: number): unknown {
    if (value instanceof Error) return this.#error(value, depth);
    if (Array.isArray(value)) return this.#list(value, depth);
    if (value instanceof Set) return this.#list([...value], depth);
    if (value instanceof Map) return this.#fields([...value], depth);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    // Decimals, dates and addresses know how to write themselves.
    if ('toJSON' in value && typeof value.toJSON === 'function') return this.of(value.toJSON(), depth + 1);
    return this.#fields(Object.entries(value), depth);
  }

  /** Items, but one that follows a secret's name: headers are sometimes lists of names and values in turn. */
  #list(items: readonly unknown[], depth: number): unknown[] {
    const copy: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (this.#valuesLeft <= 0) return [...copy, `[${items.length - index} more]`];
      copy.push(isSecretName(items[index - 1]) && isSecret(item) ? REDACTED : this.of(item, depth + 1));
    }
    return copy;
  }

  #fields(entries: readonly (readonly [unknown, unknown])[], depth: number): Record<string, unknown> {
    const named = new Map(entries.map(([name, item]) => [String(name), item]));
    // A pair such as { name: 'apiKey', value: '...' }.
    const title = named.get('name') ?? named.get('key') ?? named.get('header');
    const copy: Record<string, unknown> = {};
    for (const [name, item] of named) {
      if (this.#valuesLeft <= 0) return { ...copy, more: '[cut]' };
      const counted = COUNT_NAME.test(name) && typeof item === 'number';
      const secret = isSecretName(name) || (name === 'value' && isSecretName(title));
      copy[redactText(name)] = secret && !counted && isSecret(item) ? REDACTED : this.of(item, depth + 1);
    }
    return copy;
  }

  /** What an error says, which its ordinary fields do not hold, and those fields. */
  #error(error: Error, depth: number): Record<string, unknown> {
    const { name, message, stack, cause } = error;
    return {
      ...this.#fields(Object.entries(error), depth),
      type: redactText(String(name)),
      message: redactText(String(message)),
      stack: redactText(String(stack)),
      ...(cause === undefined ? {} : { cause: this.of(cause, depth + 1) }),
      ...(error instanceof AggregateError ? { errors: this.of(error.errors, depth + 1) } : {}),
    };
  }
}

function isSecretName(name: unknown): boolean {
  return typeof name === 'string' && name.length <= 60 && SECRET_NAME.test(name);
}

/** Whether a value can be a secret at all: that there is none, or a yes or no, may be said. */
function isSecret(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== 'boolean';
}
