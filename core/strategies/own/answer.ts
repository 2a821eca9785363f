import type { Proposal } from '../strategy.ts';
import { StrategyFault } from './strategy-fault.ts';
import { Dict, kindOf, type Value } from './values.ts';

const FIELDS = ['hold', 'stop', 'band', 'reason', 'ends', 'expects', 'numbers'] as const;
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
  const band = numberIn(entries.get('band') ?? USUAL_BAND, 'band', 0, 1);
  const expects = entries.get('expects') ?? null;
  return {
    kind: 'target',
    targetShare: hold / symbols,
    band: band / symbols,
    stopShare: stop,
    expectedMove: expects === null ? null : numberIn(expects, 'expects', 0, 1),
    reason: textOf(entries.get('reason'), 'reason'),
    invalidation: textOf(entries.get('ends') ?? 'its next answer, or the stop', 'ends'),
    numbers: numbersOf(entries.get('numbers')),
  };
}

function numberIn(value: Value, name: string, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  const found = typeof value === 'number' ? String(value) : kindOf(value);
  throw wrong(`${name} is ${found}, and has to be a number from ${least} to ${most}`);
}

function textOf(value: Value, name: string): string {
  if (typeof value !== 'string' || value.trim() === '') throw wrong(`${name} has to say why, in a text`);
  if (value.length > 300) throw wrong(`${name} has ${value.length} letters: at most 300`);
  // On one line wherever it is shown.
  return value.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
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
