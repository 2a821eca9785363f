import type { HourlyBars } from '../hourly-bars.ts';
import { MOST_HISTORY_DAYS } from '../hourly-bars.ts';
import { HOUR_MS } from '../hourly-closes.ts';
import type { Proposal, ProposalQuestion, ProposingStrategy } from '../strategy.ts';
import { answerOf } from './answer.ts';
import { compile, type Program } from './compiler.ts';
import { INDICATORS } from './indicators.ts';
import { marketFace } from './market-face.ts';
import { NATIVES } from './natives.ts';
import { parseStrategy } from './parser.ts';
import { onOneLine, StrategyFault } from './strategy-fault.ts';
import { type Allowance, Dict, kindOf, Meter, Routine, type Value } from './values.ts';

/** What one answer of a strategy may cost: a tenth of a second, about, and a hundred megabytes at most. */
export const ALLOWANCE: Allowance = { steps: 1_000_000, cells: 1_000_000 };
const MOST_LETTERS = 100_000;
const LONGEST_EVERY_HOURS = 168;
const GLOBALS: ReadonlyMap<string, Value> = new Map([...NATIVES, ...INDICATORS]);
const FACTS = ['describes', 'everyHours', 'historyDays', 'decide'] as const;

/** A strategy of the trader's own, and what its answers have cost. */
export interface OwnStrategy extends ProposingStrategy {
  /** Steps of the longest answer so far. */
  longestAnswer(): number;
}

/**
 * Makes a strategy of a file of the trader's. It is run by an interpreter over values of its own: no name in it leads to
 * the network, a file, a clock, chance or this program, a loop that never ends is counted out, and bars that have not
 * closed are not there.
 *
 * @throws StrategyFault saying what is wrong with the file, and where.
 */
export function readOwnStrategy(id: string, source: string): OwnStrategy {
  if (source.length > MOST_LETTERS)
    throw new StrategyFault(
      'not-understood',
      `the file has more than ${MOST_LETTERS.toLocaleString('en')} letters`,
    );
  const program = guarded(() => compile(parseStrategy(source), GLOBALS));
  const { describes, everyHours, historyDays } = factsOf(guarded(() => program(new Meter(ALLOWANCE))));
  const historyMs = historyDays * 24 * HOUR_MS;
  let longest = 0;
  return {
    kind: 'proposing',
    id,
    label: describes,
    data: { timeframe: '1h', historyMs },
    limits: {},
    everyMs: everyHours * HOUR_MS,
    when: everyHours === 1 ? 'every hour' : `every ${everyHours} hours, counted in UTC`,
    propose(history, question) {
      const hours = historyDays * 24;
      const isShort = question.bars.countAt(question.at) < hours;
      if (isShort && history.sawCoarseBars) {
        const reason = `${id} reads hourly prices, and these bars are longer: give it hourly data beside the chart`;
        return { kind: 'none', code: 'bars-too-long', reason };
      }
      if (isShort) {
        const reason = `${id} needs hourly prices of ${historyDays} days: too little history yet`;
        return { kind: 'none', code: 'warming-up', reason };
      }
      const meter = new Meter(ALLOWANCE);
      try {
        return guarded(() => asked(program, { ...question, id, hours, bars: question.bars }, meter));
      } finally {
        longest = Math.max(longest, meter.steps);
      }
    },
    longestAnswer: () => longest,
  };
}

interface Asked extends ProposalQuestion {
  readonly id: string;
  readonly hours: number;
  readonly bars: HourlyBars;
}

/** Everything the file declares is made anew for each answer: nothing is kept from one to the next. */
function asked(program: Program, { id, ...seen }: Asked, meter: Meter): Proposal {
  const { decide } = factsOf(program(meter));
  return answerOf(decide.call([marketFace(seen)], meter), { id, symbols: seen.symbols });
}

function factsOf(strategy: Value) {
  if (!(strategy instanceof Dict))
    throw new StrategyFault(
      'not-understood',
      `"export default" gives ${kindOf(strategy)}: it has to be an object`,
    );
  const { entries } = strategy;
  const odd = [...entries.keys()].find((key) => !FACTS.some((fact) => fact === key));
  if (odd !== undefined)
    throw new StrategyFault('not-understood', `a strategy has no ${odd}: it has ${FACTS.join(', ')}`);
  const [describes, decide] = [entries.get('describes'), entries.get('decide')];
  if (typeof describes !== 'string' || describes.trim() === '' || describes.length > 200)
    throw new StrategyFault(
      'not-understood',
      'describes has to say in at most 200 letters what the strategy does',
    );
  if (!(decide instanceof Routine))
    throw new StrategyFault('not-understood', `decide is ${kindOf(decide)}: it has to be a function`);
  const everyHours = wholeOf(entries.get('everyHours'), 'everyHours', LONGEST_EVERY_HOURS);
  const historyDays = wholeOf(entries.get('historyDays'), 'historyDays', MOST_HISTORY_DAYS);
  return { describes: onOneLine(describes), everyHours, historyDays, decide };
}

function wholeOf(value: Value, name: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  const found = typeof value === 'number' ? String(value) : kindOf(value);
  throw new StrategyFault(
    'not-understood',
    `${name} is ${found}: it has to be a whole number from 1 to ${most}`,
  );
}

/** What goes wrong in reading or running a strategy is the strategy's fault, whatever it was. */
function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof StrategyFault) throw error;
    if (error instanceof RangeError)
      throw new StrategyFault('too-much', `it asks for too much: ${error.message}`);
    throw new StrategyFault('broken', error instanceof Error ? error.message : String(error));
  }
}
