import { type Place, StrategyFault } from './strategy-fault.ts';
import type { Token } from './tokens.ts';

/** Deeper than anybody writes: what is nested further would exhaust the reader's own stack. */
const DEEPEST = 100;

/** The tokens of a file, one after the other. */
export class TokenStream {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get place(): number {
    return this.#next;
  }

  /** Goes back to where it was. */
  backTo(place: number): void {
    this.#next = place;
  }

  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)];
    if (token === undefined) throw new TypeError('there is always an end');
    return token;
  }

  get at(): Place {
    return this.peek().at;
  }

  take(): Token {
    const token = this.peek();
    this.#next += 1;
    return token;
  }

  /** Whether the next token is one of these signs or words. */
  is(...texts: readonly string[]): boolean {
    return this.isAhead(0, ...texts);
  }

  isAhead(ahead: number, ...texts: readonly string[]): boolean {
    const token = this.peek(ahead);
    return (token.kind === 'sign' || token.kind === 'name') && texts.includes(token.text);
  }

  /** Takes the next token if it is this one. */
  has(text: string): boolean {
    if (!this.is(text)) return false;
    this.#next += 1;
    return true;
  }

  expect(text: string): void {
    if (!this.has(text)) throw this.fault(`${text} is missing before ${this.shown()}`);
  }

  name(): string {
    const token = this.take();
    if (token.kind === 'name') return token.text;
    throw new StrategyFault('not-understood', `a name is missing before ${shownToken(token)}`, token.at);
  }

  shown(): string {
    return shownToken(this.peek());
  }

  fault(message: string, at = this.at): StrategyFault {
    return new StrategyFault('not-understood', message, at);
  }

  /** The semicolon, or the end of a line or a block that stands for it. */
  endStatement(): void {
    if (this.has(';') || this.is('}') || this.peek().kind === 'end' || this.peek().startsLine) return;
    throw this.fault(`a ; or a new line is missing before ${this.shown()}`);
  }

  /** How far the sign before the next one is from the one that closes it, in tokens. */
  closing(open: string, close: string, from: number): number {
    let depth = 0;
    for (let ahead = from; this.peek(ahead).kind !== 'end'; ahead += 1) {
      if (this.isAhead(ahead, open)) depth += 1;
      if (this.isAhead(ahead, close) && --depth === 0) return ahead;
    }
    throw this.fault(`a ${open} has no ${close}`);
  }

  nested<T>(read: () => T): T {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw this.fault(`this is nested more than ${DEEPEST} deep`);
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }
}

function shownToken(token: Token): string {
  switch (token.kind) {
    case 'name':
    case 'sign':
      return token.text;
    case 'number':
      return String(token.value);
    case 'text':
      return JSON.stringify(token.value);
    case 'template':
      return 'a template text';
    case 'end':
      return 'the end';
  }
}
