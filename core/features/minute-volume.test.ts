import { describe, expect, it } from 'vitest';
import { MinuteVolume } from './minute-volume.ts';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const START = 1_700_000_040_000;

describe('the mean volume of a minute', () => {
  it('is not known before a minute has passed', () => {
    const volume = new MinuteVolume(START);
    volume.add(START, 100);
    expect(volume.mean(START + MINUTE - 1)).toBeNaN();
    expect(volume.mean(START + MINUTE)).toBe(100);
  });

  it('counts the minutes in which nothing was traded', () => {
    const volume = new MinuteVolume(START);
    volume.add(START + 10, 100);
    volume.add(START + 3 * MINUTE, 200);
    expect(volume.mean(START + 4 * MINUTE)).toBe(75);
  });

  it('forgets what is a day old', () => {
    const volume = new MinuteVolume(START);
    volume.add(START, 1_440);
    expect(volume.mean(START + DAY - 1)).toBeCloseTo(1, 4);
    volume.add(START + DAY, 2_880);
    expect(volume.mean(START + DAY)).toBe(2);
    expect(volume.mean(START + 3 * DAY)).toBe(0);
  });
});
