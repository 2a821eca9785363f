import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { featureNames, featureSetHash, featuresOf } from '../../features/index.ts';
import { DirectRunner } from '../direct-runner.ts';
import { ModelRefusal } from '../refusal.ts';
import { bandOf, usedOf, VolatilityForecaster } from './volatility-forecaster.ts';
import { checkVolatilityParity } from './volatility-parity.ts';
import { loadVolatilitySet, setFor, volatilitySets } from './volatility-set.ts';

const ROOT = fileURLToPath(new URL('../../../models/volatility/', import.meta.url));
const IDENTITY = { names: featureNames(['variance']), setHash: featureSetHash(featuresOf(['variance'])) };
const sets = volatilitySets(ROOT, IDENTITY).flatMap(({ set }) => (set === null ? [] : [set]));
const runner = new DirectRunner();
afterAll(() => runner.close());

describe('the shipped volatility sets', () => {
  it('are two, one kept as proof and one in use, each valid after what it learned from', () => {
    expect(sets.map(({ manifest }) => manifest.setId)).toEqual(['volatility-2025-07', 'volatility-2025-01']);
    const at = (day: string) => setFor(sets, Date.parse(day))?.manifest.setId;
    expect(at('2024-12-31')).toBeUndefined();
    expect(at('2025-03-01')).toBe('volatility-2025-01');
    expect(at('2026-03-01')).toBe('volatility-2025-07');
    expect(at('2028-01-01')).toBeUndefined();
  });

  it.each(sets)('$manifest.setId answers as its makers say, every model and the ridge', async (set) => {
    const results = await checkVolatilityParity(set, runner);
    expect(results.map(({ model }) => model)).toEqual([
      'xgboost',
      'lightgbm',
      'lstm',
      'transformer',
      'ridge',
    ]);
    for (const { rows, largestDifference } of results) {
      expect(rows).toBeGreaterThanOrEqual(60);
      expect(largestDifference).toBeLessThanOrEqual(1e-4);
    }
  });

  it.each(sets)(
    '$manifest.setId gives no weight to a model whose gain over the ridge has an interval with 0 in it',
    (set) => {
      const { pool, walkForward } = set.manifest;
      for (const [horizon, { weights }] of pool.entries()) {
        for (const { id, overRidge } of walkForward.horizons[horizon] ?? []) {
          if (id !== 'ridge' && overRidge.low <= 0) expect(weights[id] ?? 0, id).toBe(0);
        }
      }
    },
  );

  it('have a pool that beat the formula at 24 h over 2021-07 to 2025-06, with an interval that excludes 0', () => {
    const { walkForward } = sets[0]?.manifest ?? {};
    expect([walkForward?.from.slice(0, 10), walkForward?.to.slice(0, 10)]).toEqual([
      '2021-07-01',
      '2025-07-01',
    ]);
    expect(walkForward?.horizons[0].find(({ id }) => id === 'pool')?.overFormula.low).toBeGreaterThan(0);
  });
});

describe('a forecast', () => {
  const [set] = sets;
  if (set === undefined) throw new Error('no set is shipped');
  const { manifest } = set;
  const row = Float32Array.from(manifest.features.statistics, ({ p50 }) => p50);
  const window = Float32Array.from(
    { length: row.length * manifest.window.rows },
    (_, at) => row[at % row.length] ?? 0,
  );
  const forecaster = new VolatilityForecaster(set, runner);

  it('is the mean by weight of the members that have one', async () => {
    const [forecast] = await forecaster.forecast({ symbol: 'BTC/USDT', rows: [row], windows: [window] });
    const { logVariance } = forecast?.h24 ?? { logVariance: new Map<string, number>() };
    const expected = Object.entries(manifest.pool[0].weights).reduce(
      (sum, [id, weight]) => sum + weight * (logVariance.get(id) ?? Number.NaN),
      manifest.pool[0].scale,
    );
    expect(logVariance.get('pool')).toBeCloseTo(expected, 9);
  });

  it('does without the nets where the window has a hole', async () => {
    const [forecast] = await forecaster.forecast({ symbol: 'BTC/USDT', rows: [row], windows: [null] });
    expect(forecast?.h24.logVariance.has('lstm')).toBe(false);
    expect(forecast === undefined ? Number.NaN : usedOf(forecast.h24)).toBeLessThan(-5);
  });

  it('has bands as wide as the volatility foretold, the wider ones outside', () => {
    const band = bandOf(manifest, 0, Math.log(0.0001), 1);
    expect(band.sigma).toBeCloseTo(0.01 * Math.sqrt(24), 9);
    expect(band.low95).toBeLessThan(band.low80);
    expect(band.low80).toBeLessThan(0);
    expect(band.high80).toBeLessThan(band.high95);
    expect(bandOf(manifest, 0, Math.log(0.0001), 2).high80).toBeCloseTo(2 * band.high80, 12);
  });

  it('is HAR where that was better in the last year, and only there', async () => {
    const coins = [{ symbol: 'BTC/USDT', poolQlike: 0.4, harQlike: 0.3 }];
    const other = new VolatilityForecaster({ ...set, manifest: { ...manifest, coins } }, runner);
    const of = async (symbol: string) =>
      (await other.forecast({ symbol, rows: [row], windows: [window] }))[0]?.h24;
    expect((await of('BTC/USDT'))?.used).toBe('har');
    expect((await of('ETH/USDT'))?.used).toBe('pool');
  });

  it('is refused of a row that lacks what the models were never shown missing', () => {
    const at = (name: string) => manifest.features.names.indexOf(name);
    expect(forecaster.missing(row.with(at('btc_var_24'), Number.NaN))).toBeUndefined();
    expect(forecaster.missing(row.with(at('var_24'), Number.NaN))).toBe('var_24');
  });
});

describe('a set that is not what its manifest says', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'volatility-'));
    cpSync(join(ROOT, 'volatility-2025-07'), folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const rewritten = (change: (text: string) => string): void => {
    const path = join(folder, 'manifest.json');
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  const refusal = (identity = IDENTITY): string | undefined => {
    try {
      loadVolatilitySet(folder, identity);
      return undefined;
    } catch (error) {
      return error instanceof ModelRefusal ? error.code : String(error);
    }
  };

  it('is whole to begin with', () => {
    expect(refusal()).toBeUndefined();
  });

  it.each(['xgboost.onnx', 'lstm.onnx', 'parity.json'])(
    'is refused when a byte of %s has flipped',
    (file) => {
      const content = readFileSync(join(folder, file));
      content.writeUInt8(content.readUInt8(1_000) ^ 1, 1_000);
      writeFileSync(join(folder, file), content);
      expect(refusal()).toBe('hash-mismatch');
    },
  );

  it('is refused by a program that computes other features', () => {
    expect(refusal({ ...IDENTITY, setHash: 'c'.repeat(64) })).toBe('features-mismatch');
  });

  it.each([
    ['weights that do not sum to 1', '"lightgbm": 0.0', '"lightgbm": 0.5'],
    [
      'a term of a feature it does not know',
      '"name": "var_ewma_20",\n       "mean"',
      '"name": "other",\n       "mean"',
    ],
  ])('is refused with %s', (_, from, to) => {
    rewritten((text) => {
      expect(text).toContain(from);
      return text.replace(from, to);
    });
    expect(refusal()).toBe('manifest-broken');
  });

  it('is refused with bands that do not lie about 0, each inside the next', () => {
    rewritten((text) => {
      const manifest = JSON.parse(text) as { bands: { quantiles: number[][] } };
      manifest.bands.quantiles[0]?.reverse();
      return JSON.stringify(manifest);
    });
    expect(refusal()).toBe('manifest-broken');
  });

  it('is none where a file lies in place of the folder of sets', () => {
    expect(volatilitySets(join(folder, 'manifest.json'), IDENTITY)).toEqual([]);
  });

  it('is refused when it expires before it begins', () => {
    rewritten((text) => text.replace('2028-01-01', '2024-01-01'));
    expect(refusal()).toBe('manifest-broken');
  });
});
