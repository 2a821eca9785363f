import type { Place } from './strategy-fault.ts';

/** What an expression of a strategy is made of. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: number | string | boolean | null | undefined }
  | {
      readonly kind: 'template';
      readonly pieces: readonly string[];
      readonly inner: readonly Expression[];
      readonly at: Place;
    }
  | { readonly kind: 'name'; readonly name: string; readonly at: Place }
  | { readonly kind: 'list'; readonly items: readonly Item[]; readonly at: Place }
  | { readonly kind: 'dict'; readonly entries: readonly Entry[]; readonly at: Place }
  | FunctionExpression
  | {
      readonly kind: 'unary';
      readonly sign: '-' | '+' | '!' | 'typeof';
      readonly of: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'binary';
      readonly sign: string;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'logical';
      readonly sign: '&&' | '||' | '??';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | {
      readonly kind: 'assign';
      readonly sign: string;
      readonly target: Target;
      readonly value: Expression;
      readonly at: Place;
    }
  | {
      readonly kind: 'step';
      readonly by: 1 | -1;
      readonly isPrefix: boolean;
      readonly target: Target;
      readonly at: Place;
    }
  | MemberExpression
  | {
      readonly kind: 'call';
      readonly callee: Expression;
      readonly args: readonly Item[];
      readonly isOptional: boolean;
      readonly at: Place;
    }
  /** Where what `?.` skips ends. */
  | { readonly kind: 'chain'; readonly of: Expression };

export interface MemberExpression {
  readonly kind: 'member';
  readonly of: Expression;
  readonly key: Expression;
  readonly isOptional: boolean;
  readonly at: Place;
}

export interface FunctionExpression {
  readonly kind: 'function';
  readonly name: string;
  readonly params: readonly Pattern[];
  readonly rest: Pattern | null;
  readonly body: readonly Statement[];
  readonly at: Place;
}

export type Target = Extract<Expression, { readonly kind: 'name' | 'member' }>;

/** An element, or the elements of another list. */
export interface Item {
  readonly spreads: boolean;
  readonly value: Expression;
}

export type Entry =
  | { readonly kind: 'entry'; readonly key: Expression; readonly value: Expression }
  | { readonly kind: 'spread'; readonly value: Expression };

/** What a value is given to: a name, or names for its parts. */
export type Pattern = { readonly fallback: Expression | null; readonly at: Place } & (
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'dict'; readonly parts: readonly { readonly key: string; readonly pattern: Pattern }[] }
  | { readonly kind: 'list'; readonly parts: readonly (Pattern | null)[]; readonly rest: Pattern | null }
);

export type Statement =
  | {
      readonly kind: 'declare';
      readonly isConst: boolean;
      readonly items: readonly Declared[];
      readonly at: Place;
    }
  | { readonly kind: 'function'; readonly of: FunctionExpression }
  | { readonly kind: 'expression'; readonly of: Expression; readonly at: Place }
  | { readonly kind: 'if'; readonly test: Expression; readonly yes: Statement; readonly no: Statement | null }
  | {
      readonly kind: 'while';
      readonly test: Expression;
      readonly body: Statement;
      readonly testsFirst: boolean;
      readonly at: Place;
    }
  | {
      readonly kind: 'for';
      readonly start: Statement | null;
      readonly test: Expression | null;
      readonly step: Expression | null;
      readonly body: Statement;
      readonly at: Place;
    }
  | {
      readonly kind: 'for-of';
      readonly pattern: Pattern;
      readonly isConst: boolean;
      readonly list: Expression;
      readonly body: Statement;
      readonly at: Place;
    }
  | { readonly kind: 'switch'; readonly of: Expression; readonly cases: readonly SwitchCase[] }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'return'; readonly of: Expression | null }
  | { readonly kind: 'throw'; readonly of: Expression; readonly at: Place }
  | { readonly kind: 'break' | 'continue'; readonly at: Place };

export interface Declared {
  readonly pattern: Pattern;
  readonly value: Expression | null;
}

export interface SwitchCase {
  /** Null: where nothing else is the same. */
  readonly test: Expression | null;
  readonly body: readonly Statement[];
}

/** A strategy's file: what it declares, and what it gives out. */
export interface StrategyFile {
  readonly body: readonly Statement[];
  readonly exported: Expression;
}
