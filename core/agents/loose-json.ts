/** An object that stands in a text, and the first key that it names twice, if it does. */
export interface FoundObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly repeatedKey: string | null;
}

/** Nothing sound is nested deeper. */
const DEEPEST = 12;

/**
 * The JSON objects that stand in a text, in their order: those in prose, and one that is the only item of a list or the
 * content of a quoted text where that is all there is. An object inside another one, or in brackets within prose, is
 * part of something else and no object of the text. What begins as an object and is none hides all that it encloses.
 *
 * Tolerates what models write and JSON forbids: commas before a closing bracket, line ends in strings, single quotes,
 * comments.
 */
export function objectsIn(text: string): readonly FoundObject[] {
  const whole = wholeValue(text);
  if (whole !== undefined) return whole;
  const found: FoundObject[] = [];
  let from = 0;
  for (;;) {
    const next = /[{[]/g;
    next.lastIndex = from;
    const at = next.exec(text)?.index;
    if (at === undefined) return found;
    if (!/^(\{\s*(["'}]|\/\/|\/\*)|\[\s*[{["'])/.test(text.slice(at, at + 200))) {
      // A bracket of prose.
      from = at + 1;
      continue;
    }
    const read = valueAt(text, at);
    if (read === undefined) {
      from = endOfBrackets(text, at);
      continue;
    }
    if (isRecord(read.value)) found.push({ value: read.value, repeatedKey: read.repeatedKey });
    from = read.end;
  }
}

/** What the whole text is: a list of one object, or an object that was quoted once more; undefined: neither. */
function wholeValue(text: string): readonly FoundObject[] | undefined {
  const start = text.length - text.trimStart().length;
  const first = text.charAt(start);
  if (first !== '[' && first !== '"') return undefined;
  const read = valueAt(text, start);
  if (read === undefined || text.slice(read.end).trim() !== '') return undefined;
  const { value, repeatedKey } = read;
  if (typeof value === 'string') return objectsIn(value);
  const [only, ...more] = Array.isArray(value) ? (value as readonly unknown[]) : [];
  return isRecord(only) && more.length === 0 ? [{ value: only, repeatedKey }] : [];
}

/** A single value, read with the same tolerance; undefined where the text is none, or more than one. */
export function looseJson(text: string): unknown {
  const start = text.length - text.trimStart().length;
  const read = valueAt(text, start);
  return read !== undefined && text.slice(read.end).trim() === '' ? read.value : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface ReadValue {
  readonly value: unknown;
  readonly end: number;
  readonly repeatedKey: string | null;
}

function valueAt(text: string, start: number): ReadValue | undefined {
  const reader = new Reader(text, start);
  try {
    const value = reader.value(0);
    return { value, end: reader.position, repeatedKey: reader.repeatedKey };
  } catch (error) {
    if (error instanceof NotJsonError) return undefined;
    throw error;
  }
}

/** Where the bracket that opens at `start` closes, or the text ends: what is between is one broken piece. */
function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted) {
      if (sign === '\\') at += 1;
      else if (sign === '"') quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}

class NotJsonError extends Error {
  override readonly name = 'NotJsonError';
}

const ESCAPED: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const LITERALS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['True', true],
  ['False', false],
  ['None', null],
]);

class Reader {
  readonly #text: string;
  position: number;
  repeatedKey: string | null = null;

  constructor(text: string, position: number) {
    this.#text = text;
    this.position = position;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new NotJsonError('nested too deep');
    const sign = this.#next();
    if (sign === '{') return this.#object(depth);
    if (sign === '[') return this.#list(depth);
    if (sign === '"' || sign === "'") return this.#string();
    return this.#word();
  }

  #object(depth: number): Record<string, unknown> {
    // Without a prototype, so that no key of a model is anything but a key.
    const object: Record<string, unknown> = Object.create(null);
    this.#items('}', () => {
      const quote = this.#next();
      if (quote !== '"' && quote !== "'") throw new NotJsonError('a key is not quoted');
      const key = this.#string();
      if (Object.hasOwn(object, key)) this.repeatedKey ??= key;
      if (this.#next() !== ':') throw new NotJsonError('a key has no value');
      this.position += 1;
      object[key] = this.value(depth + 1);
    });
    return object;
  }

  #list(depth: number): unknown[] {
    const list: unknown[] = [];
    this.#items(']', () => list.push(this.value(depth + 1)));
    return list;
  }

  #items(end: string, read: () => void): void {
    this.position += 1;
    while (this.#next() !== end) {
      read();
      const sign = this.#next();
      if (sign === ',') this.position += 1;
      else if (sign !== end) throw new NotJsonError('a comma is missing');
    }
    this.position += 1;
  }

  #string(): string {
    const quote = this.#text.charAt(this.position);
    let read = '';
    for (let at = this.position + 1; at < this.#text.length; at += 1) {
      const sign = this.#text.charAt(at);
      if (sign === quote) {
        this.position = at + 1;
        return read;
      }
      if (sign !== '\\') {
        read += sign;
        continue;
      }
      at += 1;
      const escaped = this.#text.charAt(at);
      const code = /^u([0-9a-fA-F]{4})/.exec(this.#text.slice(at, at + 5))?.[1];
      if (code === undefined) read += ESCAPED[escaped] ?? escaped;
      else {
        read += String.fromCharCode(Number.parseInt(code, 16));
        at += 4;
      }
    }
    throw new NotJsonError('a string does not end');
  }

  #word(): unknown {
    const word = /^[-+.\w]+/.exec(this.#text.slice(this.position, this.position + 40))?.[0] ?? '';
    this.position += word.length;
    if (LITERALS.has(word)) return LITERALS.get(word);
    if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(word)) throw new NotJsonError('no value');
    return Number(word);
  }

  /** The next sign that means something. */
  #next(): string {
    const blank = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
    blank.lastIndex = this.position;
    this.position += blank.exec(this.#text)?.[0].length ?? 0;
    return this.#text.charAt(this.position);
  }
}
