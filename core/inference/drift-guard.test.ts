import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DriftGuard } from './drift-guard.ts';
import { PopulationWindow } from './population-window.ts';
import { smallRows } from './testing/model-set-folder.ts';
import { temporarySets } from './testing/temporary-sets.ts';

const sets = temporarySets();
const set = sets.load();
// The small set compares the two features after sigma with the corners of a square and its middle, 2 apart on average.
const row = (trend: number, momentum: number) => [0.01, trend, momentum, 0, 0];

describe('the dissimilarity of a row', () => {
  const guard = new DriftGuard(set);

  it.each([
    ['a prototype itself', row(1, -1), 0],
    ['half way between two', row(0.5, 0.5), Math.SQRT1_2 / 2],
    ['outside', row(4, 1), 1.5],
    ['clipped at eight deviations', row(1000, 1), 3.5],
    ['infinite', row(Number.POSITIVE_INFINITY, 1), 3.5],
    ['without values, which count as their mean', row(Number.NaN, Number.NaN), 0],
  ])('of one that is %s', (_, values, dissimilarity) => {
    expect(guard.dissimilarity(values)).toBeCloseTo(dissimilarity, 6);
  });

  it('makes an outlier beyond the threshold, and not at it', () => {
    expect(guard.isOutlier(row(3, 1))).toBe(false);
    expect(guard.isOutlier(row(3.01, 1))).toBe(true);
  });
});

describe('the population of the last rows', () => {
  const like = { edges: [-1, 0, 1], shares: [0.25, 0.25, 0.25, 0.25] };

  it('has an index of 0 when it is the training population', () => {
    const window = new PopulationWindow([like], 4);
    for (const value of [-1.5, -0.5, 0.5, 1.5]) window.push([value]);
    expect(window.indices()[0]).toBe(0);
  });

  it('has the index computed by hand when it is not', () => {
    const window = new PopulationWindow([like], 4);
    for (const value of [-0.5, -0.5, 0.5, 1.5]) window.push([value]);
    // Shares 0, 1/2, 1/4, 1/4 against 1/4 each; an empty bin counts as 0.0001.
    const wanted = (0.0001 - 0.25) * Math.log(0.0001 / 0.25) + 0.25 * Math.log(2);
    expect(window.indices()[0]).toBeCloseTo(wanted, 12);
  });

  it('puts a value on an edge into the bin above', () => {
    const window = new PopulationWindow([{ edges: [0], shares: [0, 1] }], 2);
    window.push([0]);
    expect(window.indices()[0]).toBe(0);
  });

  it('leaves out what has no value, and gives 0 for a feature that never has one', () => {
    const window = new PopulationWindow([like, like], 5);
    for (const value of [-1.5, -0.5, Number.NaN, 0.5, 1.5]) window.push([value, Number.NaN]);
    expect([...window.indices()]).toEqual([0, 0]);
  });

  it('counts the same as a count of the whole window, whatever came before', () => {
    const value = fc.oneof(
      fc.constantFrom(Number.NaN, -1, 0, 1),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 60 }), (rows) => {
        const rolling = new PopulationWindow([like, like], 10);
        for (const each of rows) {
          rolling.push(each);
          rolling.indices();
        }
        const fresh = new PopulationWindow([like, like], 10);
        for (const each of rows.slice(-10)) fresh.push(each);
        expect([...rolling.indices()]).toEqual([...fresh.indices()]);
      }),
    );
  });
});

describe('drift', () => {
  const { windowBars } = set.manifest.drift;
  const width = set.manifest.features.names.length;

  it('is not known before the window is full', () => {
    const guard = new DriftGuard(set);
    for (let bar = 0; bar < windowBars - 1; bar += 1) guard.observe('BTC/USDT', row(0, 0));
    expect(guard.state('BTC/USDT')).toBe('unknown');
    expect(guard.view()).toEqual({ state: 'unknown', rows: windowBars - 1, outlierShare: 0, features: [] });
  });

  it('is none while rows look like the training rows, and is told by symbol', () => {
    const guard = new DriftGuard(set);
    const rows = smallRows(windowBars, 5);
    for (let bar = 0; bar < windowBars; bar += 1) {
      guard.observe('BTC/USDT', rows.subarray(bar * width, (bar + 1) * width));
      guard.observe('ETH/USDT', row(5, 5));
    }
    // Sigma is constant, one feature of five; of ETH everything is.
    expect(guard.state('BTC/USDT')).toBe('fine');
    expect(guard.state('ETH/USDT')).toBe('stop');
    expect(guard.view()).toMatchObject({ state: 'stop', rows: windowBars, outlierShare: 1 });
    expect(guard.of('BTC/USDT').features[0]).toMatchObject({ name: 'rv_168' });
    expect(guard.state('SOL/USDT')).toBe('unknown');
  });

  it('ends when the rows come back', () => {
    const guard = new DriftGuard(set);
    for (let bar = 0; bar < windowBars; bar += 1) guard.observe('BTC/USDT', row(5, 5));
    expect(guard.state('BTC/USDT')).toBe('stop');
    const rows = smallRows(windowBars, 6);
    for (let bar = 0; bar < windowBars; bar += 1) {
      guard.observe('BTC/USDT', rows.subarray(bar * width, (bar + 1) * width));
    }
    expect(guard.state('BTC/USDT')).toBe('fine');
  });
});
