import { assetAmount, isMoney, text } from './money.ts';

/** How an amount is written: its exact text, and that it is one. */
interface Exact {
  readonly exact: string;
}

/** A value as JSON that is read back exactly: numbers are numbers, amounts are amounts. What is undefined is left out. */
export function writeExact(value: unknown): string {
  return JSON.stringify(written(value));
}

/** Reads what `writeExact` wrote. @throws SyntaxError, or MoneyError, when that was something else. */
export function readExact(document: string): unknown {
  return JSON.parse(document, (_key, value: unknown) => (isExact(value) ? assetAmount(value.exact) : value));
}

function written(value: unknown): unknown {
  if (isMoney(value)) return { exact: text(value) } satisfies Exact;
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, written(each)]));
}

function isExact(value: unknown): value is Exact {
  return typeof value === 'object' && value !== null && 'exact' in value && typeof value.exact === 'string';
}
