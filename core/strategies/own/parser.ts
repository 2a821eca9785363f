import { whyUnknown } from './forbidden-names.ts';
import { skipDeclarationOfTypes, skipType } from './skip-types.ts';
import type {
  Entry,
  Expression,
  FunctionExpression,
  Item,
  Pattern,
  Statement,
  StrategyFile,
  SwitchCase,
  Target,
} from './syntax.ts';
import { TokenStream } from './token-stream.ts';
import { type Token, tokensOf } from './tokens.ts';

/** How tightly signs bind; the higher ones first. */
const BINDING: Readonly<Record<string, number>> = {
  '??': 1,
  '||': 2,
  '&&': 3,
  '===': 4,
  '!==': 4,
  '<': 5,
  '>': 5,
  '<=': 5,
  '>=': 5,
  '+': 6,
  '-': 6,
  '*': 7,
  '/': 7,
  '%': 7,
  '**': 8,
};
const ASSIGNING = ['=', '+=', '-=', '*=', '/=', '%=', '**=', '&&=', '||=', '??='] as const;
const LOGICAL: ReadonlySet<string> = new Set(['&&', '||', '??']);

/** Reads a strategy's file: the part of TypeScript that computes. @throws StrategyFault where it is anything else. */
export function parseStrategy(source: string): StrategyFile {
  return new Parser(tokensOf(source)).file();
}

class Parser {
  readonly #tokens: TokenStream;
  /** Inside the middle of `a ? b : c`, where a colon is no type. */
  #inChoice = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = new TokenStream(tokens);
  }

  file(): StrategyFile {
    const body: Statement[] = [];
    let exported: Expression | null = null;
    while (this.#tokens.peek().kind !== 'end') {
      if (skipDeclarationOfTypes(this.#tokens)) continue;
      const at = this.#tokens.at;
      if (!this.#tokens.has('export')) {
        body.push(...this.#statement());
      } else if (this.#tokens.has('default')) {
        if (exported !== null)
          throw this.#tokens.fault('there is one "export default", and this is another', at);
        exported = this.#expression();
        this.#tokens.endStatement();
      } else if (!skipDeclarationOfTypes(this.#tokens)) {
        throw this.#tokens.fault('only "export default" is known: one file is one strategy', at);
      }
    }
    if (exported === null)
      throw this.#tokens.fault('"export default" is missing: it says which value is the strategy');
    return { body, exported };
  }

  #statement(): readonly Statement[] {
    return this.#tokens.nested(() => this.#oneStatement());
  }

  #oneStatement(): readonly Statement[] {
    const tokens = this.#tokens;
    const { at } = tokens;
    if (tokens.has(';')) return [];
    if (tokens.is('{')) return [{ kind: 'block', body: this.#block() }];
    if (tokens.is('const', 'let')) {
      const declared = this.#declaration();
      tokens.endStatement();
      return [declared];
    }
    if (tokens.is('function')) return [{ kind: 'function', of: this.#function(true) }];
    if (tokens.has('if')) return [this.#if()];
    if (tokens.has('for')) return [this.#for()];
    if (tokens.has('while')) {
      const test = this.#inBrackets();
      return [{ kind: 'while', test, body: this.#body(), testsFirst: true, at }];
    }
    if (tokens.has('do')) {
      const body = this.#body();
      tokens.expect('while');
      const test = this.#inBrackets();
      tokens.endStatement();
      return [{ kind: 'while', test, body, testsFirst: false, at }];
    }
    if (tokens.has('switch')) return [this.#switch()];
    if (tokens.has('return')) {
      const isBare = tokens.is(';', '}') || tokens.peek().startsLine;
      const of = isBare ? null : this.#expression();
      tokens.endStatement();
      return [{ kind: 'return', of }];
    }
    if (tokens.is('break', 'continue')) {
      const kind = tokens.name() === 'break' ? 'break' : 'continue';
      tokens.endStatement();
      return [{ kind, at }];
    }
    if (tokens.has('throw')) {
      const of = this.#expression();
      tokens.endStatement();
      return [{ kind: 'throw', of, at }];
    }
    const of = this.#expression();
    tokens.endStatement();
    return [{ kind: 'expression', of, at }];
  }

  #block(): readonly Statement[] {
    const body: Statement[] = [];
    this.#tokens.expect('{');
    while (!this.#tokens.has('}')) {
      if (this.#tokens.peek().kind === 'end') throw this.#tokens.fault('a { has no }');
      if (!skipDeclarationOfTypes(this.#tokens)) body.push(...this.#statement());
    }
    return body;
  }

  #body(): Statement {
    const [only, ...more] = this.#statement();
    return only !== undefined && more.length === 0 ? only : { kind: 'block', body: [] };
  }

  #inBrackets(): Expression {
    this.#tokens.expect('(');
    const inner = this.#expression();
    this.#tokens.expect(')');
    return inner;
  }

  #declaration(): Extract<Statement, { kind: 'declare' }> {
    const { at } = this.#tokens;
    const isConst = this.#tokens.name() === 'const';
    const items = [];
    do {
      const pattern = this.#pattern();
      const value = this.#tokens.has('=') ? this.#assignment() : null;
      items.push({ pattern, value });
    } while (this.#tokens.has(','));
    return { kind: 'declare', isConst, items, at };
  }

  #if(): Statement {
    const test = this.#inBrackets();
    const yes = this.#body();
    const no = this.#tokens.has('else') ? this.#body() : null;
    return { kind: 'if', test, yes, no };
  }

  #for(): Statement {
    const tokens = this.#tokens;
    const { at } = tokens;
    tokens.expect('(');
    if (tokens.has(';')) return this.#forRest(null, at);
    if (!tokens.is('const', 'let')) {
      const of = this.#expression();
      tokens.expect(';');
      return this.#forRest({ kind: 'expression', of, at }, at);
    }
    const start = tokens.place;
    const isConst = tokens.name() === 'const';
    const pattern = this.#pattern();
    if (tokens.has('of')) {
      const list = this.#expression();
      tokens.expect(')');
      return { kind: 'for-of', pattern, isConst, list, body: this.#body(), at };
    }
    if (tokens.is('in')) throw tokens.fault('"in" is not known here: write "of Object.keys(…)"');
    tokens.backTo(start);
    const declared = this.#declaration();
    tokens.expect(';');
    return this.#forRest(declared, at);
  }

  #forRest(start: Statement | null, at: Token['at']): Statement {
    const tokens = this.#tokens;
    const test = tokens.is(';') ? null : this.#expression();
    tokens.expect(';');
    const step = tokens.is(')') ? null : this.#expression();
    tokens.expect(')');
    return { kind: 'for', start, test, step, body: this.#body(), at };
  }

  #switch(): Statement {
    const tokens = this.#tokens;
    const of = this.#inBrackets();
    const cases: SwitchCase[] = [];
    tokens.expect('{');
    while (!tokens.has('}')) {
      const test = tokens.has('default') ? null : this.#caseTest();
      tokens.expect(':');
      const body: Statement[] = [];
      while (!tokens.is('case', 'default', '}')) {
        if (tokens.peek().kind === 'end') throw tokens.fault('a { has no }');
        body.push(...this.#statement());
      }
      cases.push({ test, body });
    }
    return { kind: 'switch', of, cases };
  }

  #caseTest(): Expression {
    this.#tokens.expect('case');
    return this.#choiceOff(() => this.#expression(), true);
  }

  #pattern(): Pattern {
    const { at } = this.#tokens;
    const bare = this.#barePattern();
    this.#tokens.has('?');
    if (this.#tokens.has(':')) skipType(this.#tokens);
    return { ...bare, fallback: null, at };
  }

  /** One of several: a parameter, or a part of what is taken apart. */
  #patternOfMany(): Pattern {
    const pattern = this.#pattern();
    const fallback = this.#tokens.has('=') ? this.#assignment() : null;
    return { ...pattern, fallback };
  }

  #barePattern() {
    const tokens = this.#tokens;
    if (tokens.has('{')) {
      const parts: { key: string; pattern: Pattern }[] = [];
      while (!tokens.has('}')) {
        if (tokens.is('...')) throw tokens.fault('"..." is not known here: name what you take');
        const { at } = tokens;
        const key = tokens.name();
        const renamed = tokens.has(':')
          ? this.#barePattern()
          : { kind: 'name' as const, name: allowed(key, tokens, at) };
        const fallback = tokens.has('=') ? this.#assignment() : null;
        parts.push({ key, pattern: { ...renamed, fallback, at } });
        if (!tokens.is('}')) tokens.expect(',');
      }
      return { kind: 'dict' as const, parts };
    }
    if (tokens.has('[')) return this.#listPattern();
    const { at } = tokens;
    return { kind: 'name' as const, name: allowed(tokens.name(), tokens, at) };
  }

  #listPattern(): { kind: 'list'; parts: readonly (Pattern | null)[]; rest: Pattern | null } {
    const tokens = this.#tokens;
    const parts: (Pattern | null)[] = [];
    let rest: Pattern | null = null;
    while (!tokens.has(']')) {
      if (tokens.is(',')) parts.push(null);
      else if (tokens.has('...')) rest = this.#pattern();
      else parts.push(this.#patternOfMany());
      if (!tokens.is(']')) tokens.expect(',');
    }
    return { kind: 'list', parts, rest };
  }

  #function(isNamed: boolean): FunctionExpression {
    const { at } = this.#tokens;
    this.#tokens.expect('function');
    if (this.#tokens.is('*')) throw this.#tokens.fault('generators are not known here');
    const name = isNamed || !this.#tokens.is('(') ? allowed(this.#tokens.name(), this.#tokens, at) : '';
    return this.#afterName(name, at);
  }

  /** Parameters and body. */
  #afterName(name: string, at: Token['at']): FunctionExpression {
    if (this.#tokens.is('<')) throw this.#tokens.fault('a function with types of its own is not known here');
    const { params, rest } = this.#params();
    if (this.#tokens.has(':')) skipType(this.#tokens);
    return { kind: 'function', name, params, rest, body: this.#choiceOff(() => this.#block()), at };
  }

  #params(): { params: readonly Pattern[]; rest: Pattern | null } {
    const tokens = this.#tokens;
    const params: Pattern[] = [];
    let rest: Pattern | null = null;
    tokens.expect('(');
    while (!tokens.has(')')) {
      if (tokens.has('...')) rest = this.#pattern();
      else params.push(this.#patternOfMany());
      if (!tokens.is(')')) tokens.expect(',');
    }
    return { params, rest };
  }

  #choiceOff<T>(read: () => T, inChoice = false): T {
    const before = this.#inChoice;
    this.#inChoice = inChoice;
    try {
      return read();
    } finally {
      this.#inChoice = before;
    }
  }

  #expression(): Expression {
    return this.#assignment();
  }

  #assignment(): Expression {
    return this.#tokens.nested(() => this.#oneAssignment());
  }

  #oneAssignment(): Expression {
    const tokens = this.#tokens;
    if (tokens.is('async', 'await', 'yield'))
      throw tokens.fault(`"${tokens.name()}" is not known here: a strategy answers at once`);
    const arrow = this.#arrow();
    if (arrow !== null) return arrow;
    const left = this.#choice();
    const { at } = tokens;
    if (!tokens.is(...ASSIGNING)) return left;
    const sign = ASSIGNING.find((each) => tokens.has(each)) ?? '=';
    return { kind: 'assign', sign, target: this.#target(left, at), value: this.#assignment(), at };
  }

  #target(left: Expression, at: Token['at']): Target {
    if (left.kind === 'name') return left;
    if (left.kind === 'member' && !left.isOptional) return left;
    throw this.#tokens.fault('nothing can be given to this', at);
  }

  /** A function written with `=>`; null where the next is anything else. */
  #arrow(): FunctionExpression | null {
    const tokens = this.#tokens;
    const { at } = tokens;
    if (tokens.peek().kind === 'name' && tokens.isAhead(1, '=>')) {
      const name = allowed(tokens.name(), tokens, at);
      return this.#arrowBody([{ kind: 'name', name, fallback: null, at }], null, at);
    }
    if (!tokens.is('(')) return null;
    const end = tokens.closing('(', ')', 0);
    if (!tokens.isAhead(end + 1, '=>') && !(tokens.isAhead(end + 1, ':') && this.#returnsType(end + 1)))
      return null;
    const { params, rest } = this.#choiceOff(() => this.#params());
    if (tokens.has(':')) skipType(tokens);
    return this.#arrowBody(params, rest, at);
  }

  /** Whether a colon after brackets begins the type of what an arrow function gives back. */
  #returnsType(colon: number): boolean {
    if (this.#inChoice) return false;
    const start = this.#tokens.place;
    try {
      this.#tokens.backTo(start + colon + 1);
      skipType(this.#tokens);
      return this.#tokens.is('=>');
    } catch {
      // Not a type.
      return false;
    } finally {
      this.#tokens.backTo(start);
    }
  }

  #arrowBody(params: readonly Pattern[], rest: Pattern | null, at: Token['at']): FunctionExpression {
    this.#tokens.expect('=>');
    const body: readonly Statement[] = this.#tokens.is('{')
      ? this.#choiceOff(() => this.#block())
      : [{ kind: 'return', of: this.#assignment() }];
    return { kind: 'function', name: '', params, rest, body, at };
  }

  #choice(): Expression {
    const test = this.#binary(1);
    if (!this.#tokens.has('?')) return test;
    const yes = this.#choiceOff(() => this.#assignment(), true);
    this.#tokens.expect(':');
    return { kind: 'choice', test, yes, no: this.#assignment() };
  }

  #binary(least: number): Expression {
    let left = this.#unary();
    for (;;) {
      left = this.#passTypes(left);
      const token = this.#tokens.peek();
      if (token.kind !== 'sign') return left;
      if (token.text === '==' || token.text === '!=')
        throw this.#tokens.fault(`${token.text} is not known here: write ${token.text}=`);
      const binding = BINDING[token.text];
      if (binding === undefined || binding < least) return left;
      this.#tokens.take();
      const sign = token.text;
      const right = this.#tokens.nested(() => this.#binary(sign === '**' ? binding : binding + 1));
      if (LOGICAL.has(sign)) left = { kind: 'logical', sign: sign as '&&' | '||' | '??', left, right };
      else left = { kind: 'binary', sign, left, right, at: token.at };
    }
  }

  /** `as` and `satisfies` say something to TypeScript and compute nothing. */
  #passTypes(left: Expression): Expression {
    while (this.#tokens.is('as', 'satisfies') && !this.#tokens.peek().startsLine) {
      this.#tokens.take();
      if (!this.#tokens.has('const')) skipType(this.#tokens);
    }
    return left;
  }

  #unary(): Expression {
    const tokens = this.#tokens;
    const { at } = tokens;
    if (tokens.is('-', '+', '!')) {
      const sign = (['-', '+', '!'] as const).find((each) => tokens.has(each)) ?? '!';
      const of = tokens.nested(() => this.#unary());
      if (tokens.is('**')) throw tokens.fault('brackets are missing: -a ** b can be read in two ways');
      return { kind: 'unary', sign, of, at };
    }
    if (tokens.has('typeof'))
      return { kind: 'unary', sign: 'typeof', of: tokens.nested(() => this.#unary()), at };
    if (tokens.is('++', '--')) {
      const by = this.#stepSign();
      return {
        kind: 'step',
        by,
        isPrefix: true,
        target: this.#target(
          tokens.nested(() => this.#unary()),
          at,
        ),
        at,
      };
    }
    const inner = this.#postfix(this.#primary());
    if (tokens.is('++', '--') && !tokens.peek().startsLine) {
      const by = this.#stepSign();
      return { kind: 'step', by, isPrefix: false, target: this.#target(inner, at), at };
    }
    return inner;
  }

  #stepSign(): 1 | -1 {
    if (this.#tokens.has('++')) return 1;
    this.#tokens.expect('--');
    return -1;
  }

  #postfix(start: Expression): Expression {
    const tokens = this.#tokens;
    let [left, skips] = [start, false];
    for (;;) {
      const { at } = tokens;
      if (tokens.is('[', '(') && tokens.peek().startsLine) break;
      if (tokens.has('.')) left = memberOf(left, tokens.name(), false, at);
      else if (tokens.has('?.')) {
        skips = true;
        if (tokens.is('(')) left = { kind: 'call', callee: left, args: this.#args(), isOptional: true, at };
        else if (tokens.is('[')) left = this.#index(left, true);
        else left = memberOf(left, tokens.name(), true, at);
      } else if (tokens.is('[')) left = this.#index(left, false);
      else if (tokens.is('('))
        left = { kind: 'call', callee: left, args: this.#args(), isOptional: false, at };
      else if (tokens.is('!') && !tokens.peek().startsLine && !tokens.isAhead(1, '=', '==')) tokens.take();
      else break;
    }
    return skips ? { kind: 'chain', of: left } : left;
  }

  #index(of: Expression, isOptional: boolean): Expression {
    const { at } = this.#tokens;
    this.#tokens.expect('[');
    const key = this.#choiceOff(() => this.#expression());
    this.#tokens.expect(']');
    return { kind: 'member', of, key, isOptional, at };
  }

  #args(): readonly Item[] {
    this.#tokens.expect('(');
    return this.#items(')');
  }

  #items(end: string): readonly Item[] {
    return this.#choiceOff(() => {
      const items: Item[] = [];
      while (!this.#tokens.has(end)) {
        const spreads = this.#tokens.has('...');
        items.push({ spreads, value: this.#assignment() });
        if (!this.#tokens.is(end)) this.#tokens.expect(',');
      }
      return items;
    });
  }

  #primary(): Expression {
    const tokens = this.#tokens;
    const { at } = tokens;
    const token = tokens.peek();
    if (token.kind === 'number' || token.kind === 'text') {
      tokens.take();
      return { kind: 'literal', value: token.value };
    }
    if (token.kind === 'template') {
      tokens.take();
      const inner = token.inner.map((each) => new Parser(each).alone());
      return { kind: 'template', pieces: token.pieces, inner, at };
    }
    if (tokens.has('(')) {
      const inner = this.#choiceOff(() => this.#expression());
      tokens.expect(')');
      return inner;
    }
    if (tokens.has('[')) return { kind: 'list', items: this.#items(']'), at };
    if (tokens.is('{')) return this.#dict();
    if (tokens.is('function')) return this.#function(false);
    if (tokens.has('true')) return { kind: 'literal', value: true };
    if (tokens.has('false')) return { kind: 'literal', value: false };
    if (tokens.has('null')) return { kind: 'literal', value: null };
    if (tokens.has('undefined')) return { kind: 'literal', value: undefined };
    if (tokens.has('new')) return this.#newError();
    if (token.kind === 'name') {
      tokens.take();
      return { kind: 'name', name: allowed(token.text, tokens, at), at };
    }
    throw tokens.fault(`${tokens.shown()} is not expected here`);
  }

  /** A whole expression with nothing after it. */
  alone(): Expression {
    const inner = this.#expression();
    if (this.#tokens.peek().kind !== 'end')
      throw this.#tokens.fault(`${this.#tokens.shown()} is not expected here`);
    return inner;
  }

  /** `new Error('…')`, for what follows `throw`: its text. */
  #newError(): Expression {
    const { at } = this.#tokens;
    const name = this.#tokens.name();
    if (name !== 'Error') throw this.#tokens.fault(whyUnknown(name) ?? `new ${name} is not known here`, at);
    const [first] = this.#args();
    return first?.value ?? { kind: 'literal', value: 'it gave no reason' };
  }

  #dict(): Expression {
    const tokens = this.#tokens;
    const { at } = tokens;
    tokens.expect('{');
    const entries: Entry[] = [];
    this.#choiceOff(() => {
      while (!tokens.has('}')) {
        entries.push(this.#entry());
        if (!tokens.is('}')) tokens.expect(',');
      }
    });
    return { kind: 'dict', entries, at };
  }

  #entry(): Entry {
    const tokens = this.#tokens;
    const { at } = tokens;
    if (tokens.has('...')) return { kind: 'spread', value: this.#assignment() };
    if (tokens.is('[')) {
      tokens.take();
      const key = this.#expression();
      tokens.expect(']');
      tokens.expect(':');
      return { kind: 'entry', key, value: this.#assignment() };
    }
    const token = tokens.take();
    if (token.kind === 'sign' || token.kind === 'template' || token.kind === 'end')
      throw tokens.fault('a name is missing here', token.at);
    if (token.kind === 'name' && token.text === 'async')
      throw tokens.fault('"async" is not known here: a strategy answers at once', at);
    const text = 'value' in token ? String(token.value) : token.text;
    const key: Expression = { kind: 'literal', value: text };
    if (tokens.is('(')) return { kind: 'entry', key, value: this.#afterName(text, at) };
    if (tokens.has(':')) return { kind: 'entry', key, value: this.#assignment() };
    if (token.kind !== 'name') throw tokens.fault(': is missing here');
    return { kind: 'entry', key, value: { kind: 'name', name: allowed(text, tokens, at), at } };
  }
}

function memberOf(of: Expression, key: string, isOptional: boolean, at: Token['at']): Expression {
  return { kind: 'member', of, key: { kind: 'literal', value: key }, isOptional, at };
}

/** @throws StrategyFault for a name by which programs reach what is none of a strategy's business. */
function allowed(name: string, tokens: TokenStream, at: Token['at']): string {
  const why = whyUnknown(name);
  if (why !== null) throw tokens.fault(why, at);
  return name;
}
