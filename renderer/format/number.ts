/** Numbers as the trader reads them: grouped, with a true minus sign, never rounded further than shown. */

const MINUS = '−';
const LOCALE = 'en-US';
/** Stands for a number that is not known. */
export const NOTHING = '–';

/** Intl takes decimal text exactly, without a detour over floats; its type wants to see the literal. */
type Numeric = number | `${number}`;

const formats = new Map<string, Intl.NumberFormat>();

function format(value: Numeric, minimum: number, maximum: number): string {
  const key = `${minimum}/${maximum}`;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: minimum, maximumFractionDigits: maximum });
    formats.set(key, known);
  }
  return known.format(value).replace('-', MINUS);
}

/** Zero that was rounded from below is still zero. */
function isZero(text: string): boolean {
  return !/[1-9]/.test(text);
}

/**
 * An amount of quote currency: `10,234.50`. Exact for decimal text of any length.
 *
 * @param decimals those of the currency (`moneyDecimals`); digits before the point take their places, down to two.
 */
export function money(amount: string, decimals = 2): string {
  const size = Math.abs(Number(amount));
  const before = size < 1 ? 0 : Math.floor(Math.log10(size)) + 1;
  const shown = Math.max(2, decimals - before);
  const text = format(amount as `${number}`, shown, shown);
  return isZero(text) ? text.replace(MINUS, '') : text;
}

/** An amount with its sign always shown, but for zero: `+12.30`, `−4.00`, `0.00`. */
export function signedMoney(amount: string, decimals = 2): string {
  const text = money(amount, decimals);
  return isZero(text) || text.startsWith(MINUS) ? text : `+${text}`;
}

/** A number with its sign always shown, but for zero. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return isZero(text) || text.startsWith(MINUS) ? text : `+${text}`;
}

/** A number with so many decimals: `1,234.50`. */
export function fixed(value: number, decimals: number): string {
  const text = format(value, decimals, decimals);
  return isZero(text) ? text.replace(MINUS, '') : text;
}

/** What is given in percent: `12.34 %`, never broken across lines. */
export function percent(valuePct: number, decimals = 2): string {
  return `${fixed(valuePct, decimals)}\u00a0%`;
}

/** What is given in percent, in three digits and without zeros to pad it: `30 %`, `0.42 %`. */
export function briefPercent(valuePct: number): string {
  const size = Math.abs(valuePct);
  const text = format(Number(valuePct.toPrecision(3)), 0, size < 1 ? 4 : 2);
  return `${isZero(text) ? '0' : text}\u00a0%`;
}

/** What is given in percent, with its sign: `+12.34 %`. */
export function signedPercent(valuePct: number, decimals = 2): string {
  return `${signed(valuePct, decimals)}\u00a0%`;
}

/** More than any price or amount needs, and no more than every Intl can. */
const MOST_DECIMALS = 20;

/** Decimals that show so many significant digits of a number below 1; `least` at least. */
function decimalsFor(size: number, digits: number, least: number): number {
  if (size === 0) return least;
  return Math.min(MOST_DECIMALS, Math.max(least, digits - 1 - Math.floor(Math.log10(size))));
}

/** Decimals in which a price of this size is told: two for thousands, more the smaller it is. */
export function priceDecimals(price: number): number {
  const size = Math.abs(price);
  if (size >= 1_000) return 2;
  if (size >= 10) return 3;
  if (size >= 1) return 4;
  return size >= 0.01 ? 6 : decimalsFor(size, 4, 8);
}

/** A price, as decimal text or as a chart's number: `43,120.50`. */
export function price(value: string | number): string {
  const decimals = priceDecimals(Number(value));
  return format(value as `${number}`, decimals, decimals);
}

/** A base amount, without trailing zeros: `0.0125`. */
export function amount(value: string): string {
  return format(value as `${number}`, 0, decimalsFor(Math.abs(Number(value)), 6, 8));
}

/** A number of unknown size, in five digits or so: features, verdicts. */
export function figure(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return format(value, 0, 0);
  if (size >= 1_000) return format(value, 0, 2);
  if (size > 0 && size < 0.000_1) return value.toExponential(2).replaceAll('-', MINUS);
  return format(value, 0, size < 1 ? 5 : 4);
}

/** A large count or volume, shortened: `12.3K`, `4.56M`. */
export function compact(value: number): string {
  return new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumSignificantDigits: 4 })
    .format(value)
    .replace('-', MINUS);
}

/** -1, 0 or 1 by what is shown: an amount that reads 0.00 is neither gain nor loss. */
export function direction(value: string | number, decimals = 2): -1 | 0 | 1 {
  const text = format(value as `${number}`, decimals, decimals);
  if (isZero(text)) return 0;
  return text.startsWith(MINUS) ? -1 : 1;
}
