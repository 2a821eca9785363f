import { describe, expect, it } from 'vitest';
import type { Candle, MaturedPrediction, Prediction, PredictionStore } from '../domain/index.ts';
import { barrierDistance, LABEL } from './labels.ts';
import { LiveCalibration } from './live-calibration.ts';

const HOUR = 3_600_000;
const SIGMA = 0.004;
const PRIOR = [0.2, 0.6, 0.2];

/** The rules of the durable store, for one set. */
class ListedPredictions implements PredictionStore {
  readonly all: (Prediction | MaturedPrediction)[] = [];

  append(prediction: Prediction): void {
    this.all.push(prediction);
  }
  waiting(symbol: string, barOpenTime: number): readonly Prediction[] {
    return this.all.filter(
      (each) => each.symbol === symbol && each.barOpenTime === barOpenTime && !('label' in each),
    );
  }
  settle(matured: MaturedPrediction): void {
    const place = this.all.findIndex(
      ({ symbol, barOpenTime }) => symbol === matured.symbol && barOpenTime === matured.barOpenTime,
    );
    this.all[place] = matured;
  }
  count(): number {
    return this.all.length;
  }
  matured(): readonly MaturedPrediction[] {
    return this.all.filter((each): each is MaturedPrediction => 'label' in each);
  }
}

/** Quiet hours at 100; in `jumps` the upper barrier is touched. */
function bars(hours: readonly number[], jumps: readonly number[] = []): Candle[] {
  const high = 100 * Math.exp(barrierDistance(SIGMA)) + 0.01;
  return hours.map((hour) => {
    const quiet = { open: 100, high: 100.1, low: 99.9, close: 100, volume: 1 };
    return { openTime: hour * HOUR, ...quiet, ...(jumps.includes(hour) ? { high } : {}) };
  });
}
const hours = (count: number, first = 0): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

function predicted(at: readonly number[]): ListedPredictions {
  const store = new ListedPredictions();
  for (const hour of at) {
    const triple = { down: 0.2, flat: 0.6, up: 0.2 };
    store.append({ setId: 'a', symbol: 'BTC/USDT', barOpenTime: hour * HOUR, sigma: SIGMA, ...triple });
  }
  return store;
}
const labelsOf = (store: ListedPredictions) =>
  store.matured().map(({ barOpenTime, label }) => [barOpenTime / HOUR, label]);

describe('what came of the predictions', () => {
  it('is known when the horizon ends, and not a bar earlier', () => {
    const store = predicted([0]);
    const calibration = new LiveCalibration(store);
    calibration.mature('BTC/USDT', bars(hours(LABEL.horizonBars)), HOUR);
    expect(labelsOf(store)).toEqual([]);
    calibration.mature('ETH/USDT', bars(hours(LABEL.horizonBars + 1)), HOUR);
    expect(labelsOf(store)).toEqual([]);
    calibration.mature('BTC/USDT', bars(hours(LABEL.horizonBars + 1)), HOUR);
    expect(labelsOf(store)).toEqual([[0, 1]]);
  });

  it('is caught up with after the program was off', () => {
    const store = predicted([0, 5, 9, 40]);
    new LiveCalibration(store).mature('BTC/USDT', bars(hours(60), [20]), HOUR);
    expect(labelsOf(store)).toEqual([
      [0, 2],
      [5, 2],
      [9, 2],
    ]);
  });

  it('stays unknown where bars are missing within the horizon', () => {
    const store = predicted([0, 30]);
    const holed = hours(60).filter((hour) => hour !== 10);
    new LiveCalibration(store).mature('BTC/USDT', bars(holed), HOUR);
    expect(labelsOf(store)).toEqual([[30, 1]]);
  });
});

describe('live calibration', () => {
  it('has no figures before enough outcomes are known', () => {
    const store = predicted(hours(60));
    const calibration = new LiveCalibration(store);
    calibration.mature('BTC/USDT', bars(hours(70)), HOUR);
    expect(calibration.view('a', PRIOR, HOUR)).toEqual({
      predictions: 60,
      matured: 46,
      logLoss: null,
      priorLogLoss: null,
      ece: null,
      curve: [],
    });
  });

  it('sets what was said against what came', () => {
    const store = predicted(hours(100));
    const calibration = new LiveCalibration(store);
    // Every horizon but the quiet hours' after the last jump goes up: 76 predictions, 60 of them up.
    calibration.mature('BTC/USDT', bars(hours(100), [24, 48, 60]), HOUR);
    const view = calibration.view('a', PRIOR, HOUR);
    expect(view).toMatchObject({ predictions: 100, matured: 76 });
    const [ups, flats] = [60, 16];
    expect(view.logLoss).toBeCloseTo(-(ups * Math.log(0.2) + flats * Math.log(0.6)) / 76, 12);
    expect(view.priorLogLoss).toBeCloseTo(view.logLoss ?? Number.NaN, 12);
    // Two bins: 0.2 was said of down and up, 0.6 of flat.
    expect(view.curve).toMatchObject([
      { realised: ups / 152, samples: 152 },
      { realised: flats / 76, samples: 76 },
    ]);
    const wanted = (152 * Math.abs(0.2 - ups / 152) + 76 * Math.abs(0.6 - flats / 76)) / 228;
    expect(view.ece).toBeCloseTo(wanted, 12);
  });
});
