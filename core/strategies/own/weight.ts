import type { Expression, Item, Pattern, Statement } from './syntax.ts';

/** Parts of an expression, or names of a block, that are one more step: nobody writes more into a line. */
const PARTS_OF_A_STEP = 32;

/** The steps that something of so many parts takes beside its own. */
export function stepsOf(parts: number): number {
  return Math.floor(parts / PARTS_OF_A_STEP);
}

/** Of how many parts a statement itself is, without the statements in it: those are counted when they are run. */
export function partsOfStatement(statement: Statement): number {
  switch (statement.kind) {
    case 'declare':
      return sum(statement.items, ({ pattern, value }) => partsOfPattern(pattern) + partsOf(value));
    case 'expression':
    case 'throw':
    case 'return':
      return partsOf(statement.of);
    case 'if':
      return partsOf(statement.test);
    case 'switch':
      return partsOf(statement.of) + sum(statement.cases, ({ test }) => 1 + partsOf(test));
    case 'for-of':
      return partsOf(statement.list);
    case 'while':
    case 'for':
    case 'function':
    case 'block':
    case 'break':
    case 'continue':
      // A loop counts each of its turns.
      return 1;
  }
}

/** Of how many parts an expression is. A function in it is one: what it does is counted when it is called. */
export function partsOf(expression: Expression | null): number {
  if (expression === null) return 0;
  switch (expression.kind) {
    case 'literal':
    case 'name':
    case 'function':
      return 1;
    case 'template':
      return 1 + sum(expression.inner, partsOf);
    case 'list':
      return 1 + partsOfItems(expression.items);
    case 'dict':
      return (
        1 +
        sum(expression.entries, (entry) =>
          entry.kind === 'entry' ? partsOf(entry.key) + partsOf(entry.value) : partsOf(entry.value),
        )
      );
    case 'unary':
    case 'chain':
      return 1 + partsOf(expression.of);
    case 'binary':
    case 'logical':
      return 1 + partsOf(expression.left) + partsOf(expression.right);
    case 'choice':
      return 1 + partsOf(expression.test) + partsOf(expression.yes) + partsOf(expression.no);
    case 'assign':
      return 1 + partsOf(expression.target) + partsOf(expression.value);
    case 'step':
      return 1 + partsOf(expression.target);
    case 'member':
      return 1 + partsOf(expression.of) + partsOf(expression.key);
    case 'call':
      return 1 + partsOf(expression.callee) + partsOfItems(expression.args);
  }
}

/** Of how many parts it is what a value is given to. */
export function partsOfPattern(pattern: Pattern | null): number {
  if (pattern === null) return 1;
  const own = 1 + partsOf(pattern.fallback);
  if (pattern.kind === 'name') return own;
  if (pattern.kind === 'dict') return own + sum(pattern.parts, (part) => partsOfPattern(part.pattern));
  return (
    own + sum(pattern.parts, partsOfPattern) + (pattern.rest === null ? 0 : partsOfPattern(pattern.rest))
  );
}

function partsOfItems(items: readonly Item[]): number {
  return sum(items, ({ value }) => partsOf(value));
}

function sum<T>(items: readonly T[], parts: (item: T) => number): number {
  return items.reduce((total, item) => total + parts(item), 0);
}
