import { expect, it } from 'vitest';
import { modelsExpiry } from './models-expiry.ts';

const SET = { setId: 'hourly-2025-01', validUntil: '2027-01-01T00:00:00Z' };
const at = (day: string) => modelsExpiry(SET, Date.parse(day));

it('is told of 60 days before, and when it has come', () => {
  expect(at('2026-11-01')).toBeNull();
  expect(at('2026-11-02')).toEqual({
    title: 'The direction models expire soon',
    message:
      'hourly-2025-01 is good until 2027-01-01, 60 days from now: train or install a newer set; the strategy `trend` needs none',
  });
  expect(at('2026-12-31T12:00:00Z')?.message).toContain(', 0 days from now');
  expect(at('2027-01-01')?.title).toBe('The direction models have expired');
});

it('is none where no set is in use', () => {
  expect(modelsExpiry(undefined, Date.parse('2030-01-01'))).toBeNull();
});
