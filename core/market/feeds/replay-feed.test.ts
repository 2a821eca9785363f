import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Candle, MarketEvent } from '../../domain/index.ts';
import { ReplayFeed, type ReplayOptions, type ReplaySeries } from '../index.ts';
import { candle, candlesAt, HOUR_MS, MINUTE_MS, START } from '../testing/candles.ts';

const HALF_MS = 30 * MINUTE_MS;

function eventsOf(series: readonly ReplaySeries[], options: Partial<ReplayOptions> = {}): MarketEvent[] {
  const feed = new ReplayFeed({ timeframe: '1h', series, ...options });
  const events: MarketEvent[] = [];
  for (let event = feed.next(); event !== undefined; event = feed.next()) events.push(event);
  return events;
}

/** `A step 0:30+30`, `A bar 1:00`, `A gap 2:00x3`: times of opening, lengths in minutes. */
function told(event: MarketEvent): string {
  const clock = (at: number): string => {
    const minutes = (at - START) / MINUTE_MS;
    return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
  };
  if (event.kind === 'gap') return `${event.symbol} gap ${clock(event.from)}x${event.missingBars}`;
  const length = event.kind === 'step' ? `+${event.durationMs / MINUTE_MS}` : '';
  return `${event.symbol} ${event.kind} ${clock(event.candle.openTime)}${length}`;
}

const hours = (...present: readonly boolean[]): Candle[] => candlesAt(START, HOUR_MS, present);

describe('order', () => {
  test('a bar without detail is one step, then itself', () => {
    expect(eventsOf([{ symbol: 'A', bars: hours(true, true) }]).map(told)).toEqual([
      'A step 0:00+60',
      'A bar 0:00',
      'A step 1:00+60',
      'A bar 1:00',
    ]);
  });

  test('#32 several symbols are merged by the time at which things are known: steps, then bars, then gaps', () => {
    const detail = candlesAt(START, HALF_MS, [true, true]).map((piece) => ({ ...piece, low: 1, high: 999 }));
    const series = [
      { symbol: 'A', bars: hours(true, true, true) },
      { symbol: 'B', bars: hours(true, false, true), detail, detailMs: HALF_MS },
    ];
    expect(eventsOf(series).map(told)).toEqual([
      'B step 0:00+30',
      'A step 0:00+60',
      'B step 0:30+30',
      'A bar 0:00',
      'B bar 0:00',
      'A step 1:00+60',
      'A bar 1:00',
      'B gap 1:00x1',
      'A step 2:00+60',
      'B step 2:00+60',
      'A bar 2:00',
      'B bar 2:00',
    ]);
  });

  test('a gap counts the missing bars and comes before what follows it', () => {
    expect(
      eventsOf([{ symbol: 'A', bars: hours(true, false, false, true) }])
        .map(told)
        .slice(1, 4),
    ).toEqual(['A bar 0:00', 'A gap 1:00x2', 'A step 3:00+60']);
  });

  test('nothing comes of nothing', () => {
    expect(eventsOf([])).toEqual([]);
    expect(eventsOf([{ symbol: 'A', bars: [] }])).toEqual([]);
  });
});

describe('detail', () => {
  const bars = hours(true, true);
  const piece = (minute: number, low = 98, high = 103): Candle => ({
    ...candle(START + minute * MINUTE_MS),
    low,
    high,
  });
  const steps = (detail: readonly Candle[]): string[] =>
    eventsOf([{ symbol: 'A', bars, detail, detailMs: HALF_MS }])
      .filter(({ kind }) => kind === 'step')
      .map(told);

  test.each<[string, readonly Candle[], readonly string[]]>([
    [
      'complete detail is used',
      [piece(0, 99), piece(30)],
      ['A step 0:00+30', 'A step 0:30+30', 'A step 1:00+60'],
    ],
    [
      'incomplete detail that reaches high and low is used',
      [piece(30)],
      ['A step 0:30+30', 'A step 1:00+60'],
    ],
    ['incomplete detail that hides the low is not', [piece(30, 99)], ['A step 0:00+60', 'A step 1:00+60']],
    [
      'incomplete detail that hides the high is not',
      [piece(30, 98, 102)],
      ['A step 0:00+60', 'A step 1:00+60'],
    ],
    ['detail across the end of a bar is not', [piece(45)], ['A step 0:00+60', 'A step 1:00+60']],
    [
      'detail before and after the bars is not',
      [piece(-30), piece(120)],
      ['A step 0:00+60', 'A step 1:00+60'],
    ],
  ])('%s', (_, detail, expected) => {
    expect(steps(detail)).toEqual(expected);
  });

  test('must divide the timeframe', () => {
    const detail = candlesAt(START, 7 * MINUTE_MS, [true]);
    expect(() => eventsOf([{ symbol: 'A', bars, detail, detailMs: 7 * MINUTE_MS }])).toThrow(RangeError);
    expect(() => eventsOf([{ symbol: 'A', bars, detail }])).toThrow(RangeError);
  });
});

test.each([
  ['descending', [candle(START + HOUR_MS), candle(START)]],
  ['repeated', [candle(START), candle(START)]],
  ['overlapping', [candle(START), candle(START + MINUTE_MS)]],
])('%s bars are refused', (_, bars) => {
  expect(() => eventsOf([{ symbol: 'A', bars }])).toThrow(RangeError);
});

describe('warm-up', () => {
  const bars = hours(true, true, false, true, true);
  const start = (options: Partial<ReplayOptions>) => {
    const feed = new ReplayFeed({ timeframe: '1h', series: [{ symbol: 'A', bars }], ...options });
    const warmUp = feed.warmUp('A').length;
    const event = feed.next();
    return { warmUp, startTime: feed.startTime, first: event && told(event) };
  };

  test.each([
    ['none unless asked for', {}, { warmUp: 0, startTime: START, first: 'A step 0:00+60' }],
    ['the first bars', { warmUpBars: 1 }, { warmUp: 1, startTime: START + HOUR_MS, first: 'A step 1:00+60' }],
    ['up to a gap', { warmUpBars: 2 }, { warmUp: 2, startTime: START + 3 * HOUR_MS, first: 'A gap 2:00x1' }],
    ['all of it', { warmUpBars: 9 }, { warmUp: 4, startTime: undefined, first: undefined }],
    [
      'going on',
      { fromTime: () => START + 4 * HOUR_MS },
      { warmUp: 3, startTime: START + 4 * HOUR_MS, first: 'A step 4:00+60' },
    ],
    [
      'going on within a bar',
      { fromTime: () => START + 1 },
      { warmUp: 1, startTime: START + HOUR_MS, first: 'A step 1:00+60' },
    ],
    [
      'whichever is later',
      { fromTime: () => START + HOUR_MS, warmUpBars: 3 },
      { warmUp: 3, startTime: START + 4 * HOUR_MS, first: 'A step 4:00+60' },
    ],
  ])('%s', (_, options, expected) => {
    expect(start(options)).toEqual(expected);
  });

  test('going on after years takes no more than 1,000 bars unless more are asked for', () => {
    const many = candlesAt(
      START,
      HOUR_MS,
      Array.from({ length: 3000 }, () => true),
    );
    const warmUp = (warmUpBars: number) =>
      new ReplayFeed({
        timeframe: '1h',
        series: [{ symbol: 'A', bars: many }],
        warmUpBars,
        fromTime: () => START + 2500 * HOUR_MS,
      }).warmUp('A');
    expect(warmUp(0)).toEqual(many.slice(1500, 2500));
    expect(warmUp(1200)).toEqual(many.slice(1300, 2500));
  });

  test('goes on with each symbol where that one had come to', () => {
    const all = hours(true, true, true, true);
    const series = ['A', 'B'].map((symbol) => ({ symbol, bars: all }));
    const fromTime = (symbol: string): number => START + (symbol === 'A' ? 2 : 1) * HOUR_MS;
    const feed = new ReplayFeed({ timeframe: '1h', series, fromTime });
    expect(['A', 'B'].map((symbol) => feed.warmUp(symbol).length)).toEqual([2, 1]);
    expect(feed.startTime).toBe(START + HOUR_MS);
    const first = [feed.next(), feed.next(), feed.next(), feed.next()].map((event) => event && told(event));
    expect(first).toEqual(['B step 1:00+60', 'B bar 1:00', 'A step 2:00+60', 'B step 2:00+60']);
  });

  test('of an unknown symbol is nothing', () => {
    const feed = new ReplayFeed({ timeframe: '1h', series: [] });
    expect(feed.warmUp('A')).toEqual([]);
  });
});

describe('whatever the data', () => {
  const presence = fc.array(fc.boolean(), { maxLength: 12 });
  const anyMarket = fc
    .array(fc.tuple(presence, fc.array(fc.boolean(), { maxLength: 24 })), { maxLength: 3 })
    .map((symbols) =>
      symbols.map(([bars, detail], index) => ({
        symbol: `S${index}`,
        bars: hours(...bars),
        detail: candlesAt(START, HALF_MS, detail).map((each) => ({ ...each, low: 1, high: 999 })),
        detailMs: HALF_MS,
      })),
    );
  const knownAt = (event: MarketEvent): number => {
    if (event.kind === 'step') return event.candle.openTime + event.durationMs;
    if (event.kind === 'bar') return event.candle.openTime + HOUR_MS;
    return event.from + event.missingBars * HOUR_MS;
  };

  test('time never goes back', () => {
    fc.assert(
      fc.property(anyMarket, (series) => {
        const times = eventsOf(series).map(knownAt);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
    );
  });

  test('each bar comes once, in order, and closes after its last step and before the next one begins', () => {
    fc.assert(
      fc.property(anyMarket, (series) => {
        const events = eventsOf(series);
        for (const { symbol, bars } of series) {
          const own = events.filter((event) => event.symbol === symbol);
          expect(own.flatMap((event) => (event.kind === 'bar' ? [event.candle] : []))).toEqual(bars);
          let barsClosed = 0;
          let stepsOfBar = 0;
          for (const event of own) {
            const bar = bars[barsClosed];
            if (event.kind === 'gap') continue;
            if (event.kind === 'bar') {
              expect(stepsOfBar).toBeGreaterThan(0);
              barsClosed += 1;
              stepsOfBar = 0;
            } else {
              expect(event.candle.openTime).toBeGreaterThanOrEqual(bar?.openTime ?? Number.NaN);
              expect(knownAt(event)).toBeLessThanOrEqual((bar?.openTime ?? Number.NaN) + HOUR_MS);
              stepsOfBar += 1;
            }
          }
        }
      }),
    );
  });

  test('gaps and bars together cover the whole time, and no bar is made up', () => {
    fc.assert(
      fc.property(anyMarket, (series) => {
        const events = eventsOf(series);
        for (const { symbol, bars } of series) {
          const missing = events.reduce(
            (total, event) =>
              total + (event.kind === 'gap' && event.symbol === symbol ? event.missingBars : 0),
            0,
          );
          const span = ((bars.at(-1)?.openTime ?? 0) - (bars[0]?.openTime ?? 0)) / HOUR_MS;
          expect(missing).toBe(bars.length === 0 ? 0 : span + 1 - bars.length);
        }
      }),
    );
  });

  test('stopping anywhere between bars and going on gives the same rest', () => {
    fc.assert(
      fc.property(anyMarket, fc.nat(12), (series, hour) => {
        const fromTime = START + hour * HOUR_MS;
        const rest = eventsOf(series).filter((event) => {
          return event.kind === 'gap' ? knownAt(event) >= fromTime : event.candle.openTime >= fromTime;
        });
        expect(eventsOf(series, { fromTime: () => fromTime })).toEqual(rest);
      }),
    );
  });
});
