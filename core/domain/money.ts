import { Decimal as DecimalJs } from 'decimal.js';

/**
 * Exact money. Each unit is a type of its own, so that a price cannot be added to an amount and contracts
 * cannot pass for coins. 40 significant digits: sums and products of venue numbers are exact, and only a
 * division rounds (half to even).
 */
const Exact = DecimalJs.clone({
  precision: 40,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -40,
  toExpPos: 60,
});

declare const unit: unique symbol;
type Unit<Name extends string> = DecimalJs & { readonly [unit]: Name };

/** Quote currency for one unit of base currency. */
export type Price = Unit<'Price'>;
/** A quantity of base currency (coins). */
export type BaseAmount = Unit<'BaseAmount'>;
/** A quantity of quote currency: cash, notional, fees and P&L. */
export type QuoteAmount = Unit<'QuoteAmount'>;
/** A number of derivative contracts; worth `contractSize` coins each. */
export type Contracts = Unit<'Contracts'>;
/** A quantity of an asset known only at run time, such as the asset a fee was taken in. */
export type AssetAmount = Unit<'AssetAmount'>;

export type Money = Price | BaseAmount | QuoteAmount | Contracts | AssetAmount;

export class MoneyError extends Error {
  override readonly name = 'MoneyError';
}

function parse(value: string | number): DecimalJs {
  let parsed: DecimalJs;
  try {
    // A number is read by its shortest decimal form, which is what the venue printed.
    parsed = new Exact(value);
  } catch (cause) {
    throw new MoneyError(`"${value}" is not a number`, { cause });
  }
  if (!parsed.isFinite()) throw new MoneyError(`"${value}" is not a finite number`);
  return parsed;
}

// The only place where a plain decimal gets its unit: the brand has no run-time form.
const as = <T extends Money>(value: DecimalJs): T => value as T;

/** Whether a value is an amount, of whatever. */
export const isMoney = (value: unknown): value is Money => value instanceof Exact;

/** Reads a price. @throws MoneyError when it is not a finite number. */
export const price = (value: string | number): Price => as<Price>(parse(value));
/** Reads an amount of base currency. @throws MoneyError when it is not a finite number. */
export const baseAmount = (value: string | number): BaseAmount => as<BaseAmount>(parse(value));
/** Reads an amount of quote currency. @throws MoneyError when it is not a finite number. */
export const quoteAmount = (value: string | number): QuoteAmount => as<QuoteAmount>(parse(value));
/** Reads a number of contracts. @throws MoneyError when it is not a finite number. */
export const contracts = (value: string | number): Contracts => as<Contracts>(parse(value));
/** Reads an amount of some asset. @throws MoneyError when it is not a finite number. */
export const assetAmount = (value: string | number): AssetAmount => as<AssetAmount>(parse(value));

export const ZERO_BASE = baseAmount(0);
export const ZERO_QUOTE = quoteAmount(0);

export const add = <T extends Money>(a: T, b: NoInfer<T>): T => as<T>(a.plus(b));
export const subtract = <T extends Money>(a: T, b: NoInfer<T>): T => as<T>(a.minus(b));
export const negate = <T extends Money>(a: T): T => as<T>(a.negated());
export const absolute = <T extends Money>(a: T): T => as<T>(a.abs());
export const minimum = <T extends Money>(a: T, b: NoInfer<T>): T => (a.lte(b) ? a : b);
export const maximum = <T extends Money>(a: T, b: NoInfer<T>): T => (a.gte(b) ? a : b);
export const sum = <T extends Money>(zero: T, values: Iterable<NoInfer<T>>): T => {
  let total = zero;
  for (const value of values) total = add<Money>(total, value) as T;
  return total;
};

/** `a` times a plain number without unit. @throws MoneyError when the factor is not a finite number. */
export const scale = <T extends Money>(a: T, factor: DecimalJs.Value): T => {
  const product = a.times(factor);
  if (!product.isFinite()) throw new MoneyError(`"${factor}" is not a finite factor`);
  return as<T>(product);
};
/** How many times `b` goes into `a`. @throws MoneyError when `b` is zero. */
export const ratio = <T extends Money>(a: T, b: NoInfer<T>): DecimalJs => {
  if (b.isZero()) throw new MoneyError('division by zero');
  return a.div(b);
};

/** What an amount costs at a price. */
export const notional = (at: Price, amount: BaseAmount): QuoteAmount => as<QuoteAmount>(at.times(amount));
/** The amount that a sum buys at a price. @throws MoneyError when the price is zero. */
export const amountFor = (sumOfMoney: QuoteAmount, at: Price): BaseAmount => {
  if (at.isZero()) throw new MoneyError('division by zero');
  return as<BaseAmount>(sumOfMoney.div(at));
};
/** The average price of an amount that cost a sum. @throws MoneyError when the amount is zero. */
export const averagePrice = (cost: QuoteAmount, amount: BaseAmount): Price => {
  if (amount.isZero()) throw new MoneyError('division by zero');
  return as<Price>(cost.div(amount));
};
/** Contracts as coins. */
export const coinsOf = (count: Contracts, contractSize: BaseAmount): BaseAmount =>
  as<BaseAmount>(count.times(contractSize));
/** An asset amount known to be in base currency. */
export const asBase = (amount: AssetAmount): BaseAmount => as<BaseAmount>(amount);
/** An asset amount known to be in quote currency. */
export const asQuote = (amount: AssetAmount): QuoteAmount => as<QuoteAmount>(amount);
/** An amount of base or quote currency, as one of the asset that the currency is. */
export const asAsset = (amount: BaseAmount | QuoteAmount): AssetAmount => as<AssetAmount>(amount);

/** Largest multiple of `step` that is not above `value`. @throws MoneyError when the step is not above 0. */
export const floorTo = <T extends Money>(value: T, step: NoInfer<T>): T =>
  as<T>(value.toNearest(positiveStep(step), DecimalJs.ROUND_FLOOR));
/** Smallest multiple of `step` that is not below `value`. @throws MoneyError when the step is not above 0. */
export const ceilTo = <T extends Money>(value: T, step: NoInfer<T>): T =>
  as<T>(value.toNearest(positiveStep(step), DecimalJs.ROUND_CEIL));
function positiveStep<T extends Money>(step: T): T {
  // decimal.js would round to a step of zero by answering zero.
  if (step.lte(0)) throw new MoneyError(`a step of ${step.toFixed()} rounds to nothing, it must be above 0`);
  return step;
}
/** The nearest value with so many decimals, halves to even: for shares of a sum, and for display. */
export const rounded = <T extends Money>(value: T, decimals: number): T =>
  as<T>(value.toDecimalPlaces(decimals));

/** The exact value as text without exponent: for the wire and the database. */
export const text = (value: Money): string => value.toFixed();
/** As messages tell it: two decimals, and below 1 as many as four digits need. */
export const readable = (value: Money): string =>
  value.isZero() || value.abs().gte(1) ? value.toFixed(2) : value.toSignificantDigits(4).toFixed();
/** The nearest float64, for charts and statistics only. */
export const float = (value: Money | DecimalJs): number => value.toNumber();
