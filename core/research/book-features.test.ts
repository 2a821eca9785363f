import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOK_FEATURES, type BookFeatureOptions, BookReplay, bookFeatureLines } from './book-features.ts';
import { writeWhole } from './whole-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-book-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A full ten seconds. */
const START = 1_700_000_000_000;

/** One line of a recording, so many milliseconds after the start. */
function line(ms: number, message: object): string {
  return `${START + ms}000000 ${JSON.stringify(message)}`;
}
function change(ms: number, U: number, u: number, bid: string, amount: string): string {
  return line(ms, { stream: 'x@depth@100ms', data: { e: 'depthUpdate', U, u, b: [[bid, amount]], a: [] } });
}
function trade(ms: number, price: string, buyerIsMaker: boolean, stream = 'x@trade'): string {
  return line(ms, { stream, data: { p: price, q: '0.5', m: buyerIsMaker } });
}
function snapshot(ms: number, lastUpdateId = 10): string {
  return line(ms, { lastUpdateId, bids: [['100.0', '1']], asks: [['100.2', '3']] });
}
const ticker = (ms: number): string => line(ms, { stream: 'x@bookTicker', data: {} });

function recording(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const content = `${lines.join('\n')}\n`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content);
  return path;
}

async function replay(files: readonly string[], options: Partial<BookFeatureOptions> = {}) {
  const made = new BookReplay({ files, intervalMs: 10_000, ...options });
  const rows: Record<string, number>[] = [];
  for await (const { openTime, values } of made.rows()) {
    const features = BOOK_FEATURES.map((name, at): [string, number] => [name, values[at] ?? 0]);
    rows.push({ openTime: openTime - START, ...Object.fromEntries(features) });
  }
  return { rows, report: made.report };
}

describe('a recorded order book', () => {
  it('becomes one row of features an interval, over several files', async () => {
    const first = recording('a.jsonl.gz', [
      snapshot(0),
      trade(200, '100.1', false),
      change(9_000, 11, 12, '100.1', '1'),
    ]);
    const second = recording('b.jsonl', [
      trade(12_000, '100.1', true),
      ticker(13_000),
      change(19_500, 13, 14, '100.1', '0'),
      ticker(20_500),
    ]);
    const { rows, report } = await replay([first, second]);
    expect(report).toMatchObject({ messages: 7, snapshots: 1, changes: 2, trades: 2, gaps: 0, rows: 2 });
    expect(report).toMatchObject({ from: START, to: START + 20_500, rowsWithBook: 2, silences: 0 });
    expect(rows.map(({ openTime }) => openTime)).toEqual([0, 10_000]);
    expect(rows[0]).toMatchObject({ ob_available: 1, flow_taker_imb: 1 });
    expect(rows[0]?.['ob_spread_bps']).toBeCloseTo(Math.log1p((1e4 * 0.1) / 100.15), 6);
    expect(rows[1]).toMatchObject({ flow_taker_imb: -1 });
    const spread = report.features.find(({ name }) => name === 'ob_spread_bps');
    expect(spread).toMatchObject({
      values: 2,
      min: rows[0]?.['ob_spread_bps'],
      max: rows[1]?.['ob_spread_bps'],
    });
  });

  it('knows nothing at a close of what was received then or later', async () => {
    const until = [snapshot(0), trade(100, '100', false), change(9_000, 11, 12, '100.1', '1')];
    const later = [change(10_000, 13, 14, '100.15', '9'), trade(10_000, '100', true), ticker(10_001)];
    const alone = await replay([recording('a.jsonl', [...until, ticker(10_000)])]);
    const both = await replay([recording('b.jsonl', [...until, ...later])]);
    expect(both.rows).toEqual(alone.rows);
    expect(both.rows).toHaveLength(1);
  });

  it('has no row for an interval of which the beginning or the end was not recorded', async () => {
    const file = recording('a.jsonl', [snapshot(1), trade(2, '100', false), ticker(12_000), ticker(29_999)]);
    const { rows } = await replay([file]);
    expect(rows.map(({ openTime }) => openTime)).toEqual([10_000]);
    // What was traded before the interval is not in it.
    expect(rows[0]).toMatchObject({ flow_taker_imb: 0 });
  });

  it('has no book after a hole in the sequence, until the next snapshot', async () => {
    const file = recording('hole.jsonl', [
      snapshot(0),
      change(6_000, 15, 16, '100', '1'),
      ticker(10_500),
      snapshot(15_000, 16),
      ticker(20_000),
    ]);
    const { rows, report } = await replay([file]);
    expect(report).toMatchObject({ gaps: 1, holes: [{ time: START + 6_000, afterId: 10, untilId: 14 }] });
    expect(rows[0]).toMatchObject({ ob_available: 0, ob_spread_bps: Number.NaN });
    expect(rows[1]).toMatchObject({ ob_available: 1 });
  });

  it('has no book without a snapshot, nor one that was not heard of for five seconds', async () => {
    const bare = await replay([recording('bare.jsonl', [change(0, 1, 2, '100', '1'), ticker(10_000)])]);
    expect(bare.rows[0]).toMatchObject({ ob_available: 0 });
    const mute = await replay([
      recording('mute.jsonl', [snapshot(0), change(4_500, 11, 11, '99', '1'), ticker(10_000)]),
    ]);
    expect(mute.rows[0]).toMatchObject({ ob_available: 0 });
  });

  it('has no rows for the time in which the recording was stopped', async () => {
    const file = recording('stopped.jsonl', [
      snapshot(0),
      ticker(12_000),
      ticker(600_000 + 12_000),
      ticker(600_000 + 31_000),
    ]);
    const { rows, report } = await replay([file]);
    expect(report.silences).toBe(1);
    expect(rows.map(({ openTime }) => openTime)).toEqual([0, 620_000]);
  });

  it('measures depth by the volume given, or by what was recorded from one minute on', async () => {
    const lines = Array.from({ length: 8 }, (_, index) => [
      trade(index * 10_000, '100', true),
      change(index * 10_000 + 9_000, 11 + index, 11 + index, '99', '1'),
    ]);
    const file = recording('minute.jsonl', [snapshot(0), ...lines.flat()]);
    const given = await replay([file], { minuteVolume: 10_000 });
    expect(given.rows[0]?.['ob_depth_50bps']).toBeCloseTo(Math.log((100 + 3 * 100.2) / 10_000), 6);
    const { rows } = await replay([file]);
    const known = rows.map((row) => !Number.isNaN(row['ob_depth_10bps']));
    expect(known).toEqual([false, false, false, false, false, true, true]);
    // Six trades of 50 in the first minute.
    expect(rows[5]?.['ob_depth_10bps']).toBeCloseTo(Math.log((100 + 3 * 100.2) / 300), 6);
  });

  it('is written as CSV with an empty cell for no value, whole or not at all', async () => {
    const out = join(folder, 'rows.csv.gz');
    const file = recording('a.jsonl', [snapshot(0), ticker(10_000)]);
    await writeWhole(out, bookFeatureLines(new BookReplay({ files: [file], intervalMs: 10_000 }).rows()));
    const [head, row] = gunzipSync(readFileSync(out)).toString().split('\n');
    expect(head).toBe(['timestamp_ms', ...BOOK_FEATURES].join(','));
    expect(row).toMatch(new RegExp(`^${START},0,,`));
    const broken = recording('b.jsonl', [snapshot(0), ticker(10_000), 'nonsense']);
    const other = join(folder, 'other.csv');
    const lines = bookFeatureLines(new BookReplay({ files: [broken], intervalMs: 10_000 }).rows());
    await expect(writeWhole(other, lines)).rejects.toMatchObject({ name: 'DataError', code: 'wrong-cell' });
    expect([existsSync(other), existsSync(`${other}.part`)]).toEqual([false, false]);
    const nowhere = writeWhole(join(folder, 'none', 'rows.csv'), ['x']);
    await expect(nowhere).rejects.toMatchObject({ name: 'DataError', code: 'unwritable' });
  });
});

describe('a recording that cannot be trusted', () => {
  it.each([
    ['a line without a time', 'nonsense', 'does not begin with a time'],
    ['a line that is not JSON', `${START}000000 {`, 'not JSON'],
    ['another kind of message', line(1, { hello: 1 }), 'neither a depth snapshot'],
    ['a change without ids', line(1, { stream: 'x@depth', data: { b: [] } }), 'lacks ids or levels'],
    ['a change whose ids run backwards', change(1, 9, 8, '1', '1'), 'run backwards, from 9 to 8'],
    [
      'a trade without a price',
      line(1, { stream: 'x@trade', data: { q: '1', m: true } }),
      'lacks price or amount',
    ],
    ['lines out of order', `${snapshot(5)}\n${trade(1, '1', true)}`, 'line 2: it was received before'],
    ['two symbols', `${ticker(1)}\n${trade(2, '1', true, 'y@trade')}`, 'line 2: it is of "y"'],
  ])('is refused for %s', async (_, content, words) => {
    await expect(replay([recording('bad.jsonl', [content])])).rejects.toThrow(words);
  });

  it('is refused when it is not there, a folder, empty, cut short, too short, or out of order', async () => {
    await expect(replay([join(folder, 'none.jsonl')])).rejects.toThrow('no such file');
    await expect(replay([folder])).rejects.toThrow('it is a folder');
    writeFileSync(join(folder, 'empty.jsonl'), '');
    await expect(replay([join(folder, 'empty.jsonl')])).rejects.toThrow('it is empty');
    // Gzip is known by its content, whatever the name.
    writeFileSync(join(folder, 'cut.jsonl'), gzipSync(snapshot(0)).subarray(0, 40));
    await expect(replay([join(folder, 'cut.jsonl')])).rejects.toThrow('cut short or damaged');
    const short = recording('short.jsonl', [snapshot(0), ticker(9_999)]);
    await expect(replay([short])).rejects.toThrow('no whole interval of 10 s');
    const early = recording('early.jsonl', [ticker(-1)]);
    await expect(replay([short, early])).rejects.toThrow('early.jsonl, line 1: it was received before');
  });
});
