import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BookReplay } from './book-features.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-book-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const START = 1_700_000_000_000;

/** One line of a recording, so many milliseconds after the start. */
function line(ms: number, message: object): string {
  return `${START + ms}000000 ${JSON.stringify(message)}`;
}
function change(ms: number, U: number, u: number, bid: string, amount: string): string {
  return line(ms, { stream: 'x@depth@100ms', data: { e: 'depthUpdate', U, u, b: [[bid, amount]], a: [] } });
}
function trade(ms: number, price: string, buyerIsMaker: boolean): string {
  return line(ms, { stream: 'x@trade', data: { p: price, q: '0.5', m: buyerIsMaker } });
}
const SNAPSHOT = line(100, { lastUpdateId: 10, bids: [['100.0', '1']], asks: [['100.2', '3']] });

function recording(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  const content = `${lines.join('\n')}\n`;
  writeFileSync(path, name.endsWith('.gz') ? gzipSync(content) : content);
  return path;
}

async function replay(files: readonly string[]) {
  const made = new BookReplay({ files, intervalMs: 10_000 });
  const rows = [];
  for await (const row of made.rows()) {
    rows.push({
      closeTime: row.closeTime,
      ...Object.fromEntries(made.names.map((name, at) => [name, row.values[at]])),
    });
  }
  return { rows, report: made.report };
}

describe('a recorded order book', () => {
  it('becomes one row of features an interval, over several files', async () => {
    const first = recording('a.jsonl.gz', [
      SNAPSHOT,
      trade(200, '100.1', false),
      change(9_000, 11, 12, '100.1', '1'),
    ]);
    const second = recording('b.jsonl', [
      trade(12_000, '100.1', true),
      line(13_000, { stream: 'x@bookTicker', data: {} }),
      change(20_500, 13, 14, '100.1', '0'),
    ]);
    const { rows, report } = await replay([first, second]);
    expect(report).toMatchObject({ messages: 6, snapshots: 1, changes: 2, trades: 2, gaps: 0, rows: 2 });
    expect(rows.map(({ closeTime }) => closeTime)).toEqual([START + 10_000, START + 20_000]);
    expect(rows[0]).toMatchObject({ ob_available: 1, flow_taker_imb: 1 });
    expect(rows[0]?.['ob_spread_bps' as never]).toBeCloseTo(Math.log1p((1e4 * 0.1) / 100.15), 6);
    expect(rows[1]).toMatchObject({ flow_taker_imb: -1 });
  });

  it('has no book after a hole in the sequence', async () => {
    const file = recording('hole.jsonl', [
      SNAPSHOT,
      trade(200, '100.1', false),
      change(6_000, 15, 16, '100', '1'),
      trade(10_500, '100.1', true),
    ]);
    const { rows, report } = await replay([file]);
    expect(report.gaps).toBe(1);
    expect(rows[0]).toMatchObject({ ob_available: 0, ob_spread_bps: Number.NaN });
  });

  it.each([
    ['a line without a time', 'nonsense', 'does not begin with a time'],
    ['a line that is not JSON', `${START}000000 {`, 'not JSON'],
    ['another kind of message', line(1, { hello: 1 }), 'neither a depth snapshot'],
    ['a change without ids', line(1, { stream: 'x@depth', data: { b: [] } }), 'lacks ids or levels'],
    [
      'a trade without a price',
      line(1, { stream: 'x@trade', data: { q: '1', m: true } }),
      'lacks price or amount',
    ],
    [
      'lines out of order',
      `${line(5, { lastUpdateId: 1, bids: [], asks: [] })}\n${trade(1, '1', true)}`,
      'line 2: it was received before',
    ],
  ])('refuses %s', async (_, content, words) => {
    await expect(replay([recording('bad.jsonl', [content])])).rejects.toThrow(words);
  });

  it('refuses a file that is not there, empty, or cut short', async () => {
    await expect(replay([join(folder, 'none.jsonl')])).rejects.toThrow('no such file');
    writeFileSync(join(folder, 'empty.jsonl'), '');
    await expect(replay([join(folder, 'empty.jsonl')])).rejects.toThrow('it is empty');
    writeFileSync(join(folder, 'cut.jsonl.gz'), gzipSync(SNAPSHOT).subarray(0, 40));
    await expect(replay([join(folder, 'cut.jsonl.gz')])).rejects.toThrow('cut short or damaged');
  });
});
