import { describe, expect, it } from 'vitest';
import { LEAST_OPINIONS, LEAST_WEEKS, trackRecord, weekOf } from './track-record.ts';

type Words = Parameters<typeof trackRecord>[2];

/** Purchases, one a week, on which Bear said `stance` and which came to `result`. */
function words(count: number, said: (index: number) => readonly [stance: number, result: number]): Words {
  return Array.from({ length: count }, (_, index) => {
    const [x, y] = said(index);
    return { block: index, x, y };
  });
}

const bear = (said: Words, trials?: number) => trackRecord('bear', 'rules', said, trials);

/** What it opposes loses, but for every third; what it does not oppose gains. */
const knowing = (index: number) => {
  const opposes = index % 2 === 0;
  return [opposes ? -0.8 : 0, (opposes ? -0.02 : 0.03) + (index % 3 === 0 ? 0.015 : 0)] as const;
};

describe('a voter’s track record', () => {
  it('earns by the formula that is shown, the more the longer it holds', () => {
    const [some, many] = [bear(words(60, knowing)), bear(words(240, knowing))];
    const { earned, errors, standardError, slope, why } = some;
    expect(earned).toBeCloseTo(1 - (errors * standardError) / slope, 12);
    expect(why).toMatch(/^1 - 2\.128 x \d\.\d\d % \/ \d\.\d\d % = 0\.\d{3} \(60 opinions in 60 weeks\)$/);
    expect(some).toMatchObject({ opinions: 60, weeks: 60, opposed: 30, errors: 2.128 });
    expect(many.earned).toBeGreaterThan(earned);
    expect(many.earned).toBeLessThan(1);
  });

  it.each<[string, Words, RegExp]>([
    ['nothing yet', [], /^0 of 30 opinions and 0 of 26 weeks/],
    ['too few opinions', words(LEAST_OPINIONS - 1, knowing), /^29 of 30 opinions and 29 of 26 weeks/],
    [
      'too few weeks',
      words(60, knowing).map((each) => ({ ...each, block: Math.floor(each.block / 4) })),
      /^60 of 30 opinions and 15 of 26 weeks/,
    ],
    [
      'always the same word',
      words(60, (index) => [-0.8, index % 2 === 0 ? -0.1 : 0.1]),
      /nothing told apart$/,
    ],
    [
      'the wrong way round',
      words(60, (index) => [index % 2 === 0 ? 0.8 : 0, knowing(index)[1]]),
      /did no better$/,
    ],
    [
      'too little to be sure',
      words(60, (index) => [knowing(index)[0], index % 5 < 2 ? -0.02 : 0.019 + 0.002 * (index % 2)]),
      /may be chance$/,
    ],
    [
      'opposed what made money all the same',
      words(60, (index) => [knowing(index)[0], knowing(index)[1] + 0.05]),
      /opposing them cost money$/,
    ],
  ])('earns nothing: %s', (_, given, why) => {
    const record = bear(given);
    expect(record.earned).toBe(0);
    expect(record.why).toMatch(why);
  });

  it('asks for more where more records are looked at', () => {
    const given = words(60, knowing);
    expect(bear(given, 6).earned).toBeLessThan(bear(given).earned);
    expect(bear(given, 400).errors).toBe(2.576);
  });

  it('does not take coins of one week for so many weeks', () => {
    const once = words(60, knowing);
    const thrice = once.flatMap((each) => [each, each, each]);
    expect(bear(thrice).standardError).toBeCloseTo(bear(once).standardError, 12);
    expect(bear(thrice)).toMatchObject({ opinions: 180, weeks: 60 });
  });

  it('says the week that a moment lies in', () => {
    const week = 7 * 24 * 3_600_000;
    expect([weekOf(0), weekOf(week - 1), weekOf(week)]).toEqual([0, 0, 1]);
  });

  it('needs as many weeks as it says', () => expect(LEAST_WEEKS).toBe(26));
});
