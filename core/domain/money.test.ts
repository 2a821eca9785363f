import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  absolute,
  add,
  amountFor,
  asBase,
  asQuote,
  assetAmount,
  averagePrice,
  baseAmount,
  ceilTo,
  coinsOf,
  contracts,
  float,
  floorTo,
  MoneyError,
  maximum,
  minimum,
  negate,
  notional,
  price,
  quoteAmount,
  ratio,
  readable,
  rounded,
  scale,
  subtract,
  sum,
  text,
  ZERO_BASE,
  ZERO_QUOTE,
} from './index.ts';

/** Venue numbers: up to 12 digits before and 8 after the point. */
const venueNumber = fc
  .tuple(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.integer({ min: 0, max: 99_999_999 }))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(8, '0')}`);
const step = fc.constantFrom('1', '0.1', '0.01', '0.00001', '0.00000001', '5', '0.25', '0.0005', '1000');

describe('reading', () => {
  test.each(['', 'abc', '1,5', '1.2.3', 'NaN', '-Infinity', Number.NaN, Number.POSITIVE_INFINITY])(
    '%j is refused as a price, an amount and a fee',
    (value) => {
      for (const read of [price, baseAmount, quoteAmount, contracts, assetAmount]) {
        expect(() => read(value)).toThrow(MoneyError);
      }
    },
  );

  test('the error quotes what was read', () => {
    expect(() => price('12O')).toThrow('"12O" is not a number');
    expect(() => price(Number.NaN)).toThrow('"NaN" is not a finite number');
  });

  test('a number is read by its shortest decimal form', () => {
    expect(text(price(0.1))).toBe('0.1');
    expect(text(price(1e-8))).toBe('0.00000001');
  });
});

describe('text', () => {
  test.each([
    ['1e-20', '0.00000000000000000001'],
    ['1e25', '10000000000000000000000000'],
    ['-0.00000001', '-0.00000001'],
    ['-0', '0'],
    ['007.50', '7.5'],
  ])('%s is written %s: no exponent, no negative zero', (read, written) => {
    expect(text(quoteAmount(read))).toBe(written);
  });

  test('what is written is read back as the same value', () => {
    fc.assert(
      fc.property(venueNumber, (value) => quoteAmount(text(quoteAmount(value))).eq(quoteAmount(value))),
    );
  });
});

describe('exactness', () => {
  test('a tenth and two tenths are three tenths', () => {
    expect(text(add(quoteAmount(0.1), quoteAmount(0.2)))).toBe('0.3');
  });

  test('sums and products agree with integer arithmetic', () => {
    const scaled = (value: string) => BigInt(value.replace('.', '').replace(/^-0+(?=\d)/, '-'));
    fc.assert(
      fc.property(venueNumber, venueNumber, (a, b) => {
        const left = a.startsWith('-0') ? a.slice(1) : a;
        const right = b.startsWith('-0') ? b.slice(1) : b;
        const plus = add(quoteAmount(left), quoteAmount(right));
        const minus = subtract(quoteAmount(left), quoteAmount(right));
        const product = notional(price(left), baseAmount(right));
        expect(plus.times('1e8').toFixed()).toBe(String(scaled(left) + scaled(right)));
        expect(minus.times('1e8').toFixed()).toBe(String(scaled(left) - scaled(right)));
        expect(product.times('1e16').toFixed()).toBe(String(scaled(left) * scaled(right)));
      }),
    );
  });

  test('a sum over nothing is zero', () => {
    expect(sum(ZERO_QUOTE, []).isZero()).toBe(true);
    expect(text(sum(ZERO_BASE, [baseAmount('0.1'), baseAmount('0.2')]))).toBe('0.3');
  });
});

describe('rounding to a step', () => {
  test.each([
    ['1.29', '0.1', '1.2', '1.3'],
    ['-1.21', '0.1', '-1.3', '-1.2'],
    ['1.2', '0.1', '1.2', '1.2'],
    ['-1.2', '0.1', '-1.2', '-1.2'],
    ['7', '5', '5', '10'],
    ['-7', '5', '-10', '-5'],
    ['0.3', '1', '0', '1'],
    ['-0.3', '1', '-1', '0'],
    ['0', '0.01', '0', '0'],
  ])('%s in steps of %s lies between %s and %s', (value, by, down, up) => {
    expect(text(floorTo(price(value), price(by)))).toBe(down);
    expect(text(ceilTo(price(value), price(by)))).toBe(up);
  });

  test('the floor is the largest multiple not above, the ceiling the smallest not below', () => {
    fc.assert(
      fc.property(venueNumber, step, (value, by) => {
        const exact = price(value);
        const size = price(by);
        const down = floorTo(exact, size);
        const up = ceilTo(exact, size);
        expect(down.mod(size).isZero() && up.mod(size).isZero()).toBe(true);
        expect(down.lte(exact) && add(down, size).gt(exact)).toBe(true);
        expect(up.gte(exact) && subtract(up, size).lt(exact)).toBe(true);
      }),
    );
  });

  test.each(['0', '-0.1'])('a step of %s is refused, not answered with zero', (by) => {
    expect(() => floorTo(price(5), price(by))).toThrow(MoneyError);
    expect(() => ceilTo(price(5), price(by))).toThrow('must be above 0');
  });

  test('rounding to decimals goes to the nearest, halves to even', () => {
    expect(['0.125', '0.135', '-0.125'].map((value) => text(rounded(quoteAmount(value), 2)))).toEqual([
      '0.12',
      '0.14',
      '-0.12',
    ]);
  });
});

describe('units', () => {
  test('price, amount and notional belong together', () => {
    expect(text(notional(price('101.5'), baseAmount('0.2')))).toBe('20.3');
    expect(text(amountFor(quoteAmount('20.3'), price('101.5')))).toBe('0.2');
    expect(text(averagePrice(quoteAmount('20.3'), baseAmount('0.2')))).toBe('101.5');
  });

  test('#19 12 contracts of 0.01 are 0.12 coins, not 12 and not 120', () => {
    expect(text(coinsOf(contracts(12), baseAmount('0.01')))).toBe('0.12');
  });

  test('an asset amount takes the unit it is known to have', () => {
    expect(text(asBase(assetAmount('0.5')))).toBe('0.5');
    expect(text(asQuote(assetAmount('0.5')))).toBe('0.5');
  });

  test('minimum, maximum, negation and absolute value', () => {
    const [two, three] = [quoteAmount(2), quoteAmount(3)];
    expect([minimum(two, three), minimum(three, two), maximum(two, three), maximum(three, two)]).toEqual([
      two,
      two,
      three,
      three,
    ]);
    expect(text(negate(two))).toBe('-2');
    expect(text(absolute(negate(two)))).toBe('2');
    expect(float(two)).toBe(2);
  });

  test('a factor scales, and must be finite', () => {
    expect(text(scale(quoteAmount(3), 0.1))).toBe('0.3');
    expect(() => scale(quoteAmount(3), Number.NaN)).toThrow('"NaN" is not a finite factor');
  });

  test('a ratio has no unit', () => {
    expect(ratio(quoteAmount(1), quoteAmount(4)).toNumber()).toBe(0.25);
  });

  test('division by zero is an error, never infinity', () => {
    expect(() => ratio(quoteAmount(1), ZERO_QUOTE)).toThrow(MoneyError);
    expect(() => amountFor(quoteAmount(1), price(0))).toThrow(MoneyError);
    expect(() => averagePrice(quoteAmount(1), ZERO_BASE)).toThrow(MoneyError);
  });
});

test.each([
  ['0', '0.00'],
  ['1234.567', '1234.57'],
  ['-1', '-1.00'],
  ['0.5', '0.5'],
  ['0.0000123456', '0.00001235'],
  ['-0.000000000001', '-0.000000000001'],
])('a message tells %s as %s', (value, shown) => {
  expect(readable(quoteAmount(value))).toBe(shown);
});
