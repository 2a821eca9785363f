import { StrategyFault } from './strategy-fault.ts';
import {
  Dict,
  isTrue,
  kindOf,
  List,
  listOf,
  type Meter,
  numberOf,
  Routine,
  shown,
  type Value,
} from './values.ts';

type Native = (args: readonly Value[], meter: Meter) => Value;
type Method<T> = (self: T, args: readonly Value[], meter: Meter) => Value;

/** What a list can do. */
const LIST_METHODS: Readonly<Record<string, Method<List>>> = {
  map: ({ items }, [each], meter) =>
    made(
      gone(items, meter).map((item, index) => called(each, [item, index], meter)),
      meter,
    ),
  filter: ({ items }, [keep], meter) =>
    made(
      gone(items, meter).filter((item, index) => isTrue(called(keep, [item, index], meter))),
      meter,
    ),
  find: ({ items }, [test], meter) =>
    gone(items, meter).find((item, index) => isTrue(called(test, [item, index], meter))),
  findLast: ({ items }, [test], meter) =>
    gone(items, meter).findLast((item, index) => isTrue(called(test, [item, index], meter))),
  findIndex: ({ items }, [test], meter) =>
    gone(items, meter).findIndex((item, index) => isTrue(called(test, [item, index], meter))),
  some: ({ items }, [test], meter) =>
    gone(items, meter).some((item, index) => isTrue(called(test, [item, index], meter))),
  every: ({ items }, [test], meter) =>
    gone(items, meter).every((item, index) => isTrue(called(test, [item, index], meter))),
  forEach: ({ items }, [each], meter) => {
    gone(items, meter).forEach((item, index) => {
      called(each, [item, index], meter);
    });
    return undefined;
  },
  reduce: ({ items }, [each, ...start], meter) => {
    const first = start.length > 0 ? 0 : 1;
    if (first > items.length)
      throw new StrategyFault('broken', 'reduce of an empty list needs a value to start from');
    let sum = start.length > 0 ? start[0] : items[0];
    gone(items, meter)
      .slice(first)
      .forEach((item, index) => {
        sum = called(each, [sum, item, index + first], meter);
      });
    return sum;
  },
  slice: ({ items }, [from, to], meter) => made(gone(items, meter).slice(wholeOr(from), wholeOr(to)), meter),
  concat: ({ items }, others, meter) =>
    made(
      [
        ...gone(items, meter),
        ...others.flatMap((other) => (other instanceof List ? gone(other.items, meter) : [other])),
      ],
      meter,
    ),
  at: ({ items }, [place]) => items.at(numberOf(place, 'the place')),
  includes: ({ items }, [item], meter) => gone(items, meter).includes(item),
  indexOf: ({ items }, [item], meter) => gone(items, meter).indexOf(item),
  join: ({ items }, [between], meter) =>
    joined(gone(items, meter).map(shown), between === undefined ? ',' : shown(between), meter),
  toReversed: ({ items }, _args, meter) => made(gone(items, meter).toReversed(), meter),
  reverse: (list, _args, meter) => {
    gone(changed(list), meter);
    list.items.reverse();
    return list;
  },
  toSorted: ({ items }, [order], meter) => made(sorted(items, order, meter), meter),
  sort: (list, [order], meter) => {
    changed(list);
    sorted(list.items, order, meter).forEach((item, index) => {
      list.items[index] = item;
    });
    return list;
  },
  push: (list, items, meter) => {
    meter.make(items.length);
    return changed(list).push(...items);
  },
  pop: (list) => changed(list).pop(),
  shift: (list, _args, meter) => gone(changed(list), meter).shift(),
  unshift: (list, items, meter) => {
    meter.make(items.length);
    return gone(changed(list), meter).unshift(...items);
  },
};

const TEXT_METHODS: Readonly<Record<string, Method<string>>> = {
  toUpperCase: (self, _args, meter) => text(self.toUpperCase(), meter),
  toLowerCase: (self, _args, meter) => text(self.toLowerCase(), meter),
  trim: (self, _args, meter) => text(self.trim(), meter),
  includes: (self, [part], meter) => read(self, meter).includes(shown(part)),
  startsWith: (self, [part], meter) => read(self, meter).startsWith(shown(part)),
  endsWith: (self, [part], meter) => read(self, meter).endsWith(shown(part)),
  slice: (self, [from, to], meter) => text(self.slice(wholeOr(from), wholeOr(to)), meter),
  split: (self, [between], meter) => made(self.split(shown(between)), meter),
};

const NUMBER_METHODS: Readonly<Record<string, Method<number>>> = {
  toFixed: (self, [digits]) => self.toFixed(Math.min(20, Math.max(0, numberOf(digits ?? 0, 'toFixed')))),
};

/** A method of a value by its name; null: it has none of this name. */
export function methodOf(
  value: Value,
  name: string,
): ((args: readonly Value[], meter: Meter) => Value) | null {
  if (value instanceof List) return bound(LIST_METHODS, value, name);
  if (typeof value === 'string') return bound(TEXT_METHODS, value, name);
  return typeof value === 'number' ? bound(NUMBER_METHODS, value, name) : null;
}

function bound<T>(methods: Readonly<Record<string, Method<T>>>, self: T, name: string): Native | null {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  return method === undefined ? null : (args, meter) => method(self, args, meter);
}

/** @throws StrategyFault for a value that is no function. */
export function called(routine: Value, args: readonly Value[], meter: Meter): Value {
  if (!(routine instanceof Routine)) throw new StrategyFault('broken', `${kindOf(routine)} is no function`);
  return routine.call(args, meter);
}

const ONE_NUMBER = [
  'abs',
  'floor',
  'ceil',
  'round',
  'trunc',
  'sqrt',
  'cbrt',
  'exp',
  'log',
  'log2',
  'log10',
  'log1p',
  'expm1',
  'sign',
  'tanh',
] as const;

const MATH = dict({
  ...Object.fromEntries(
    ONE_NUMBER.map((name) => [
      name,
      native(`Math.${name}`, ([x]) => Math[name](numberOf(x, `Math.${name}`))),
    ]),
  ),
  pow: native('Math.pow', ([base, power]) => numberOf(base, 'Math.pow') ** numberOf(power, 'Math.pow')),
  max: native('Math.max', (args, meter) =>
    gone(args, meter).reduce<number>((most, x) => Math.max(most, numberOf(x, 'Math.max')), -Infinity),
  ),
  min: native('Math.min', (args, meter) =>
    gone(args, meter).reduce<number>((least, x) => Math.min(least, numberOf(x, 'Math.min')), Infinity),
  ),
  hypot: native('Math.hypot', (args) => Math.hypot(...args.map((x) => numberOf(x, 'Math.hypot')))),
  random: native('Math.random', () => {
    throw new StrategyFault(
      'broken',
      'Math.random: a strategy has no chance: the same prices must give the same answer',
    );
  }),
  PI: Math.PI,
  E: Math.E,
});

const NUMBER = dict({
  isFinite: native('Number.isFinite', ([x]) => Number.isFinite(x)),
  isNaN: native('Number.isNaN', ([x]) => Number.isNaN(x)),
  isInteger: native('Number.isInteger', ([x]) => Number.isInteger(x)),
  EPSILON: Number.EPSILON,
});

const OBJECT = dict({
  keys: native('Object.keys', ([of], meter) => made([...entriesOf(of, meter).keys()], meter)),
  values: native('Object.values', ([of], meter) => made([...entriesOf(of, meter).values()], meter)),
  entries: native('Object.entries', ([of], meter) =>
    made(
      [...entriesOf(of, meter)].map((pair) => made([...pair], meter)),
      meter,
    ),
  ),
});

const ARRAY = dict({
  isArray: native('Array.isArray', ([x]) => x instanceof List),
  from: native('Array.from', ([of, each], meter) => {
    const { items, length } = sourceOf(of);
    meter.step(length);
    meter.make(length);
    const whole = items ?? Array.from({ length }, () => undefined);
    return new List(
      each === undefined ? [...whole] : whole.map((item, index) => called(each, [item, index], meter)),
    );
  }),
});

/** What every strategy finds by name. */
export const NATIVES: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Math', MATH],
  ['Number', NUMBER],
  ['Object', OBJECT],
  ['Array', ARRAY],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['String', native('String', ([x]) => shown(x))],
]);

export function native(name: string, run: Native): Routine {
  return new Routine(name, run);
}

export function dict(entries: Readonly<Record<string, Value>>): Dict {
  return new Dict(new Map(Object.entries(entries)), true);
}

/** Counts elements that are gone through. */
function gone<T>(items: T[], meter: Meter): T[];
function gone<T>(items: readonly T[], meter: Meter): readonly T[];
function gone<T>(items: readonly T[], meter: Meter): readonly T[] {
  meter.step(items.length);
  return items;
}

function made(items: Value[], meter: Meter): List {
  meter.make(items.length + 1);
  return new List(items);
}

function text(value: string, meter: Meter): string {
  meter.write(value.length);
  return value;
}

/** Counts the letters before they are there. */
function joined(pieces: readonly string[], between: string, meter: Meter): string {
  const letters = pieces.reduce((sum, piece) => sum + piece.length + between.length, 0);
  meter.write(Math.max(0, letters - between.length));
  return pieces.join(between);
}

/** Counts the letters that are looked through. */
function read(value: string, meter: Meter): string {
  meter.step(Math.floor(value.length / 32));
  return value;
}

function changed(list: List): Value[] {
  if (list.isFixed)
    throw new StrategyFault('broken', 'prices cannot be changed: copy the list with slice() first');
  return list.items;
}

function wholeOr(value: Value): number | undefined {
  return value === undefined ? undefined : numberOf(value, 'the place');
}

function sorted(items: readonly Value[], order: Value, meter: Meter): Value[] {
  meter.step(items.length * Math.ceil(Math.log2(items.length + 2)));
  if (order === undefined) {
    const numbers = items.map((item) => numberOf(item, 'an element to sort (give it an order)'));
    return numbers.toSorted((a, b) => a - b);
  }
  return items.toSorted((a, b) => numberOf(called(order, [a, b], meter), 'the order of two elements'));
}

function entriesOf(value: Value, meter: Meter): ReadonlyMap<string, Value> {
  if (!(value instanceof Dict)) throw new StrategyFault('broken', `${kindOf(value)} has no keys`);
  meter.step(value.entries.size);
  return value.entries;
}

function sourceOf(of: Value): { readonly items: readonly Value[] | null; readonly length: number } {
  if (!(of instanceof Dict)) {
    const items = listOf(of, 'what Array.from copies');
    return { items, length: items.length };
  }
  const length = numberOf(of.entries.get('length'), 'length');
  if (!(Number.isInteger(length) && length >= 0))
    throw new StrategyFault('broken', 'length has to be a whole number');
  return { items: null, length };
}
