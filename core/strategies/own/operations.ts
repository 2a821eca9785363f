import { isForbiddenKey, whyUnknown } from './forbidden-names.ts';
import { methodOf } from './natives.ts';
import { type Place, StrategyFault } from './strategy-fault.ts';
import { Dict, kindOf, List, type Meter, type Value } from './values.ts';

/** What `?.` has skipped: reaches no strategy. */
export const SKIPPED: Value = new Dict(new Map(), true);

type Compute = (left: Value, right: Value, meter: Meter) => Value;

const ON_NUMBERS: Readonly<Record<string, (left: number, right: number) => Value>> = {
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
  '**': (left, right) => left ** right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
};

/**
 * What a sign makes of two values. Numbers only, and texts for `+`: what is missing would become no number there, and no
 * number a trade.
 */
export function computed(sign: string, at: Place): Compute {
  if (sign === '===') return (left, right) => left === right;
  if (sign === '!==') return (left, right) => left !== right;
  if (sign === '+') return (left, right, meter) => added(left, right, meter, at);
  const compute = ON_NUMBERS[sign];
  if (compute === undefined) throw new StrategyFault('not-understood', `${sign} is not known here`, at);
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') return compute(left, right);
    throw noNumber(typeof left === 'number' ? right : left, sign, at);
  };
}

function added(left: Value, right: Value, meter: Meter, at: Place): Value {
  if (typeof left === 'number' && typeof right === 'number') return left + right;
  const isText = typeof left === 'string' || typeof right === 'string';
  const parts = [left, right];
  if (!isText || !parts.every((part) => typeof part === 'string' || typeof part === 'number'))
    throw noNumber(typeof left === 'number' ? right : left, '+', at);
  const text = `${String(left)}${String(right)}`;
  meter.write(text.length);
  return text;
}

function noNumber(value: Value, sign: string, at: Place): StrategyFault {
  return new StrategyFault('broken', `${kindOf(value)} beside ${sign}, where a number is needed`, at);
}

/** A value's member. @throws StrategyFault where it has none of this name, or none at all. */
export function read(of: Value, key: Value, at: Place): Value {
  if (of instanceof List) {
    if (typeof key === 'number') return of.items[key];
    if (key === 'length') return of.items.length;
  }
  if (of instanceof Dict && (typeof key === 'string' || typeof key === 'number')) {
    const name = String(key);
    refuseForbidden(name, at);
    const value = of.entries.get(name);
    if (value !== undefined || !of.isFixed || of.entries.has(name)) return value;
  }
  if (typeof of === 'string') {
    if (typeof key === 'number') return of[key];
    if (key === 'length') return of.length;
  }
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : kindOf(key);
  refuseForbidden(name, at);
  if (methodOf(of, name) !== null)
    throw new StrategyFault('broken', `${name} has to be called: ${name}(…)`, at);
  throw new StrategyFault('broken', `${kindOf(of)} has no ${name}`, at);
}

function refuseForbidden(name: string, at: Place): void {
  if (!isForbiddenKey(name)) return;
  throw new StrategyFault('broken', whyUnknown(name) ?? `${name}: a strategy makes no programs`, at);
}

/** Gives a value to a list's place or an object's key. @throws StrategyFault where that cannot be. */
export function setMember(of: Value, key: Value, value: Value, meter: Meter, at: Place): void {
  if ((of instanceof List || of instanceof Dict) && of.isFixed)
    throw new StrategyFault('broken', 'what the program gives cannot be changed: copy it first', at);
  if (of instanceof Dict && (typeof key === 'string' || typeof key === 'number')) {
    const name = String(key);
    refuseForbidden(name, at);
    meter.make(1);
    of.entries.set(name, value);
    return;
  }
  if (of instanceof List && typeof key === 'number') {
    if (!(Number.isInteger(key) && key >= 0 && key <= of.items.length))
      throw new StrategyFault('broken', `a list of ${of.items.length} has no place ${key}`, at);
    meter.make(1);
    of.items[key] = value;
    return;
  }
  throw new StrategyFault(
    'broken',
    `${kindOf(of)} takes no ${typeof key === 'string' ? key : kindOf(key)}`,
    at,
  );
}
