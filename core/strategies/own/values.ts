import { StrategyFault } from './strategy-fault.ts';
import { stepsOf } from './weight.ts';

/**
 * What a strategy computes with. Lists and dicts are the interpreter's own: no value leads to a prototype, a constructor or
 * anything else of the program that reads it.
 */
export type Value = number | string | boolean | null | undefined | List | Dict | Routine;

export class List {
  readonly items: Value[];
  /** Prices are read only. */
  readonly isFixed: boolean;

  constructor(items: Value[], isFixed = false) {
    this.items = items;
    this.isFixed = isFixed;
  }
}

export class Dict {
  readonly entries: Map<string, Value>;
  readonly isFixed: boolean;

  constructor(entries: Map<string, Value>, isFixed = false) {
    this.entries = entries;
    this.isFixed = isFixed;
  }
}

/** A function, the strategy's or ours. */
export class Routine {
  readonly name: string;
  readonly run: (args: readonly Value[], meter: Meter) => Value;

  constructor(name: string, run: (args: readonly Value[], meter: Meter) => Value) {
    this.name = name;
    this.run = run;
  }

  call(args: readonly Value[], meter: Meter): Value {
    meter.enter();
    const result = this.run(args, meter);
    meter.leave();
    return result;
  }
}

/** What one answer may cost. Counted and not timed, so that every machine stops at the same place. */
export interface Allowance {
  /** Statements, calls, and elements that are gone through. */
  readonly steps: number;
  /** Elements and letters that are made. */
  readonly cells: number;
}

const DEEPEST_CALL = 60;
const LONGEST_TEXT = 10_000;

/** Counts what an answer has cost. */
export class Meter {
  readonly #allowance: Allowance;
  #steps = 0;
  #cells = 0;
  #depth = 0;

  constructor(allowance: Allowance) {
    this.#allowance = allowance;
  }

  get steps(): number {
    return this.#steps;
  }

  /** @throws StrategyFault when the answer takes longer than it may. */
  step(count = 1): void {
    this.#steps += count;
    if (this.#steps <= this.#allowance.steps) return;
    const most = this.#allowance.steps.toLocaleString('en');
    throw new StrategyFault('too-long', `it had not answered after ${most} steps: a loop that never ends?`);
  }

  /** @throws StrategyFault when it would take more memory than it may; before that is taken. */
  make(count: number): void {
    this.#cells += count;
    if (this.#cells <= this.#allowance.cells) return;
    const most = this.#allowance.cells.toLocaleString('en');
    throw new StrategyFault('too-much', `it makes more than ${most} values and letters for one answer`);
  }

  /**
   * The names of a block or a function that is run: they take time when they are made, and memory as long as a function
   * made there is kept.
   */
  hold(names: number): void {
    this.step(stepsOf(names));
    this.make(Math.floor(names / 8));
  }

  /** @throws StrategyFault for a text that is longer than one may be: comparing two takes as long as they are. */
  write(letters: number): void {
    if (letters > LONGEST_TEXT)
      throw new StrategyFault(
        'too-much',
        `it makes a text of more than ${LONGEST_TEXT.toLocaleString('en')} letters`,
      );
    this.make(letters);
  }

  enter(): void {
    this.step();
    this.#depth += 1;
    if (this.#depth > DEEPEST_CALL)
      throw new StrategyFault('too-much', `its functions call one another more than ${DEEPEST_CALL} deep`);
  }

  leave(): void {
    this.#depth -= 1;
  }
}

export function isTrue(value: Value): boolean {
  return Boolean(value);
}

/** What a value is, in the words of a fault. */
export function kindOf(value: Value): string {
  if (value === undefined) return 'undefined';
  if (value === null) return 'null';
  if (value instanceof List) return 'a list';
  if (value instanceof Dict) return 'an object';
  if (value instanceof Routine) return 'a function';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}

export function numberOf(value: Value, what: string): number {
  if (typeof value === 'number') return value;
  throw new StrategyFault('broken', `${what} is ${kindOf(value)}, and has to be a number`);
}

export function listOf(value: Value, what: string): readonly Value[] {
  if (value instanceof List) return value.items;
  throw new StrategyFault('broken', `${what} is ${kindOf(value)}, and has to be a list`);
}

export function numbersOf(value: Value, what: string): readonly number[] {
  return listOf(value, what).map((item, index) => numberOf(item, `element ${index} of ${what}`));
}

/** As a text in a template. */
export function shown(value: Value): string {
  if (value instanceof List || value instanceof Dict || value instanceof Routine) {
    throw new StrategyFault(
      'broken',
      `${kindOf(value)} cannot be written into a text: name what of it you mean`,
    );
  }
  return String(value);
}
