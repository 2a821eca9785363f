import { describe, expect, it } from 'vitest';
import type { Vote } from '../domain/index.ts';
import { DirectRunner } from './direct-runner.ts';
import { HistoricalEnsemble } from './historical-ensemble.ts';
import { ModelLibrary } from './model-library.ts';
import { ModelRegistry } from './model-registry.ts';
import type { ModelSet } from './model-set.ts';
import { SMALL_FEATURES } from './testing/model-set-folder.ts';
import { HOUR, SmallMarket } from './testing/small-market.ts';
import { temporarySets } from './testing/temporary-sets.ts';
import { WorkerRunner } from './worker-runner.ts';

const sets = temporarySets();
const runner = sets.keep(new DirectRunner());
const START = Date.parse('2026-02-01T00:00:00Z');

/** 700 hours with holes, missing values and outliers in them, the first 5 not ready. */
function eventfulMarket(symbol: string, seed: number): SmallMarket {
  const hours = Array.from({ length: 700 }, (_, hour) => hour).filter((hour) => hour % 97 !== 50);
  const market = new SmallMarket(START, hours, { symbol, seed, firstReady: 5 });
  for (let bar = 20; bar < hours.length; bar += 41) market.set(bar, 'trend', Number.NaN);
  for (let bar = 30; bar < hours.length; bar += 53) market.set(bar, 'momentum', 900);
  return market;
}

/** A vote's figures with numbers apart from words, for comparing two ways of computing it. */
function figuresOf(vote: Vote): { readonly words: readonly string[]; readonly numbers: readonly number[] } {
  if (vote.kind === 'abstention') return { words: [vote.code, vote.message], numbers: [] };
  const { action, confidence, reliability = 1, models = [] } = vote;
  const outputs = models.flatMap(({ down, flat, up, weight }) => [down, flat, up, weight]);
  return {
    words: [action, ...models.map(({ model }) => model)],
    numbers: [confidence, reliability, ...outputs],
  };
}

describe('the ensemble over history', () => {
  const markets = [eventfulMarket('BTC/USDT', 21), eventfulMarket('ETH/USDT', 22)];

  it('says of every bar what the live one says, to a millionth', async () => {
    const { folder } = sets.write();
    const library = new ModelLibrary({ shippedFolder: folder, ownFolder: null, features: SMALL_FEATURES });
    const live = new ModelRegistry({ library, runner: sets.keep(new WorkerRunner()) });
    if (live.set === null) throw new TypeError('the small set is there');
    const past = await HistoricalEnsemble.over(markets, '1h', [live.set], runner);
    const codes = new Map<string, number>();
    for (const market of markets) {
      for (const bar of market.times.keys()) {
        const found = figuresOf(past.opine(market.brief(bar)));
        const wanted = figuresOf(await live.opine(market.brief(bar)));
        expect(found.words).toEqual(wanted.words);
        expect(found.numbers.length).toBe(wanted.numbers.length);
        for (const [index, value] of wanted.numbers.entries()) {
          expect(Math.abs((found.numbers[index] ?? 9) - value)).toBeLessThan(1e-6);
        }
        codes.set(found.words[0] ?? '', (codes.get(found.words[0] ?? '') ?? 0) + 1);
      }
    }
    // The bars were worth comparing: every way of speaking and of not speaking is among them.
    expect([...codes.keys()].sort()).toEqual([
      'BUY',
      'HOLD',
      'SELL',
      'missing-features',
      'out-of-distribution',
      'warming-up',
    ]);
  });

  it('is the same bit for bit when asked again', async () => {
    const set = sets.load();
    const votes = async (): Promise<Vote[]> => {
      const past = await HistoricalEnsemble.over(markets, '1h', [set], sets.keep(new DirectRunner()));
      return markets.flatMap((market) =>
        [...market.times.keys()].map((bar) => past.opine(market.brief(bar))),
      );
    };
    expect(await votes()).toEqual(await votes());
  });

  it('does not depend on what comes after a bar', async () => {
    const set = sets.load();
    const market = new SmallMarket(
      START,
      Array.from({ length: 400 }, (_, hour) => hour),
    );
    const short = {
      symbol: market.symbol,
      times: market.times.slice(0, 300),
      values: market.values.slice(0, 300 * SMALL_FEATURES.names.length),
      firstReady: 0,
    };
    const whole = await HistoricalEnsemble.over([market], '1h', [set], runner);
    const cut = await HistoricalEnsemble.over([short], '1h', [set], runner);
    for (let bar = 0; bar < 300; bar += 1) {
      const [found, wanted] = [
        figuresOf(cut.opine(market.brief(bar))),
        figuresOf(whole.opine(market.brief(bar))),
      ];
      expect(found.words).toEqual(wanted.words);
      for (const [index, value] of wanted.numbers.entries()) {
        expect(found.numbers[index]).toBeCloseTo(value, 6);
      }
    }
  });
});

describe('which set speaks of a bar', () => {
  const market = new SmallMarket(
    START,
    Array.from({ length: 60 }, (_, hour) => hour),
  );
  const at = (hour: number): string => new Date(START + hour * HOUR).toISOString();
  const over = (chosen: readonly ModelSet[]) => HistoricalEnsemble.over([market], '1h', chosen, runner);
  /** What a set says of a bar when nobody else is there. */
  const alone = async (set: ModelSet, bar: number) => figuresOf((await over([set])).opine(market.brief(bar)));

  it('the newest that had learned from nothing later, at the moment the bar closed', async () => {
    const old = sets.load({ setId: 'old', seed: 1, validFrom: at(10), validUntil: at(40) });
    const young = sets.load({ setId: 'young', seed: 9, validFrom: at(30), validUntil: at(50) });
    // A bar closes an hour after its opening time, by which it is known.
    const speakers = [
      [8, null],
      [9, old],
      [28, old],
      [29, young],
      [39, young],
      [48, young],
      [49, null],
    ] as const;
    for (const chosen of [
      [old, young],
      [young, old],
    ]) {
      const past = await over(chosen);
      for (const [bar, speaker] of speakers) {
        const found = figuresOf(past.opine(market.brief(bar)));
        if (speaker === null) expect(found.words[0]).toMatch(/^model-(expired|not-valid-yet)$/);
        else expect(found).toEqual(await alone(speaker, bar));
      }
    }
    expect((await alone(old, 20)).numbers).not.toEqual((await alone(young, 35)).numbers);
  });

  it('says why none may: too early, expired, other bars, no set at all', async () => {
    const set = sets.load({ validFrom: at(10), validUntil: at(40) });
    const past = await over([set]);
    expect(past.opine(market.brief(5))).toMatchObject({ code: 'model-not-valid-yet' });
    expect(past.opine(market.brief(45))).toMatchObject({ code: 'model-expired' });
    expect(past.opine(market.brief(20, { timeframe: '4h' }))).toMatchObject({ kind: 'abstention' });
    expect((await over([])).opine(market.brief(20))).toMatchObject({ code: 'no-model-installed' });
  });
});
