import { describe, expect, test } from 'vitest';
import { Absence } from './absence.ts';

describe('an order that the venue does not find', () => {
  test('V1 C4 is believed to be nowhere only after several answers over the time in which it can still arrive', () => {
    const absence = new Absence({ answers: 3, windowMs: 10_000 });
    expect(absence.note('a', 1_000)).toBe(false);
    expect(absence.note('a', 2_000)).toBe(false);
    expect(absence.note('a', 10_999)).toBe(false);
    expect(absence.note('a', 11_000)).toBe(true);
  });

  test('long silence between two answers does not make up for the third', () => {
    const absence = new Absence({ answers: 3, windowMs: 10_000 });
    expect(absence.note('a', 0)).toBe(false);
    expect(absence.note('a', 60_000)).toBe(false);
    expect(absence.note('a', 60_001)).toBe(true);
  });

  test('any other answer starts all over, and each order has its own evidence', () => {
    const absence = new Absence({ answers: 2, windowMs: 10_000 });
    absence.note('a', 0);
    expect(absence.stands('a')).toBe(true);
    absence.forget('a');
    expect(absence.stands('a')).toBe(false);
    expect(absence.note('a', 20_000)).toBe(false);
    expect(absence.note('b', 20_000)).toBe(false);
    expect(absence.note('a', 30_000)).toBe(true);
  });

  test('a venue that always knows is believed at once', () => {
    expect(new Absence({ answers: 1, windowMs: 0 }).note('a', 5)).toBe(true);
  });
});
