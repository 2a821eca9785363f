import { Frame, type Name, Scope, type Slot, UNSET } from './frames.ts';
import { methodOf } from './natives.ts';
import { computed, read, SKIPPED, setMember } from './operations.ts';
import { type Place, StrategyFault } from './strategy-fault.ts';
import type {
  Entry,
  Expression,
  FunctionExpression,
  Item,
  Pattern,
  Statement,
  StrategyFile,
  Target,
} from './syntax.ts';
import { Dict, isTrue, kindOf, List, type Meter, numberOf, Routine, shown, type Value } from './values.ts';
import { partsOf, partsOfPattern, partsOfStatement, stepsOf } from './weight.ts';

/** One answer that is being made. */
interface Run {
  readonly meter: Meter;
  /** What the function in hand gives back. */
  result: Value;
}

type Code = (frame: Frame, run: Run) => Value;
/** How it goes on after a statement. */
type Next = 'on' | 'break' | 'continue' | 'return';
type Act = (frame: Frame, run: Run) => Next;
/** Gives a value to a name or a member. */
type Give = (frame: Frame, run: Run, value: Value) => void;

/**
 * A strategy's file as it is run: everything it declares is made anew each time, so that nothing is kept between two
 * answers. Runs as closures over values of its own (`values.ts`), never as a program of this machine: what is not among
 * the globals cannot be named, and no value leads to anything else.
 */
export type Program = (meter: Meter) => Value;

/** @throws StrategyFault for names that are not known. */
export function compile({ body, exported }: StrategyFile, globals: ReadonlyMap<string, Value>): Program {
  const outermost = new Scope(null);
  const values: Slot[] = [];
  for (const [name, value] of globals) {
    outermost.declare(name, true, { line: 0, column: 0 });
    values.push(value);
  }
  // The last statement of the file gives the strategy out.
  const act = block([...body, { kind: 'return', of: exported }], new Scope(outermost, true), true);
  return (meter) => {
    const run: Run = { meter, result: undefined };
    act(new Frame(new Frame(null, values), []), run);
    return run.result;
  };
}

/** @param always makes a frame also where nothing is declared. */
function block(body: readonly Statement[], scope: Scope, always = false): Act {
  const own = always ? scope : new Scope(scope);
  for (const statement of body) declareAll(statement, own);
  const needsFrame = !always && own.size > 0;
  const inner = needsFrame || always ? own : scope;
  const functions = body.flatMap((each) => (each.kind === 'function' ? [hoisted(each.of, inner)] : []));
  const acts = body.flatMap((each) =>
    each.kind === 'function'
      ? []
      : [{ act: statementOf(each, inner), steps: 1 + stepsOf(partsOfStatement(each)) }],
  );
  const { size } = own;
  return (outer, run) => {
    const frame = needsFrame ? frameOf(outer, size, run.meter) : outer;
    if (!needsFrame && always) for (let slot = 0; slot < size; slot += 1) frame.slots[slot] = UNSET;
    for (const hoist of functions) hoist(frame, run);
    for (const { act, steps } of acts) {
      run.meter.step(steps);
      const next = act(frame, run);
      if (next !== 'on') return next;
    }
    return 'on';
  };
}

/** A frame in which nothing has a value yet. What many names take is counted, before it is taken. */
function frameOf(outer: Frame, size: number, meter: Meter): Frame {
  meter.hold(size);
  return new Frame(outer, new Array<Slot>(size).fill(UNSET));
}

function hoisted(of: FunctionExpression, scope: Scope): (frame: Frame, run: Run) => void {
  const name = scope.own(of.name);
  const make = functionOf(of, scope);
  if (name === undefined) throw new StrategyFault('not-understood', 'a function needs a name here', of.at);
  return (frame, run) => {
    frame.slots[name.slot] = make(frame, run);
  };
}

function declareAll(statement: Statement, scope: Scope): void {
  if (statement.kind === 'function') scope.declare(statement.of.name, true, statement.of.at);
  if (statement.kind !== 'declare') return;
  for (const { pattern } of statement.items) declarePattern(pattern, scope, statement.isConst);
}

function declarePattern(pattern: Pattern, scope: Scope, isConst: boolean): void {
  if (pattern.kind === 'name') {
    scope.declare(pattern.name, isConst, pattern.at);
    return;
  }
  for (const part of pattern.parts) {
    if (part !== null) declarePattern('pattern' in part ? part.pattern : part, scope, isConst);
  }
  if (pattern.kind === 'list' && pattern.rest !== null) declarePattern(pattern.rest, scope, isConst);
}

function statementOf(statement: Statement, scope: Scope): Act {
  switch (statement.kind) {
    case 'declare':
      return declaration(statement, scope);
    case 'function':
      throw new StrategyFault(
        'not-understood',
        'a function can be declared only in a block',
        statement.of.at,
      );
    case 'expression': {
      const code = codeOf(statement.of, scope);
      return (frame, run) => {
        code(frame, run);
        return 'on';
      };
    }
    case 'if': {
      const test = codeOf(statement.test, scope);
      const yes = block([statement.yes], scope);
      const no = statement.no === null ? null : block([statement.no], scope);
      return (frame, run) => {
        if (isTrue(test(frame, run))) return yes(frame, run);
        return no === null ? 'on' : no(frame, run);
      };
    }
    case 'while':
      return whileLoop(statement, scope);
    case 'for':
      return forLoop(statement, scope);
    case 'for-of':
      return forOfLoop(statement, scope);
    case 'switch':
      return switchOf(statement, scope);
    case 'block':
      return block(statement.body, scope);
    case 'return': {
      const code = statement.of === null ? null : codeOf(statement.of, scope);
      return (frame, run) => {
        run.result = code === null ? undefined : code(frame, run);
        return 'return';
      };
    }
    case 'throw': {
      const code = codeOf(statement.of, scope);
      return (frame, run) => {
        throw new StrategyFault('broken', `it stopped itself: ${shown(code(frame, run))}`, statement.at);
      };
    }
    case 'break':
      return () => 'break';
    case 'continue':
      return () => 'continue';
  }
}

function declaration(statement: Extract<Statement, { kind: 'declare' }>, scope: Scope): Act {
  const items = statement.items.map(({ pattern, value }) => {
    if (value === null && (statement.isConst || pattern.kind !== 'name'))
      throw new StrategyFault('not-understood', 'a value is missing: write = and what it is', pattern.at);
    return { give: giveTo(pattern, scope), code: value === null ? null : codeOf(value, scope) };
  });
  return (frame, run) => {
    for (const { give, code } of items) give(frame, run, code === null ? undefined : code(frame, run));
    return 'on';
  };
}

/** Gives a value to the names of a pattern that this block declares. */
function giveTo(pattern: Pattern, scope: Scope): Give {
  const bare = giveToBare(pattern, scope);
  if (pattern.fallback === null) return bare;
  const fallback = codeOf(pattern.fallback, scope);
  return (frame, run, value) => bare(frame, run, value === undefined ? fallback(frame, run) : value);
}

function giveToBare(pattern: Pattern, scope: Scope): Give {
  if (pattern.kind === 'name') {
    const name = scope.own(pattern.name);
    if (name === undefined) throw new TypeError(`${pattern.name} is declared before it is given a value`);
    return (frame, _run, value) => {
      frame.slots[name.slot] = value;
    };
  }
  const { at } = pattern;
  if (pattern.kind === 'dict') {
    const parts = pattern.parts.map((part) => ({ key: part.key, give: giveTo(part.pattern, scope) }));
    return (frame, run, value) => {
      for (const { key, give } of parts) give(frame, run, read(value, key, at));
    };
  }
  const parts = pattern.parts.map((part) => (part === null ? null : giveTo(part, scope)));
  const rest = pattern.rest === null ? null : giveTo(pattern.rest, scope);
  return (frame, run, value) => {
    if (!(value instanceof List))
      throw new StrategyFault('broken', `${kindOf(value)} is no list to take apart`, at);
    for (const [index, give] of parts.entries()) give?.(frame, run, value.items[index]);
    if (rest === null) return;
    const left = value.items.slice(parts.length);
    run.meter.make(left.length + 1);
    rest(frame, run, new List(left));
  };
}

function whileLoop(statement: Extract<Statement, { kind: 'while' }>, scope: Scope): Act {
  const test = codeOf(statement.test, scope);
  const body = block([statement.body], scope);
  const { testsFirst } = statement;
  const steps = 1 + stepsOf(partsOf(statement.test));
  return (frame, run) => {
    let isFirst = true;
    while ((isFirst && !testsFirst) || isTrue(test(frame, run))) {
      isFirst = false;
      run.meter.step(steps);
      const next = body(frame, run);
      if (next === 'break') break;
      if (next === 'return') return next;
    }
    return 'on';
  };
}

function forLoop({ start, test, step, body }: Extract<Statement, { kind: 'for' }>, scope: Scope): Act {
  const own = new Scope(scope, true);
  if (start !== null) declareAll(start, own);
  const begin = start === null ? null : statementOf(start, own);
  const goesOn = test === null ? null : codeOf(test, own);
  const forth = step === null ? null : codeOf(step, own);
  const act = block([body], own);
  const { size } = own;
  const steps = 1 + stepsOf(partsOf(test) + partsOf(step));
  return (outer, run) => {
    run.meter.step(start === null ? 0 : stepsOf(partsOfStatement(start)));
    let frame = frameOf(outer, size, run.meter);
    begin?.(frame, run);
    while (goesOn === null || isTrue(goesOn(frame, run))) {
      run.meter.step(steps);
      const next = act(frame, run);
      if (next === 'break') break;
      if (next === 'return') return next;
      // Functions that were made in this turn keep its values.
      run.meter.hold(size);
      frame = new Frame(outer, [...frame.slots]);
      forth?.(frame, run);
    }
    return 'on';
  };
}

function forOfLoop(statement: Extract<Statement, { kind: 'for-of' }>, scope: Scope): Act {
  const { pattern, isConst, at } = statement;
  const own = new Scope(scope, true);
  declarePattern(pattern, own, isConst);
  const list = codeOf(statement.list, scope);
  const give = giveTo(pattern, own);
  const act = block([statement.body], own);
  const { size } = own;
  const steps = 1 + stepsOf(partsOfPattern(pattern));
  return (outer, run) => {
    const over = list(outer, run);
    if (!(over instanceof List))
      throw new StrategyFault('broken', `${kindOf(over)} is no list to go through`, at);
    for (const item of over.items) {
      run.meter.step(steps);
      const frame = frameOf(outer, size, run.meter);
      give(frame, run, item);
      const next = act(frame, run);
      if (next === 'break') break;
      if (next === 'return') return next;
    }
    return 'on';
  };
}

function switchOf({ of, cases }: Extract<Statement, { kind: 'switch' }>, scope: Scope): Act {
  const value = codeOf(of, scope);
  const compiled = cases.map(({ test, body }) => ({
    test: test === null ? null : codeOf(test, scope),
    act: block(body, scope),
  }));
  return (frame, run) => {
    const found = value(frame, run);
    let at = compiled.findIndex(({ test }) => test !== null && test(frame, run) === found);
    if (at < 0) at = compiled.findIndex(({ test }) => test === null);
    for (const { act } of at < 0 ? [] : compiled.slice(at)) {
      const next = act(frame, run);
      if (next === 'break') return 'on';
      if (next !== 'on') return next;
    }
    return 'on';
  };
}

function codeOf(expression: Expression, scope: Scope): Code {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'template':
      return template(expression, scope);
    case 'name':
      return nameOf(expression.name, expression.at, scope);
    case 'list': {
      const items = itemsOf(expression.items, scope);
      return (frame, run) => {
        const made = items(frame, run);
        run.meter.make(made.length + 1);
        return new List(made);
      };
    }
    case 'dict':
      return dictOf(expression.entries, expression.at, scope);
    case 'function':
      return functionOf(expression, scope);
    case 'unary':
      return unary(expression, scope);
    case 'binary': {
      const { sign, at } = expression;
      const compute = computed(sign, at);
      const [left, right] = [codeOf(expression.left, scope), codeOf(expression.right, scope)];
      return (frame, run) => compute(left(frame, run), right(frame, run), run.meter);
    }
    case 'logical':
      return logical(expression, scope);
    case 'choice': {
      const test = codeOf(expression.test, scope);
      const [yes, no] = [codeOf(expression.yes, scope), codeOf(expression.no, scope)];
      return (frame, run) => (isTrue(test(frame, run)) ? yes(frame, run) : no(frame, run));
    }
    case 'assign':
      return assignment(expression, scope);
    case 'step': {
      const { target, by, isPrefix, at } = expression;
      const before = codeOf(target, scope);
      const give = giveToTarget(target, at, scope);
      return (frame, run) => {
        const value = numberOf(before(frame, run), 'what is counted');
        give(frame, run, value + by);
        return isPrefix ? value + by : value;
      };
    }
    case 'member': {
      const { at, isOptional } = expression;
      const [of, key] = [codeOf(expression.of, scope), codeOf(expression.key, scope)];
      return (frame, run) => {
        const value = of(frame, run);
        if (value === SKIPPED || (isOptional && (value === undefined || value === null))) return SKIPPED;
        return read(value, key(frame, run), at);
      };
    }
    case 'call':
      return callOf(expression, scope);
    case 'chain': {
      const code = codeOf(expression.of, scope);
      return (frame, run) => {
        const value = code(frame, run);
        return value === SKIPPED ? undefined : value;
      };
    }
  }
}

function template({ pieces, inner, at }: Extract<Expression, { kind: 'template' }>, scope: Scope): Code {
  const codes = inner.map((each) => codeOf(each, scope));
  const [first = '', ...rest] = pieces;
  return (frame, run) =>
    placed(at, () => {
      let text = first;
      for (const [index, code] of codes.entries()) text += shown(code(frame, run)) + (rest[index] ?? '');
      run.meter.write(text.length);
      return text;
    });
}

function nameOf(name: string, at: Place, scope: Scope): Code {
  const { depth, slot } = found(name, at, scope);
  return (from) => {
    let frame = from;
    for (let up = depth; up > 0; up -= 1) frame = frame.outer;
    const value = frame.slots[slot];
    if (value === UNSET) throw new StrategyFault('broken', `${name} is read before it has a value`, at);
    return value;
  };
}

function found(name: string, at: Place, from: Scope): Name & { readonly depth: number } {
  let depth = 0;
  for (let scope: Scope | null = from; scope !== null; scope = scope.parent) {
    const known = scope.own(name);
    if (known !== undefined) return { ...known, depth };
    // A block that declares nothing has no frame.
    if (scope.hasFrame) depth += 1;
  }
  throw new StrategyFault('not-understood', `${name} is not known here`, at);
}

function itemsOf(items: readonly Item[], scope: Scope): (frame: Frame, run: Run) => Value[] {
  const codes = items.map(({ spreads, value }) => ({ spreads, code: codeOf(value, scope) }));
  return (frame, run) => {
    const made: Value[] = [];
    for (const { spreads, code } of codes) {
      const value = code(frame, run);
      if (!spreads) made.push(value);
      else if (value instanceof List) {
        run.meter.step(value.items.length);
        run.meter.make(value.items.length);
        for (const item of value.items) made.push(item);
      } else throw new StrategyFault('broken', `${kindOf(value)} is no list for ...`);
    }
    return made;
  };
}

function dictOf(entries: readonly Entry[], at: Place, scope: Scope): Code {
  const codes = entries.map((entry) => ({
    key: entry.kind === 'entry' ? codeOf(entry.key, scope) : null,
    value: codeOf(entry.value, scope),
  }));
  return (frame, run) => {
    const made = new Dict(new Map());
    for (const { key, value } of codes) {
      const given = value(frame, run);
      if (key !== null) setMember(made, key(frame, run), given, run.meter, at);
      else if (given instanceof Dict) {
        run.meter.step(given.entries.size);
        for (const [name, each] of given.entries) setMember(made, name, each, run.meter, at);
      } else throw new StrategyFault('broken', `${kindOf(given)} is no object for ...`, at);
    }
    run.meter.make(1);
    return made;
  };
}

function functionOf({ name, params, rest, body }: FunctionExpression, scope: Scope): Code {
  const own = new Scope(scope, true);
  for (const param of params) declarePattern(param, own, false);
  if (rest !== null) declarePattern(rest, own, false);
  const gives = params.map((param) => giveTo(param, own));
  const giveRest = rest === null ? null : giveTo(rest, own);
  const act = block(body, own);
  const { size } = own;
  const steps = stepsOf(params.reduce((parts, param) => parts + partsOfPattern(param), 0));
  return (outer, { meter }) => {
    meter.make(1);
    return new Routine(name, (args, meter) => {
      meter.step(steps);
      const frame = frameOf(outer, size, meter);
      const run: Run = { meter, result: undefined };
      for (const [index, give] of gives.entries()) give(frame, run, args[index]);
      if (giveRest !== null) {
        meter.make(Math.max(0, args.length - gives.length) + 1);
        giveRest(frame, run, new List(args.slice(gives.length)));
      }
      act(frame, run);
      return run.result;
    });
  };
}

function unary({ sign, of, at }: Extract<Expression, { kind: 'unary' }>, scope: Scope): Code {
  const code = codeOf(of, scope);
  switch (sign) {
    case '!':
      return (frame, run) => !isTrue(code(frame, run));
    case '-':
      return (frame, run) => -placed(at, () => numberOf(code(frame, run), 'what has a minus'));
    case '+':
      return (frame, run) => placed(at, () => numberOf(code(frame, run), 'what has a plus'));
    case 'typeof':
      return (frame, run) => {
        const value = code(frame, run);
        if (value instanceof Routine) return 'function';
        return value instanceof List || value instanceof Dict ? 'object' : typeof value;
      };
  }
}

function logical({ sign, left, right }: Extract<Expression, { kind: 'logical' }>, scope: Scope): Code {
  const [first, second] = [codeOf(left, scope), codeOf(right, scope)];
  const stays = staysAt(sign);
  return (frame, run) => {
    const value = first(frame, run);
    return stays(value) ? value : second(frame, run);
  };
}

function staysAt(sign: string): (value: Value) => boolean {
  if (sign === '&&') return (value) => !isTrue(value);
  if (sign === '||') return isTrue;
  return (value) => value !== undefined && value !== null;
}

function assignment(
  { sign, target, value, at }: Extract<Expression, { kind: 'assign' }>,
  scope: Scope,
): Code {
  const give = giveToTarget(target, at, scope);
  const code = codeOf(value, scope);
  if (sign === '=') {
    return (frame, run) => {
      const given = code(frame, run);
      give(frame, run, given);
      return given;
    };
  }
  const before = codeOf(target, scope);
  const inner = sign.slice(0, -1);
  if (inner === '&&' || inner === '||' || inner === '??') {
    const stays = staysAt(inner);
    return (frame, run) => {
      const held = before(frame, run);
      if (stays(held)) return held;
      const given = code(frame, run);
      give(frame, run, given);
      return given;
    };
  }
  const compute = computed(inner, at);
  return (frame, run) => {
    const given = compute(before(frame, run), code(frame, run), run.meter);
    give(frame, run, given);
    return given;
  };
}

function giveToTarget(target: Target, at: Place, scope: Scope): Give {
  if (target.kind === 'member') {
    const [of, key] = [codeOf(target.of, scope), codeOf(target.key, scope)];
    return (frame, run, value) => setMember(of(frame, run), key(frame, run), value, run.meter, at);
  }
  const { depth, slot, isConst } = found(target.name, at, scope);
  if (isConst) throw new StrategyFault('not-understood', `${target.name} is const and keeps its value`, at);
  return (from, _run, value) => {
    let frame = from;
    for (let up = depth; up > 0; up -= 1) frame = frame.outer;
    frame.slots[slot] = value;
  };
}

function callOf(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Code {
  const { callee, at, isOptional } = expression;
  const args = itemsOf(expression.args, scope);
  if (callee.kind !== 'member') {
    const routine = codeOf(callee, scope);
    return (frame, run) => {
      const value = routine(frame, run);
      if (value === SKIPPED || (isOptional && (value === undefined || value === null))) return SKIPPED;
      return placed(at, () => calledAt(value, args(frame, run), run.meter));
    };
  }
  const [of, key] = [codeOf(callee.of, scope), codeOf(callee.key, scope)];
  return (frame, run) => {
    const self = of(frame, run);
    if (self === SKIPPED || (callee.isOptional && (self === undefined || self === null))) return SKIPPED;
    const name = key(frame, run);
    const method = typeof name === 'string' ? methodOf(self, name) : null;
    if (method !== null) {
      return placed(at, () => {
        run.meter.enter();
        const result = method(args(frame, run), run.meter);
        run.meter.leave();
        return result;
      });
    }
    const value = read(self, name, callee.at);
    if (isOptional && (value === undefined || value === null)) return SKIPPED;
    return placed(at, () => calledAt(value, args(frame, run), run.meter));
  };
}

function calledAt(value: Value, args: readonly Value[], meter: Meter): Value {
  if (value instanceof Routine) return value.call(args, meter);
  throw new StrategyFault('broken', `${kindOf(value)} is no function`);
}

/** A fault that knows no place gets this one. */
function placed<T>(at: Place, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof StrategyFault) || error.place !== null) throw error;
    throw new StrategyFault(error.kind, error.message, at);
  }
}
