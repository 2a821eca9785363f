import type { SafetyLayer } from '../contract/index.ts';
import type { Verdict } from '../domain/index.ts';

type Numbers = Verdict['numbers'];

/** The layer has no objection. */
export function allow(layer: SafetyLayer, message: string, numbers: Numbers, code = 'ok'): Verdict {
  return { layer, allowed: true, code, message, numbers: finite(numbers) };
}

/** The layer refuses, with a code for counting and a sentence for the trader. */
export function refuse(layer: SafetyLayer, code: string, message: string, numbers: Numbers): Verdict {
  return { layer, allowed: false, code, message, numbers: finite(numbers) };
}

/**
 * Floats that differ by less than this share are the same number: 10,000 less 7 % is 9,299.999999999998 in binary,
 * and a fall to exactly 9,300 reaches that limit.
 */
export const TIE = 1e-12;

/** A fraction as the trader reads it. */
export function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(2)} %`;
}

/** A share that is a setting, or stands beside one, without zeros to pad it: `30 %`, `0.42 %`. */
export function briefPercent(fraction: number): string {
  return `${Number((fraction * 100).toPrecision(3))} %`;
}

const CENTS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 2 });
const DIGITS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });
const COINS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 18 });

/** An amount of quote currency as the trader reads it: `3,000`, `11.93`, `0.0741`. */
export function moneyText(amount: number): string {
  return (Math.abs(amount) < 1 ? DIGITS : CENTS).format(amount);
}

/** An amount of base currency as the trader reads it, every digit of it. */
export function coinText(amount: number): string {
  return COINS.format(amount);
}

/** A span of time as the trader reads it. */
export function duration(ms: number): string {
  const seconds = ms / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

/** What is missing has no place among the numbers: JSON knows neither NaN nor infinity. */
function finite(numbers: Numbers): Numbers {
  // Nearly always all are there, and this runs for every layer on every bar that wants to trade.
  for (const name in numbers) {
    if (Number.isFinite(numbers[name])) continue;
    return Object.fromEntries(Object.entries(numbers).filter(([, value]) => Number.isFinite(value)));
  }
  return numbers;
}
