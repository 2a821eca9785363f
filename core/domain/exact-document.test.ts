import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readExact, writeExact } from './exact-document.ts';
import { isMoney, type MoneyError, price, quoteAmount } from './money.ts';

test('amounts are read back exactly, among whatever else there is', () => {
  const value = {
    price: price('65000.010000000000000001'),
    list: [quoteAmount('-0.1'), 1.5, null, 'a text', true],
    nested: { exactly: quoteAmount('123456789012345678901234567890.1') },
  };
  expect(readExact(writeExact({ ...value, missing: undefined }))).toEqual(value);
  expect(isMoney(readExact(writeExact(value.price)))).toBe(true);
  expect(readExact('{"exact":1}')).toEqual({ exact: 1 });
});

test('any amount survives', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.nat(30), (digits, decimals) => {
      const amount = quoteAmount(`${digits}e-${decimals}`);
      expect(readExact(writeExact(amount))).toEqual(amount);
    }),
  );
});

test('what is no number is not taken for an amount', () => {
  expect(() => readExact('{"exact":"much"}')).toThrow(
    expect.objectContaining<Partial<MoneyError>>({ name: 'MoneyError' }),
  );
});
