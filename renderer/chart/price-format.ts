import { fixed, priceDecimals } from '../format/index.ts';

/** How an axis of the drawing library tells its values. */
interface AxisFormat {
  readonly type: 'custom';
  readonly formatter: (value: number) => string;
  readonly minMove: number;
  readonly base: number;
}

/** For prices of the size of the last. */
export function priceFormat(last: number): AxisFormat {
  return withDecimals(priceDecimals(last));
}

/** For an equity of the size of the capital. */
export function equityFormat(capital: number): AxisFormat {
  return withDecimals(capital >= 100 ? 0 : priceDecimals(capital));
}

function withDecimals(decimals: number): AxisFormat {
  return {
    type: 'custom',
    formatter: (value) => fixed(value, decimals),
    minMove: 10 ** -decimals,
    // Exact where 1 / minMove is not: the library fails on an axis of 999,999,999.9999999 parts.
    base: 10 ** decimals,
  };
}
