import { type Place, StrategyFault } from './strategy-fault.ts';

interface TokenFacts {
  readonly at: Place;
  /** Nothing but space is before it on its line. */
  readonly startsLine: boolean;
}

export type Token = TokenFacts &
  (
    | { readonly kind: 'name' | 'sign'; readonly text: string }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'text'; readonly value: string }
    /** Pieces of text with the tokens of an expression between each two. */
    | { readonly kind: 'template'; readonly pieces: readonly string[]; readonly inner: readonly Token[][] }
    | { readonly kind: 'end' }
  );

/** Longest first. */
const SIGNS = [
  ...['...', '===', '!==', '**=', '&&=', '||=', '??='],
  ...['=>', '==', '!=', '<=', '>=', '&&', '||', '??', '?.', '++', '--', '+=', '-=', '*=', '/=', '%=', '**'],
  ...['{', '}', '(', ')', '[', ']', ';', ',', '.', '?', ':', '<', '>', '=', '+', '-', '*', '/', '%', '!'],
  ...['|', '&'],
] as const;

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '`': '`',
  $: '$',
};
const NAME = /[A-Za-z_$][\w$]*/y;
const NUMBER = /(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const SPACE = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;

/** @throws StrategyFault where the text has what no strategy is made of. */
export function tokensOf(source: string): readonly Token[] {
  return new Reader(source).all();
}

class Reader {
  readonly #source: string;
  #place = 0;
  #line = 1;
  #lineStart = 0;

  constructor(source: string) {
    this.#source = source;
  }

  all(): readonly Token[] {
    const tokens = this.#until(null);
    tokens.push({ kind: 'end', at: this.#at(), startsLine: true });
    return tokens;
  }

  /** Tokens up to the brace that closes a template's expression, or to the end. */
  #until(closing: '}' | null): Token[] {
    const tokens: Token[] = [];
    let [open, lineBefore] = [0, this.#line];
    for (;;) {
      this.#match(SPACE);
      const startsLine = this.#line > lineBefore || tokens.length === 0;
      lineBefore = this.#line;
      const letter = this.#source[this.#place];
      if (letter === undefined) {
        if (closing === null) return tokens;
        throw new StrategyFault('not-understood', 'a template text does not end', this.#at());
      }
      if (letter === '}' && closing !== null && open === 0) {
        this.#place += 1;
        return [...tokens, { kind: 'end', at: this.#at(), startsLine: false }];
      }
      const token = this.#next(letter, startsLine);
      if (token.kind === 'sign' && token.text === '{') open += 1;
      if (token.kind === 'sign' && token.text === '}') open -= 1;
      tokens.push(token);
    }
  }

  #next(letter: string, startsLine: boolean): Token {
    const facts = { at: this.#at(), startsLine };
    const name = this.#match(NAME);
    if (name !== null) return { kind: 'name', text: name, ...facts };
    if (/[\d.]/.test(letter)) {
      const number = this.#match(NUMBER);
      if (number !== null) return { kind: 'number', value: Number(number.replaceAll('_', '')), ...facts };
    }
    if (letter === "'" || letter === '"') return { kind: 'text', value: this.#text(letter), ...facts };
    if (letter === '`') return { kind: 'template', ...this.#template(), ...facts };
    const sign = SIGNS.find((known) => this.#source.startsWith(known, this.#place));
    if (sign === undefined)
      throw new StrategyFault('not-understood', `the sign ${letter} is not known here`, facts.at);
    this.#place += sign.length;
    return { kind: 'sign', text: sign, ...facts };
  }

  #text(quote: string): string {
    const at = this.#at();
    this.#place += 1;
    let value = '';
    for (;;) {
      const letter = this.#source[this.#place];
      if (letter === undefined || letter === '\n')
        throw new StrategyFault('not-understood', `a text that begins here does not end on its line`, at);
      if (letter === quote) {
        this.#place += 1;
        return value;
      }
      value += this.#letter(letter);
    }
  }

  #template(): { pieces: string[]; inner: Token[][] } {
    const at = this.#at();
    this.#place += 1;
    const pieces: string[] = [];
    const inner: Token[][] = [];
    let piece = '';
    for (;;) {
      const letter = this.#source[this.#place];
      if (letter === undefined)
        throw new StrategyFault('not-understood', 'a template text that begins here does not end', at);
      if (letter === '`') {
        this.#place += 1;
        return { pieces: [...pieces, piece], inner };
      }
      if (this.#source.startsWith('${', this.#place)) {
        this.#place += 2;
        pieces.push(piece);
        piece = '';
        inner.push(this.#until('}'));
      } else {
        if (letter === '\n') this.#endLine(this.#place);
        piece += this.#letter(letter);
      }
    }
  }

  /** One letter of a text, with what a backslash says of the next. */
  #letter(letter: string): string {
    this.#place += 1;
    if (letter !== '\\') return letter;
    const escaped = ESCAPES[this.#source[this.#place] ?? ''];
    if (escaped === undefined)
      throw new StrategyFault('not-understood', 'this backslash is not known here', this.#at());
    this.#place += 1;
    return escaped;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#place;
    const found = pattern.exec(this.#source)?.[0] ?? null;
    if (found === null) return null;
    for (let index = found.indexOf('\n'); index >= 0; index = found.indexOf('\n', index + 1))
      this.#endLine(this.#place + index);
    this.#place += found.length;
    return found;
  }

  #endLine(at: number): void {
    this.#line += 1;
    this.#lineStart = at + 1;
  }

  #at(): Place {
    return { line: this.#line, column: this.#place - this.#lineStart + 1 };
  }
}
