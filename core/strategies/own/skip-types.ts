import type { TokenStream } from './token-stream.ts';

const PREFIXES = ['readonly', 'keyof', 'typeof'] as const;
const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '(': ')' };

/** Passes over a type: what TypeScript is told of a value changes nothing that is computed. */
export function skipType(tokens: TokenStream): void {
  tokens.nested(() => {
    if (tokens.is('|', '&')) tokens.take();
    while (tokens.is(...PREFIXES) && tokens.peek(1).kind !== 'end') tokens.take();
    skipOne(tokens);
    while (tokens.is('[') && !tokens.peek().startsLine) skipBalanced(tokens, '[');
    if (tokens.is('|', '&')) {
      tokens.take();
      skipType(tokens);
    }
  });
}

function skipOne(tokens: TokenStream): void {
  const token = tokens.peek();
  if (token.kind === 'text' || token.kind === 'number') {
    tokens.take();
    return;
  }
  if (tokens.has('-')) {
    tokens.take();
    return;
  }
  if (tokens.is('{', '[')) {
    skipBalanced(tokens, tokens.is('{') ? '{' : '[');
    return;
  }
  if (tokens.is('(')) {
    skipBalanced(tokens, '(');
    if (tokens.has('=>')) skipType(tokens);
    return;
  }
  tokens.name();
  while (tokens.has('.')) tokens.name();
  if (tokens.is('<')) skipArguments(tokens);
}

function skipArguments(tokens: TokenStream): void {
  tokens.expect('<');
  do skipType(tokens);
  while (tokens.has(','));
  tokens.expect('>');
}

function skipBalanced(tokens: TokenStream, open: string): void {
  const end = tokens.closing(open, CLOSING[open] ?? open, 0);
  tokens.backTo(tokens.place + end + 1);
}

/** Passes over `interface X { … }`, `type X = …;` and `import type …`. @returns whether there was one. */
export function skipDeclarationOfTypes(tokens: TokenStream): boolean {
  if (tokens.is('interface') && tokens.peek(1).kind === 'name') {
    tokens.take();
    tokens.name();
    while (!tokens.is('{')) {
      if (tokens.peek().kind === 'end') throw tokens.fault('an interface without {');
      tokens.take();
    }
    skipBalanced(tokens, '{');
    return true;
  }
  if (tokens.is('type') && tokens.peek(1).kind === 'name' && tokens.isAhead(2, '=')) {
    tokens.take();
    tokens.name();
    tokens.expect('=');
    skipType(tokens);
    tokens.endStatement();
    return true;
  }
  if (!tokens.is('import')) return false;
  if (!tokens.isAhead(1, 'type'))
    throw tokens.fault(
      'a strategy brings in nothing: only "import type" is known, and everything it can use is there already',
    );
  while (tokens.peek().kind !== 'text') {
    if (tokens.peek().kind === 'end') throw tokens.fault('an import without a file');
    tokens.take();
  }
  tokens.take();
  tokens.endStatement();
  return true;
}
