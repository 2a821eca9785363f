import { native } from './natives.ts';
import { StrategyFault } from './strategy-fault.ts';
import { Dict, listOf, type Meter, numberOf, numbersOf, type Value } from './values.ts';

/** What is computed on lists of prices, oldest first; the last value, or NaN where the list is too short. */
export const INDICATORS: readonly (readonly [name: string, value: Value])[] = [
  measure('sma', (values, period) => mean(last(values, period))),
  measure('ema', (values, period) => exponential(values, 2 / (period + 1))),
  measure('stdev', (values, period) => deviation(last(values, period))),
  measure('highest', (values, period) => Math.max(...last(values, period))),
  measure('lowest', (values, period) => Math.min(...last(values, period))),
  measure('change', (values, period) => {
    const [now, then] = [values.at(-1), values.at(-1 - period)];
    return now === undefined || then === undefined ? Number.NaN : now / then - 1;
  }),
  measure('rsi', relativeStrength),
  ['atr', native('atr', ([bars, period], meter) => averageTrueRange(bars, periodOf(period, 'atr'), meter))],
];

function measure(
  name: string,
  compute: (values: readonly number[], period: number) => number,
): readonly [string, Value] {
  return [
    name,
    native(name, ([list, period], meter) => {
      const values = numbersOf(list, `what ${name} measures`);
      meter.step(values.length);
      const count = periodOf(period, name);
      return values.length < count ? Number.NaN : compute(values, count);
    }),
  ];
}

function periodOf(value: Value, name: string): number {
  const period = numberOf(value, `the period of ${name}`);
  if (Number.isInteger(period) && period >= 1 && period <= 20_000) return period;
  throw new StrategyFault('broken', `the period of ${name} has to be a whole number from 1 to 20,000`);
}

function last(values: readonly number[], period: number): readonly number[] {
  return values.slice(values.length - period);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of a population, as Bollinger bands have it. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}

/** From the first value on. */
function exponential(values: readonly number[], weight: number): number {
  const [first = Number.NaN, ...rest] = values;
  return rest.reduce((sum, value) => sum + weight * (value - sum), first);
}

/** Wilder, New Concepts in Technical Trading Systems, 1978: smoothed from the first move on. */
function relativeStrength(values: readonly number[], period: number): number {
  if (values.length <= period) return Number.NaN;
  const moves = values.slice(1).map((value, index) => value - (values[index] ?? value));
  const gain = exponential(
    moves.map((move) => Math.max(move, 0)),
    1 / period,
  );
  const loss = exponential(
    moves.map((move) => Math.max(-move, 0)),
    1 / period,
  );
  return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
}

/** Mean of the true ranges, smoothed as Wilder does. */
function averageTrueRange(bars: Value, period: number, meter: Meter): number {
  const list = listOf(bars, 'what atr measures');
  meter.step(list.length);
  if (list.length <= period) return Number.NaN;
  const ranges = list.slice(1).map((bar, index) => {
    const close = memberOf(list[index], 'close');
    return Math.max(memberOf(bar, 'high'), close) - Math.min(memberOf(bar, 'low'), close);
  });
  return exponential(ranges, 1 / period);
}

function memberOf(bar: Value, key: 'high' | 'low' | 'close'): number {
  if (bar instanceof Dict) return numberOf(bar.entries.get(key), `${key} of a bar`);
  throw new StrategyFault('broken', 'atr measures bars: give it market.bars(…)');
}
