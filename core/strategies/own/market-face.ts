import type { Candle, UtcMs } from '../../domain/index.ts';
import type { HourlyBars } from '../hourly-bars.ts';
import { HOUR_MS } from '../hourly-closes.ts';
import { dict, native } from './natives.ts';
import { StrategyFault } from './strategy-fault.ts';
import { type Dict, List, type Meter, numberOf, type Value } from './values.ts';

export interface Seen {
  readonly bars: HourlyBars;
  readonly symbol: string;
  readonly at: UtcMs;
  readonly symbols: number;
  /** How many hourly bars it sees: as many wherever its history begins. */
  readonly hours: number;
}

const FIELDS = ['open', 'high', 'low', 'close', 'volume'] as const;
type Field = (typeof FIELDS)[number];
const LONGEST_BAR_HOURS = 168;

/**
 * What a strategy sees of a market at a moment: bars that have closed. There is nothing here by which a later one could be
 * reached; who asks for one is told so.
 */
export function marketFace({ bars, symbol, at, symbols, hours: known }: Seen): Dict {
  const bar = (hoursAgo: Value, name: string): Candle | undefined =>
    bars.before(at, pastOf(hoursAgo, name, known));
  const column = (field: Field) =>
    native(`market.${field}s`, ([count], meter) => {
      const wanted = Math.min(countOf(count, `market.${field}s`), known);
      meter.step(wanted);
      const values: Value[] = [];
      for (let ago = wanted - 1; ago >= 0; ago -= 1) values.push(bars.before(at, ago)?.[field]);
      meter.make(wanted);
      return new List(values, true);
    });
  const whole = new Date(at);
  return dict({
    symbol,
    symbols,
    time: at,
    hour: whole.getUTCHours(),
    weekday: whole.getUTCDay(),
    price: bars.before(at, 0)?.close,
    bar: native('market.bar', ([hoursAgo = 0]) => faceOf(bar(hoursAgo, 'market.bar'))),
    close: native('market.close', ([hoursAgo = 0]) => bar(hoursAgo, 'market.close')?.close),
    closes: column('close'),
    opens: column('open'),
    highs: column('high'),
    lows: column('low'),
    volumes: column('volume'),
    bars: native('market.bars', ([count, hours = 1], meter) =>
      barsOf({ bars, at, known, count: countOf(count, 'market.bars'), hours: hoursOf(hours) }, meter),
    ),
  });
}

/** @throws StrategyFault for a bar that has not happened yet. */
function pastOf(hoursAgo: Value, name: string, known: number): number {
  const ago = numberOf(hoursAgo, `what ${name} is asked for`);
  if (ago < 0) {
    const which = ago === -1 ? 'the next bar' : `a bar ${-ago} hours ahead`;
    throw new StrategyFault('look-ahead', `${name}(${ago}) asks for ${which}: it has not happened yet`);
  }
  if (!Number.isInteger(ago)) throw new StrategyFault('broken', `${name} takes whole hours, not ${ago}`);
  return Math.min(ago, known);
}

function countOf(value: Value, name: string): number {
  const count = numberOf(value, `what ${name} is asked for`);
  if (count < 0)
    throw new StrategyFault(
      'look-ahead',
      `${name}(${count}) asks for bars ahead: they have not happened yet`,
    );
  if (Number.isInteger(count)) return count;
  throw new StrategyFault('broken', `${name} takes a whole number, not ${count}`);
}

function hoursOf(value: Value): number {
  const hours = numberOf(value, 'the length of a bar');
  if (Number.isInteger(hours) && hours >= 1 && hours <= LONGEST_BAR_HOURS) return hours;
  throw new StrategyFault('broken', `a bar has 1 to ${LONGEST_BAR_HOURS} whole hours, not ${hours}`);
}

/** Bars of so many hours, counted from the epoch in UTC, that had closed: whole ones only, but for the first known. */
function barsOf(
  {
    bars,
    at,
    known,
    count,
    hours,
  }: Pick<Seen, 'bars' | 'at'> & {
    readonly known: number;
    readonly count: number;
    readonly hours: number;
  },
  meter: Meter,
): List {
  const made: Value[] = [];
  const last = bars.before(at, 0);
  if (last === undefined) return new List([], true);
  const end = last.openTime / HOUR_MS + 1;
  let from = known - (end % hours);
  for (; made.length < count && from >= hours; from -= hours) {
    meter.step(hours);
    meter.make(FIELDS.length + 2);
    const first = bars.before(at, known - 1 - (from - hours));
    if (first === undefined) break;
    const joined = { ...first };
    for (let hour = 1; hour < hours; hour += 1) {
      const next = bars.before(at, known - 1 - (from - hours + hour));
      if (next === undefined) continue;
      joined.high = Math.max(joined.high, next.high);
      joined.low = Math.min(joined.low, next.low);
      joined.close = next.close;
      joined.volume += next.volume;
    }
    made.push(faceOf(joined));
  }
  return new List(made.reverse(), true);
}

function faceOf(bar: Candle | undefined): Value {
  if (bar === undefined) return undefined;
  const { openTime: time, open, high, low, close, volume } = bar;
  return dict({ time, open, high, low, close, volume });
}
