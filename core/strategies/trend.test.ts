import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../domain/index.ts';
import { HourlyBars } from './hourly-bars.ts';
import { HourlyCloses } from './hourly-closes.ts';
import { decisionTime, type TargetProposal } from './strategy.ts';
import { readTrend, TREND } from './trend.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 200 * DAY;
/** Trend reads closes. */
const bars = new HourlyBars();

/** Hourly closes up to `NOW`, by how many hours before it they end. */
function closes(priceAt: (hoursAgo: number) => number | null, hours = 24 * 130): HourlyCloses {
  const history = new HourlyCloses();
  for (let ago = hours; ago >= 0; ago -= 1) {
    const price = priceAt(ago);
    if (price !== null) history.take(NOW - ago * HOUR, price, HOUR);
  }
  return history;
}

/** A price that wiggles by a thousandth, so that there is a volatility, around a level of its day. */
const wiggling = (level: (daysAgo: number) => number) => (ago: number) =>
  level(ago / 24) * (ago % 24 === 0 ? 1 : 1 + 0.001 * (ago % 2));

const at = (history: HourlyCloses, symbols = 3): TargetProposal => {
  const proposal = TREND.propose(history, { symbol: 'BTC/USDT', at: NOW, symbols, bars });
  if (proposal.kind === 'none') throw new Error(proposal.reason);
  return proposal;
};

describe('the signal', () => {
  it.each([
    { told: 'all three up', level: (days: number) => 100 - days / 10, signal: 1 },
    { told: 'all three down: the mean is floored', level: (days: number) => 100 + days / 10, signal: 0 },
    // 7 days up, 14 and 28 down: the mean is below 0, though one sign is above it.
    { told: 'one of three up', level: (days: number) => (days < 7 ? 100 : days < 14 ? 99 : 110), signal: 0 },
    {
      told: 'two of three up',
      level: (days: number) => (days < 14 ? 100 - days / 10 : days < 28 ? 99 : 110),
      signal: 1 / 3,
    },
    { told: 'nothing moved', level: () => 100, signal: 0 },
  ])('$told', ({ level, signal }) => {
    expect(readTrend(closes(wiggling(level)), NOW)?.signal).toBeCloseTo(signal, 12);
  });

  it('looks back by time: bars that are missing have the close before them', () => {
    // The bar of exactly 7 days ago is missing, and the one before it was higher than now.
    const level = (ago: number): number => (ago >= 7 * 24 && ago < 8 * 24 ? 101 : 100 - ago / 1_000);
    const missing = closes((ago) => (ago === 7 * 24 ? null : level(ago)));
    expect(readTrend(missing, NOW)?.signs[0]).toBe(-1);
  });

  it('proposes nothing before it can look 28 days back, and something from then on', () => {
    const rising = (ago: number): number => 100 - ago / 1_000;
    expect(
      TREND.propose(closes(rising, 671), { symbol: 'BTC/USDT', at: NOW, symbols: 3, bars }),
    ).toMatchObject({
      kind: 'none',
      code: 'warming-up',
    });
    expect(at(closes(rising, 672)).targetShare).toBeGreaterThan(0);
  });
});

describe('the size', () => {
  /** Every hour up or down by the same log return: a yearly volatility of sqrt(365 * 24) times it. */
  const zigzag = (step: number) => (ago: number) =>
    100 * Math.exp(ago % 2 === 0 ? step : 0) * (1 - ago / 1e7);

  it.each([
    { hourly: 0.001, volatility: 0.0936, share: 1 / 3 },
    { hourly: 0.01, volatility: 0.936, share: 0.4 / 0.936 / 3 },
  ])('of a volatility of $volatility is $share', ({ hourly, volatility, share }) => {
    const history = closes(zigzag(hourly));
    expect(readTrend(history, NOW)?.volatility).toBeCloseTo(volatility, 3);
    const proposal = at(history);
    expect(proposal.targetShare).toBeCloseTo(share, 3);
    expect(proposal.stopShare).toBeCloseTo((3 * volatility) / Math.sqrt(365), 4);
    expect(proposal.band).toBeCloseTo(0.1 / 3, 12);
  });

  it('is a share of as many as were chosen, also before they exist', () => {
    const history = closes((ago) => 100 - ago / 1_000);
    expect(at(history, 1).targetShare).toBeCloseTo(5 * at(history, 5).targetShare, 12);
  });

  it('weighs the last days most, with a span of 20 days, normalised', () => {
    const history = closes((ago) => 100 * Math.exp(ago < 24 && ago % 2 === 0 ? 0.01 : 0) * (1 - ago / 1e9));
    // Of the last day alone 23 hours move: it has 2 / 21 of the weight of 120 days.
    const weight = 2 / 21 / (1 - (19 / 21) ** 120);
    expect(readTrend(history, NOW)?.volatility).toBeCloseTo(Math.sqrt(365 * 23 * 0.01 ** 2 * weight), 3);
  });
});

describe('what it reads', () => {
  const random = new SeededRandom(5);
  const walk = Array.from({ length: 24 * 150 }, () => 100 * Math.exp(0.02 * random.next()));
  const walked = (ago: number): number => (walk[ago] ?? 100) * (1 - ago / 1e5);

  it('does not depend on where the history starts, once 121 days are there', () => {
    const need = (TREND.data.historyMs ?? 0) / HOUR;
    expect(at(closes(walked, need))).toEqual(at(closes(walked, 24 * 150 - 1)));
  });

  it('is nothing that comes later', () => {
    const [history, rewritten] = [closes(walked), closes(walked)];
    for (let hour = 1; hour < 100; hour += 1) {
      history.take(NOW + hour * HOUR, 100, HOUR);
      rewritten.take(NOW + hour * HOUR, 1_000 * hour, HOUR);
    }
    expect(at(rewritten)).toEqual(at(history));
  });

  it('is the same in minutes and in hours', () => {
    const minutes = new HourlyCloses();
    for (let ago = 24 * 130; ago >= 0; ago -= 1) {
      minutes.take(NOW - ago * HOUR - HOUR / 2, 55, HOUR / 2);
      minutes.take(NOW - ago * HOUR, walked(ago), HOUR / 2);
    }
    expect(at(minutes)).toEqual(at(closes(walked)));
  });

  it('is the last one through any silence, and takes no more room for a time that cannot be', () => {
    const history = closes(() => 50, 3);
    for (const years of [1, 100_000]) history.take(NOW + years * 365 * DAY, 60, HOUR);
    const end = NOW + 100_000 * 365 * DAY;
    expect([end - 1, end].map((time) => history.at(time))).toEqual([60, 60]);
    expect(history.at(NOW)).toBeUndefined();
    const later = closes(() => 50, 3);
    later.take(NOW + 365 * DAY, 60, HOUR);
    expect([365 * DAY - HOUR, 365 * DAY].map((after) => later.at(NOW + after))).toEqual([50, 60]);
  });

  it('is not bars that are longer than an hour, which is said', () => {
    const history = new HourlyCloses();
    for (let ago = 200; ago >= 0; ago -= 1) history.take(NOW - ago * 4 * HOUR, 100 - ago, 4 * HOUR);
    expect(TREND.propose(history, { symbol: 'BTC/USDT', at: NOW, symbols: 1, bars })).toMatchObject({
      code: 'bars-too-long',
    });
  });
});

describe('hourly closes', () => {
  it('forget what is older than any strategy looks back, and keep the rest', () => {
    const history = new HourlyCloses();
    const hours = 24 * 155 * 2 + 10;
    for (let hour = 0; hour <= hours; hour += 1) history.take(hour * HOUR, hour + 1, HOUR);
    expect(history.at(0)).toBeUndefined();
    expect(history.at((hours - 24 * 150) * HOUR)).toBe(hours - 24 * 150 + 1);
    expect(history.at((hours + 5) * HOUR)).toBe(hours + 1);
  });

  it('leave out what is told again from before the first', () => {
    const history = new HourlyCloses();
    history.take(10 * HOUR, 5, HOUR);
    history.take(9 * HOUR, 4, HOUR);
    expect([history.at(9 * HOUR), history.at(10 * HOUR)]).toEqual([undefined, 5]);
  });
});

describe('decision times', () => {
  it.each([
    { told: 'the bar that closes at midnight', from: 23, to: 24, at: 24 },
    { told: 'the bar after it', from: 24, to: 25, at: null },
    { told: 'a day as one bar', from: 24, to: 48, at: 48 },
    { told: 'the first bar after a hole over midnight', from: 22, to: 27, at: 24 },
    { told: 'a hole of days: the last midnight', from: 22, to: 75, at: 72 },
  ])('$told', ({ from, to, at: expected }) => {
    expect(decisionTime(DAY, from * HOUR, to * HOUR)).toBe(expected === null ? null : expected * HOUR);
  });
});
