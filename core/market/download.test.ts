import { describe, expect, test } from 'vitest';
import { VirtualTimers } from '../../tests/contracts/virtual-timers.ts';
import { MemoryHistoryStore } from '../storage/index.ts';
import { type DownloadTask, downloadCandles } from './download.ts';
import { CandlePages } from './feeds/ccxt/candle-pages.ts';
import { bar, FakeCandleVenue, MINUTE_MS, OPENING } from './feeds/ccxt/testing/fake-candle-venue.ts';
import { VenueTime } from './feeds/ccxt/venue-time.ts';

const BTC = 'BTC/USDT';
const at = (minute: number): number => OPENING + minute * MINUTE_MS;

class Scene {
  readonly timers = new VirtualTimers();
  readonly venue = new FakeCandleVenue(this.timers, [BTC]);
  readonly history = new MemoryHistoryStore();
  readonly lines: string[] = [];
  readonly done: (readonly [number, number])[] = [];

  async download(options: Partial<DownloadTask> = {}) {
    const line = this.venue.line;
    const clock = { now: () => OPENING + this.timers.now() };
    const time = new VenueTime({ line, clock, timers: this.timers });
    await time.measure();
    const downloading = downloadCandles({
      pages: new CandlePages({ line, timeframe: '1m', time }),
      time,
      history: this.history,
      symbol: BTC,
      timeframe: '1m',
      since: at(-1_000),
      until: Number.POSITIVE_INFINITY,
      timers: this.timers,
      signal: new AbortController().signal,
      onProgress: (told) => this.lines.push(told),
      onBars: (done, total) => this.done.push([done, total]),
      ...options,
    });
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    downloading.then(end, end);
    while (!isOver) await this.timers.pass(250);
    return downloading;
  }

  get stored() {
    return this.history.candles(BTC, '1m', {});
  }
}

describe('a download', () => {
  test('brings every closed bar since the day asked for, and says how far it is', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 2_000);
    scene.venue.trade(BTC, 100);
    await scene.timers.pass(3_000);
    const report = await scene.download();
    expect(report).toEqual({ downloaded: 1_000, bars: 1_000, missingBars: 0, from: at(-1_000), to: at(-1) });
    expect(
      scene.stored.every((candle) => candle.volume === scene.venue.bar(BTC, candle.openTime)?.volume),
    ).toBe(true);
    expect(scene.done[0]).toEqual([0, 1_000]);
    expect(scene.done.map(([done]) => done)).toEqual(
      scene.done.map(([done]) => done).toSorted((a, b) => a - b),
    );
  });

  test('never stores the bar that is forming, nor one that has just ended', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 20);
    scene.venue.trade(BTC, 100);
    await scene.timers.pass(1_000);
    const report = await scene.download({ since: at(-20) });
    expect(report.to).toBe(at(-2));
  });

  test('goes on after the last bar before the first gap, and fills it', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 1_000);
    await scene.timers.pass(3_000);
    const all = Array.from({ length: 1_000 }, (_, index) => bar(at(index - 1_000), 50));
    scene.history.append(BTC, '1m', [...all.slice(0, 700), ...all.slice(720)]);
    const report = await scene.download();
    expect(scene.venue.asked[0]?.since).toBe(at(-301));
    expect(report).toMatchObject({ bars: 1_000, missingBars: 0 });
    // What was there already stays as it was.
    expect(scene.stored[0]?.close).toBe(50);
  });

  test('asks for nothing where all is stored', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 100);
    await scene.timers.pass(3_000);
    await scene.download({ since: at(-100) });
    scene.venue.asked.length = 0;
    expect(await scene.download({ since: at(-100) })).toMatchObject({ downloaded: 0, bars: 100 });
    expect(scene.venue.asked).toEqual([]);
  });

  test('ends before the day that is named', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 100);
    const report = await scene.download({ since: at(-100), until: at(-50) });
    expect(report).toMatchObject({ bars: 50, from: at(-100), to: at(-51) });
  });

  test('counts what the venue does not have, and invents nothing', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 100, (back) => back < 40 || back > 60);
    await scene.timers.pass(3_000);
    const report = await scene.download({ since: at(-200) });
    expect(report).toMatchObject({ bars: 79, missingBars: 21, from: at(-100), to: at(-1) });
  });

  test('says that there is nothing where there is nothing', async () => {
    const report = await new Scene().download();
    expect(report).toEqual({ downloaded: 0, bars: 0, missingBars: 0, from: null, to: null });
  });

  test('asks again for an answer that was cut, and waits as long as the venue wants', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 1_000);
    await scene.timers.pass(3_000);
    let count = 0;
    scene.venue.answer = (rows) => {
      count += 1;
      if (count === 2) return [];
      return count === 3 ? rows.map(() => [undefined]) : rows;
    };
    expect(await scene.download()).toMatchObject({ bars: 1_000, missingBars: 0 });
    expect(scene.lines).toHaveLength(2);
    expect(scene.lines[0]).toContain('trying again in 1 s');
  });

  test('that fails keeps what came before', async () => {
    const scene = new Scene();
    scene.venue.addHistory(BTC, 1_000);
    await scene.timers.pass(3_000);
    let count = 0;
    scene.venue.answer = (rows) => {
      count += 1;
      if (count > 2) throw new Error('no route to host');
      return rows;
    };
    await expect(scene.download()).rejects.toThrow('no route to host');
    const kept = scene.stored.length;
    expect(kept).toBeGreaterThan(500);
    scene.venue.answer = null;
    expect(await scene.download()).toMatchObject({ downloaded: 1_000 - kept, bars: 1_000 });
  });
});
