import type { PositionPlan } from '../../domain/index.ts';
import type { Proposal } from '../strategy.ts';
import { onOneLine, StrategyFault } from './strategy-fault.ts';
import { Dict, kindOf, List, type Value } from './values.ts';

const FIELDS = [
  ...['hold', 'stop', 'band', 'reason', 'ends', 'expects', 'numbers'],
  ...['takeProfit', 'trail', 'breakEven', 'add'],
] as const;
const MOST_LEVELS = 10;
/** Half of what is to be held where that is less: a small position would never be opened otherwise. */
const USUAL_BAND = 0.1;
/** Where nothing is to be held a stop protects nothing; what may be left of a position keeps its own. */
const NO_STOP = 0.1;
const MOST_NUMBERS = 20;

/**
 * The proposal in a strategy's answer.
 *
 * @throws StrategyFault for one that cannot be acted on.
 */
export function answerOf(
  answer: Value,
  { id, symbols }: { readonly id: string; readonly symbols: number },
): Proposal {
  if (answer === null || answer === undefined)
    return { kind: 'none', code: 'no-opinion', reason: `${id} proposes nothing now` };
  if (!(answer instanceof Dict)) throw wrong(`it is ${kindOf(answer)}, and has to be an object or null`);
  const { entries } = answer;
  const odd = [...entries.keys()].find((key) => !FIELDS.some((field) => field === key));
  if (odd !== undefined) throw wrong(`there is no ${odd} in an answer: there are ${FIELDS.join(', ')}`);
  const hold = numberIn(entries.get('hold'), 'hold', 0, 1);
  const stop = hold === 0 ? NO_STOP : numberIn(entries.get('stop'), 'stop', 0.001, 0.5);
  const band = numberIn(entries.get('band') ?? Math.min(USUAL_BAND, hold / 2), 'band', 0, 1);
  const given = entries.get('expects') ?? null;
  const expects = given === null ? null : numberIn(given, 'expects', 0, 1);
  const plan = hold === 0 ? null : planOf(entries, { symbols, expects });
  return {
    kind: 'target',
    targetShare: hold / symbols,
    band: band / symbols,
    stopShare: stop,
    expectedMove: expects,
    reason: textOf(entries.get('reason'), 'reason'),
    invalidation: textOf(entries.get('ends') ?? 'its next answer, or the stop', 'ends'),
    numbers: numbersOf(entries.get('numbers')),
    ...(plan === null ? {} : { plan }),
  };
}

/** How the position is to be led; null where the answer says nothing of it. */
function planOf(
  entries: ReadonlyMap<string, Value>,
  { symbols, expects }: { readonly symbols: number; readonly expects: number | null },
): PositionPlan | null {
  const [breakEven, trail] = [entries.get('breakEven') ?? null, entries.get('trail') ?? null];
  const takeProfits = levelsOf(entries.get('takeProfit'), 'takeProfit', 'sell').map(({ at, part }) => ({
    at,
    sell: part,
  }));
  const adds = levelsOf(entries.get('add'), 'add', 'hold').map(({ at, part }) => ({
    at,
    share: part / symbols,
  }));
  if (breakEven === null && trail === null && takeProfits.length === 0 && adds.length === 0) return null;
  return {
    takeProfits,
    trail: trail === null ? null : trailOf(trail),
    breakEvenAt: breakEven === null ? null : numberIn(breakEven, 'breakEven', 0.001, 10),
    adds,
    expects,
  };
}

function trailOf(value: Value): NonNullable<PositionPlan['trail']> {
  const entries = entriesOf(value, 'trail', ['by', 'from']);
  const from = entries.get('from') ?? 0;
  return {
    by: numberIn(entries.get('by'), 'trail.by', 0.001, 0.5),
    from: numberIn(from, 'trail.from', 0, 10),
  };
}

/** Rises of the price, ascending, and a part at each. */
function levelsOf(value: Value, name: string, partName: string): readonly { at: number; part: number }[] {
  if (value === undefined || value === null) return [];
  if (!(value instanceof List) || value.items.length > MOST_LEVELS)
    throw wrong(`${name} has to be a list of at most ${MOST_LEVELS}`);
  const levels = value.items.map((item) => {
    const entries = entriesOf(item, name, ['at', partName]);
    return {
      at: numberIn(entries.get('at'), `at in ${name}`, 0.001, 10),
      part: numberIn(entries.get(partName), `${partName} in ${name}`, 0.001, 1),
    };
  });
  if (levels.some(({ at }, index) => at <= (levels[index - 1]?.at ?? 0)))
    throw wrong(`${name} has to rise from one level to the next`);
  return levels;
}

function entriesOf(value: Value, name: string, known: readonly string[]): ReadonlyMap<string, Value> {
  if (!(value instanceof Dict) || [...value.entries.keys()].some((key) => !known.includes(key)))
    throw wrong(`${name} has ${known.join(' and ')}, and nothing else`);
  return value.entries;
}

function numberIn(value: Value, name: string, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  const found = typeof value === 'number' ? String(value) : kindOf(value);
  throw wrong(`${name} is ${found}, and has to be a number from ${least} to ${most}`);
}

function textOf(value: Value, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(`${name} has to say why, in a text`);
  if (value.length > 300) throw wrong(`${name} has ${value.length} letters: at most 300`);
  return onOneLine(value);
}

function numbersOf(value: Value): Readonly<Record<string, number>> {
  if (value === undefined || value === null) return {};
  if (!(value instanceof Dict) || value.entries.size > MOST_NUMBERS)
    throw wrong(`numbers has to be an object of at most ${MOST_NUMBERS} numbers`);
  const pairs = [...value.entries].map(([name, number]) => {
    if (!/^\w{1,30}$/.test(name))
      throw wrong(`the name ${name.slice(0, 30)} in numbers: letters and digits only`);
    if (typeof number !== 'number' || !Number.isFinite(number))
      throw wrong(`${name} in numbers is ${typeof number === 'number' ? number : kindOf(number)}`);
    return [name, number] as const;
  });
  return Object.fromEntries(pairs);
}

function wrong(message: string): StrategyFault {
  return new StrategyFault('wrong-answer', `its answer cannot be acted on: ${message}`);
}
