import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textArray } from './text-array.ts';

/** As PostgreSQL's own description of `array_recv` reads it. */
function read(bytes: Buffer): readonly (string | null)[] {
  const [dimensions, hasNull, type, length, first] = [0, 4, 8, 12, 16].map((at) => bytes.readInt32BE(at));
  expect([dimensions, type, first]).toEqual([1, 25, 1]);
  const values: (string | null)[] = [];
  let at = 20;
  for (let index = 0; index < (length ?? 0); index += 1) {
    const size = bytes.readInt32BE(at);
    at += 4;
    values.push(size < 0 ? null : bytes.toString('utf8', at, at + size));
    at += Math.max(0, size);
  }
  expect(at).toBe(bytes.length);
  expect(hasNull === 1).toBe(values.includes(null));
  return values;
}

test('texts of any letters, empty ones and nulls come back as they were', () => {
  const value = fc.option(fc.string({ unit: 'binary', maxLength: 40 }));
  fc.assert(
    fc.property(fc.array(value), (values) => {
      expect(read(textArray(values))).toEqual(values);
    }),
  );
});

test('a null is no text of that name', () => {
  expect(read(textArray([null, 'NULL', '', '"', '\\', 'ä€😀']))).toEqual([
    null,
    'NULL',
    '',
    '"',
    '\\',
    'ä€😀',
  ]);
});
