import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CellReader } from './cell-reader.ts';

const read = (text: string): number => new CellReader(Buffer.from(text), 0).readNumber();

test('a number is read as JavaScript reads it, to the last bit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => read(`${value},`) === value),
  );
  fc.assert(
    fc.property(fc.nat(999_999_999), fc.nat(999_999_999), (whole, fraction) => {
      const text = `${whole}.${fraction}`;
      expect(read(text)).toBe(Number(text));
    }),
  );
});

test.each([
  ['0', 0],
  ['00012.50', 12.5],
  ['5.', 5],
  ['.5', 0.5],
  ['-3.5', -3.5],
  ['+3.5', 3.5],
  ['1.2e-7', 1.2e-7],
  ['1E5', 100_000],
  ['123456789012345.6789', 123_456_789_012_345.67],
  ['0.0000000000000000001', 1e-19],
])('%s is a number', (text, value) => {
  for (const ending of ['', ',', '\n', '\r\n', '\r']) expect(read(text + ending)).toBe(value);
});

test.each([
  '',
  ' ',
  '.',
  '-',
  'NaN',
  'nan',
  'inf',
  'Infinity',
  '-Infinity',
  '1e999',
  '0x10',
  '1_000',
  ' 1',
  '1 ',
  '"1"',
  '1.2.3',
  '1e',
  'null',
  '2024-01-01',
  '1\r2',
  `1${'0'.repeat(100)}`,
  `${'0'.repeat(99)}1x`,
])('"%s" is no number', (text) => {
  expect(read(`${text},5`)).toBeNaN();
  expect(read(`${text}\n`)).toBeNaN();
});

test('cells and lines are walked through, blank lines at the end are none', () => {
  const reader = new CellReader(Buffer.from('1,2\r\n3,4\n\r\n \n'), 0);
  const seen: (number | boolean)[] = [];
  while (reader.beginLine()) {
    for (let column = 0; column < 2; column += 1) {
      seen.push(reader.readNumber(), reader.atLineEnd());
      reader.advance();
    }
  }
  expect(seen).toEqual([1, false, 2, true, 3, false, 4, true]);
});
