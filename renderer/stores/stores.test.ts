import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CandleView, EquityPoint } from '../../core/contract/index.ts';
import { GROWTH, LONGEST_SERIES, mergeCandles, prependCandles, replaceCandles } from './candle-series.ts';
import { useCandles } from './candles.ts';
import { useConnection } from './connection.ts';
import { FrameBatch } from './frame-batch.ts';
import { neighbour, pageInHash } from './navigation.ts';
import { useNotices } from './notices.ts';
import { isLight, readPreferences } from './preferences.ts';
import { applyMessage } from './topic-reducer.ts';
import { createTopicStore } from './topic-store.ts';

const candle = (openTime: number, close = 1): CandleView => ({
  openTime,
  open: 1,
  high: 2,
  low: 1,
  close,
  volume: 1,
  closed: true,
});
const candles = (from: number, to: number): CandleView[] =>
  Array.from({ length: to - from }, (_, index) => candle(from + index));
const times = (series: readonly CandleView[]): number[] => series.map(({ openTime }) => openTime);

describe('a topic', () => {
  test('rows are merged by key, values replaced, snapshots start over', () => {
    const one: EquityPoint = { time: 1, equity: 1 };
    const two: EquityPoint = { time: 2, equity: 2 };
    const known = applyMessage('equity', null, { kind: 'update', content: [one] });
    expect(applyMessage('equity', known, { kind: 'update', content: [two] })).toEqual([one, two]);
    expect(applyMessage('equity', known, { kind: 'snapshot', content: [two] })).toEqual([two]);
    expect(applyMessage('positions', [], { kind: 'update', content: [] })).toEqual([]);
    expect(applyMessage('portfolio', null, { kind: 'snapshot', content: null })).toBeNull();
  });

  test('its store starts empty and keeps what it is told', () => {
    const store = createTopicStore('equity');
    expect(store.getState().content).toBeNull();
    store.getState().apply({ kind: 'snapshot', content: [{ time: 1, equity: 5 }] });
    store.getState().apply({ kind: 'update', content: [{ time: 1, equity: 6 }] });
    expect(store.getState().content).toEqual([{ time: 1, equity: 6 }]);
  });
});

describe('a series of candles', () => {
  test('the forming candle is replaced and all others stay the same objects', () => {
    const before = candles(0, 5);
    const after = mergeCandles(before, [candle(4, 9), candle(5)]);
    expect(times(after)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(after[4]?.close).toBe(9);
    expect(after[3]).toBe(before[3]);
  });

  test('a candle in the middle finds its place', () => {
    expect(times(mergeCandles([candle(0), candle(2)], [candle(1)]))).toEqual([0, 1, 2]);
    expect(mergeCandles([candle(0)], [])).toEqual([candle(0)]);
  });

  test('the oldest fall out of a series that is too long', () => {
    const most = LONGEST_SERIES + GROWTH;
    expect(mergeCandles(candles(0, most - 1), [candle(most - 1)])).toHaveLength(most);
    const after = mergeCandles(candles(0, most), [candle(most)]);
    expect(after).toHaveLength(LONGEST_SERIES);
    expect(after.at(-1)?.openTime).toBe(most);
  });

  test('a snapshot keeps older candles that join on to it', () => {
    expect(times(replaceCandles(candles(0, 6), candles(4, 8)))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('a snapshot that does not join on, or tells another story, drops what was there', () => {
    expect(times(replaceCandles(candles(0, 3), candles(7, 9)))).toEqual([7, 8]);
    expect(times(replaceCandles(candles(0, 6), [{ ...candle(4), open: 77 }]))).toEqual([4]);
    expect(replaceCandles(candles(0, 3), [])).toEqual([]);
  });

  test('history is put in front, without what is there already', () => {
    expect(times(prependCandles(candles(3, 5), candles(0, 4)))).toEqual([0, 1, 2, 3, 4]);
    expect(times(prependCandles([], candles(0, 2)))).toEqual([0, 1]);
    const known = candles(3, 5);
    expect(prependCandles(known, [])).toBe(known);
  });
});

describe('the candles of a symbol', () => {
  const store = () => useCandles.getState();
  const known = () => store().bySymbol['BTC/USDT'];
  beforeEach(() => useCandles.setState({ bySymbol: {} }));

  test('history is asked for once at a time, and not before there are candles', () => {
    expect(store().beginHistory('BTC/USDT')).toBe(false);
    store().apply('BTC/USDT', { kind: 'snapshot', content: candles(5, 8) });
    expect(store().beginHistory('BTC/USDT')).toBe(true);
    expect(store().beginHistory('BTC/USDT')).toBe(false);
    store().endHistory('BTC/USDT', candles(2, 5));
    expect(known()).toMatchObject({ history: 'more' });
    expect(times(known()?.candles ?? [])).toEqual([2, 3, 4, 5, 6, 7]);
  });

  test('an empty page is the end, a failure may be tried again', () => {
    store().apply('BTC/USDT', { kind: 'snapshot', content: candles(5, 8) });
    store().beginHistory('BTC/USDT');
    store().endHistory('BTC/USDT', null);
    expect(store().beginHistory('BTC/USDT')).toBe(true);
    store().endHistory('BTC/USDT', []);
    expect(store().beginHistory('BTC/USDT')).toBe(false);
  });

  test('updates go to their own symbol', () => {
    store().apply('BTC/USDT', { kind: 'snapshot', content: candles(0, 2) });
    store().apply('ETH/USDT', { kind: 'update', content: [candle(9)] });
    store().apply('BTC/USDT', { kind: 'update', content: [candle(2)] });
    expect(times(known()?.candles ?? [])).toEqual([0, 1, 2]);
  });
});

test('a burst of messages is one run', () => {
  const frames: (() => void)[] = [];
  const batch = new FrameBatch((run) => frames.push(run));
  const done: number[] = [];
  batch.add(() => done.push(1));
  batch.add(() => done.push(2));
  expect(frames).toHaveLength(1);
  frames[0]?.();
  expect(done).toEqual([1, 2]);
  batch.add(() => done.push(3));
  expect(frames).toHaveLength(2);
});

test('the time of the last message is kept to the second', () => {
  const listener = vi.fn();
  const { heard } = useConnection.getState();
  heard(10_000);
  const leave = useConnection.subscribe(listener);
  heard(10_400);
  heard(11_000);
  leave();
  expect(listener).toHaveBeenCalledOnce();
  expect(useConnection.getState().lastHeardAt).toBe(11_000);
});

test('the same notice is not shown twice, and the oldest makes room', () => {
  const { add, dismiss } = useNotices.getState();
  for (const message of ['a', 'b', 'b', 'c', 'd', 'e']) add('error', message);
  const shown = () => useNotices.getState().notices.map(({ message }) => message);
  expect(shown()).toEqual(['b', 'c', 'd', 'e']);
  dismiss(useNotices.getState().notices[0]?.id ?? 0);
  expect(shown()).toEqual(['c', 'd', 'e']);
});

describe('navigation', () => {
  test.each([
    ['#/decisions', 'decisions'],
    ['#/nowhere', undefined],
    ['#token=x', undefined],
    ['', undefined],
  ])('the address %j names %s', (hash, page) => {
    expect(pageInHash(hash)).toBe(page);
  });

  test.each([
    ['A', 1, 'B'],
    ['C', 1, 'A'],
    ['A', -1, 'C'],
    [null, 1, 'B'],
  ] as const)('from %s a step of %i leads to %s', (current, step, next) => {
    expect(neighbour(['A', 'B', 'C'], current, step)).toBe(next);
  });

  test('without symbols there is no neighbour', () => {
    expect(neighbour([], null, 1)).toBeUndefined();
  });
});

describe('preferences', () => {
  test.each([[null], ['not json'], ['{"theme":"pink"}'], ['7']])(
    'what was stored as %j falls back to the defaults',
    (stored) => {
      expect(readPreferences(stored)).toEqual({
        theme: 'dark',
        upDown: 'standard',
        overlays: ['ema20', 'ema50'],
      });
    },
  );

  test('what was stored is kept, and what is missing has its default', () => {
    expect(readPreferences('{"upDown":"swapped"}')).toMatchObject({ theme: 'dark', upDown: 'swapped' });
  });

  test.each([
    ['dark', true, false],
    ['light', false, true],
    ['system', true, true],
    ['system', false, false],
  ] as const)('theme %s with a system that prefers light %s is light: %s', (theme, system, light) => {
    expect(isLight(theme, system)).toBe(light);
  });
});
