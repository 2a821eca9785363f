import { describe, expect, it } from 'vitest';
import { float, type PositionPlan } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import type { ProposingStrategy } from '../../strategies/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

const NO_PLAN: PositionPlan = { takeProfits: [], trail: null, breakEvenAt: null, adds: [], expects: null };

/** A bar: what it closes at, and its shape where that is another than flat at the close of the one before. */
type Bar =
  | number
  | readonly [
      close: number,
      shape: {
        readonly open?: number;
        readonly high?: number;
        readonly low?: number;
        readonly volume?: number;
      },
    ];

interface Scenario {
  readonly what: string;
  readonly plan: Partial<PositionPlan>;
  /** Of equity, wanted by the strategy at each bar; the last one from then on. 0.2 when absent. */
  readonly wants?: readonly number[];
  /** After the entry at 1,000. */
  readonly bars: readonly Bar[];
  /** Each fill after the entry of 2 at 1,000, by hand: `side amount@price`. */
  readonly fills: readonly string[];
  /** What is left, and where its stop rests: `amount@stop`, or `flat`. */
  readonly left: string;
  /** Cash and coins at the last close, by hand. Fees of 0.1 % a fill. */
  readonly equity: number;
}

/**
 * 10,000 USDT, no spread. The strategy buys 20 % at 1,000: 2 BTC, fee 2, stop at 950; cash 7,998. What is decided at a
 * close fills at the next open.
 */
const SCENARIOS: readonly Scenario[] = [
  {
    what: 'without a plan the stop stays and takes all',
    plan: {},
    bars: [1_100, [940, { open: 1_100, low: 940 }]],
    fills: ['sell 2@950'],
    left: 'flat',
    // 7,998 + 1,900 - 1.9
    equity: 9_896.1,
  },
  {
    what: 'a gap through the stop fills at the open',
    plan: {},
    bars: [1_000, [900, { open: 900, high: 905, low: 890 }]],
    fills: ['sell 2@900'],
    left: 'flat',
    // 7,998 + 1,800 - 1.8
    equity: 9_796.2,
  },
  {
    what: 'a take profit sells half, the stop protects the rest where it was',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }] },
    bars: [1_050, [1_060, { open: 1_060 }]],
    fills: ['sell 1@1060'],
    left: '1@950',
    // 7,998 + 1,060 - 1.06 + 1,060
    equity: 10_116.94,
  },
  {
    what: 'two take profits, one after the other, sell all',
    plan: {
      takeProfits: [
        { at: 0.05, sell: 0.5 },
        { at: 0.1, sell: 1 },
      ],
    },
    bars: [1_050, [1_100, { open: 1_055 }], [1_110, { open: 1_100 }]],
    fills: ['sell 1@1055', 'sell 1@1100'],
    left: 'flat',
    // 7,998 + 1,055 - 1.055 + 1,100 - 1.1
    equity: 10_150.845,
  },
  {
    what: 'two take profits passed in one bar are one sale',
    plan: {
      takeProfits: [
        { at: 0.05, sell: 0.5 },
        { at: 0.1, sell: 0.5 },
      ],
    },
    bars: [
      [1_100, { open: 1_000 }],
      [1_100, { open: 1_100 }],
    ],
    fills: ['sell 1.5@1100'],
    left: '0.5@950',
    // 7,998 + 1,650 - 1.65 + 550
    equity: 10_196.35,
  },
  {
    what: 'a take profit is taken once, also when the price comes back to it',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }] },
    bars: [
      1_050,
      [1_060, { open: 1_050 }],
      [1_020, { open: 1_060 }],
      [1_070, { open: 1_020 }],
      [1_070, { open: 1_070 }],
    ],
    fills: ['sell 1@1050'],
    left: '1@950',
    // 7,998 + 1,050 - 1.05 + 1,070
    equity: 10_116.95,
  },
  {
    what: 'a take profit that fills in part goes on, and what is left has its stop',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }] },
    // A tenth of the volume is there to be had: 0.4, then the rest.
    bars: [1_050, [1_050, { open: 1_050, volume: 4 }], [1_060, { open: 1_055 }], [1_060, { open: 1_060 }]],
    fills: ['sell 0.4@1050', 'sell 0.6@1055'],
    left: '1@950',
    // 7,998 + 420 - 0.42 + 633 - 0.633 + 1,060
    equity: 10_109.947,
  },
  {
    what: 'a gap down after a take profit takes the rest at the open',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }] },
    bars: [1_050, [1_040, { open: 1_050 }], [880, { open: 900, low: 870 }]],
    fills: ['sell 1@1050', 'sell 1@900'],
    left: 'flat',
    // 7,998 + 1,050 - 1.05 + 900 - 0.9
    equity: 9_946.05,
  },
  {
    what: 'break-even after 1 R: the stop goes to what was paid',
    plan: { breakEvenAt: 0.05 },
    bars: [1_050, [1_010, { open: 1_050 }]],
    fills: [],
    left: '2@1000',
    // 7,998 + 2,020
    equity: 10_018,
  },
  {
    what: 'break-even costs the fees and no more',
    plan: { breakEvenAt: 0.05 },
    bars: [1_050, [990, { open: 1_050, low: 980 }]],
    fills: ['sell 2@1000'],
    left: 'flat',
    // 7,998 + 2,000 - 2
    equity: 9_996,
  },
  {
    what: 'break-even is not moved a point below its rise',
    plan: { breakEvenAt: 0.05 },
    bars: [1_049, [960, { open: 1_049, low: 955 }]],
    fills: [],
    left: '2@950',
    // 7,998 + 1,920
    equity: 9_918,
  },
  {
    what: 'a trailing stop follows the closes and never goes back',
    plan: { trail: { by: 0.1, from: 0 } },
    bars: [1_100, [1_200, { open: 1_100 }], [1_150, { open: 1_200 }]],
    fills: [],
    left: '2@1080',
    // 7,998 + 2,300
    equity: 10_298,
  },
  {
    what: 'a trailing stop fills where it was moved to',
    plan: { trail: { by: 0.1, from: 0 } },
    bars: [1_200, [1_070, { open: 1_200, low: 1_060 }]],
    fills: ['sell 2@1080'],
    left: 'flat',
    // 7,998 + 2,160 - 2.16
    equity: 10_155.84,
  },
  {
    what: 'the high of a bar moves no trailing stop, its close does',
    plan: { trail: { by: 0.1, from: 0 } },
    bars: [[1_050, { open: 1_000, high: 1_300 }]],
    fills: [],
    left: '2@950',
    // 7,998 + 2,100
    equity: 10_098,
  },
  {
    what: 'trailing by three ATR of 2 %, from a rise of 10 % on',
    plan: { trail: { by: 0.06, from: 0.1 } },
    bars: [1_090, [1_100, { open: 1_090 }], [1_120, { open: 1_100 }]],
    fills: [],
    left: '2@1052.8',
    // 7,998 + 2,240
    equity: 10_238,
  },
  {
    what: 'a gap through a trailing stop fills at the open',
    plan: { trail: { by: 0.1, from: 0 } },
    bars: [1_200, [1_000, { open: 1_020, low: 990 }]],
    fills: ['sell 2@1020'],
    left: 'flat',
    // 7,998 + 2,040 - 2.04
    equity: 10_035.96,
  },
  {
    what: 'add twice, then the stop takes all of it',
    plan: {
      adds: [
        { at: 0.05, share: 0.04 },
        { at: 0.1, share: 0.04 },
      ],
    },
    bars: [1_050, [1_100, { open: 1_050 }], [1_100, { open: 1_100 }], [940, { open: 1_100, low: 930 }]],
    // 4 % of 10,098 is 403.92, of 10,216.826 it is 408.673. Each has a stop of its own.
    fills: [
      ...['buy 0.3846@1050', 'buy 0.3715@1100'],
      ...['sell 2@950', 'sell 0.3846@950', 'sell 0.3715@950'],
    ],
    left: 'flat',
    // 7,998 - 403.83 - 0.40383 - 408.65 - 0.40865 + 2,618.295 - 2.618295
    equity: 9_800.3842,
  },
  {
    what: 'an addition is made once, and takes over the stop',
    plan: { adds: [{ at: 0.05, share: 0.04 }] },
    bars: [1_050, [1_050, { open: 1_050 }], [1_060, { open: 1_050 }]],
    fills: ['buy 0.3846@1050'],
    left: '2.3846@950',
    // 7,998 - 403.83 - 0.40383 + 2.3846 x 1,060
    equity: 10_121.4422,
  },
  {
    what: 'no addition passes the limit of a symbol',
    plan: { adds: [{ at: 0.05, share: 0.5 }] },
    bars: [1_050, [1_050, { open: 1_050 }]],
    // 30 % of 10,098 is 3,029.4: 929.4 more, at 1,050.
    fills: ['buy 0.8851@1050'],
    left: '2.8851@950',
    // 7,998 - 929.355 - 0.929355 + 2.8851 x 1,050
    equity: 10_097.0706,
  },
  {
    what: 'break-even after an addition is at the average of both',
    plan: { adds: [{ at: 0.05, share: 0.04 }], breakEvenAt: 0.1 },
    bars: [1_050, [1_100, { open: 1_050 }]],
    fills: ['buy 0.3846@1050'],
    // (2,000 + 403.83) / 2.3846 = 1,008.064, up to the tick of 0.005
    left: '2.3846@1008.065',
    // 7,998 - 403.83 - 0.40383 + 2.3846 x 1,100
    equity: 10_216.8262,
  },
  {
    what: 'a take profit goes before an addition of the same rise',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }], adds: [{ at: 0.05, share: 0.04 }] },
    bars: [1_050, [1_050, { open: 1_050 }], [1_050, { open: 1_050 }]],
    // 4 % of 10,096.95 is 403.878.
    fills: ['sell 1@1050', 'buy 0.3846@1050'],
    left: '1.3846@950',
    // 7,998 + 1,050 - 1.05 - 403.83 - 0.40383 + 1.3846 x 1,050
    equity: 10_096.5462,
  },
  {
    what: 'what a take profit has sold is not bought back',
    plan: { takeProfits: [{ at: 0.05, sell: 0.9 }] },
    bars: [1_050, [1_040, { open: 1_050 }], [1_030, { open: 1_040 }]],
    fills: ['sell 1.8@1050'],
    left: '0.2@950',
    // 7,998 + 1,890 - 1.89 + 206
    equity: 10_092.11,
  },
  {
    what: 'the strategy that wants out goes before its plan',
    plan: { takeProfits: [{ at: 0.05, sell: 0.5 }] },
    wants: [0.2, 0],
    bars: [1_050, [1_060, { open: 1_055 }]],
    fills: ['sell 2@1055'],
    left: 'flat',
    // 7,998 + 2,110 - 2.11
    equity: 10_105.89,
  },
];

function strategy(plan: Partial<PositionPlan>, wants: readonly number[]): ProposingStrategy {
  let asked = 0;
  let last = -1;
  return {
    ...{ kind: 'proposing', id: 'mine', label: 'a test', limits: {}, everyMs: 3_600_000, when: 'every hour' },
    data: { timeframe: '1h', historyMs: 0 },
    propose(_history, { at }) {
      if (at !== last) [asked, last] = [asked + 1, at];
      const targetShare = wants[Math.min(asked, wants.length) - 1] ?? 0;
      const words = { reason: 'the test wants it', invalidation: 'the test', numbers: {} };
      const whole = { ...NO_PLAN, ...plan };
      return {
        kind: 'target',
        targetShare,
        band: 0.05,
        stopShare: 0.05,
        expectedMove: null,
        ...words,
        plan: whole,
      };
    },
  };
}

async function scene(
  { plan, wants = [0.2] }: Pick<Scenario, 'plan' | 'wants'>,
  more: { state?: MemoryStateStore } = {},
) {
  const test = await engineScene({
    symbols: [BTC],
    ...more,
    settings: { safety: { maxSymbolExposure: 0.3, maxGroupExposure: 1, maxOpenRisk: 1 } },
  });
  test.now.proposes = strategy(plan, wants);
  const left = (): string => {
    const held = test.engine.portfolio.position(BTC).quantity;
    if (held.isZero()) return 'flat';
    const stops = test.engine.desk.orders.unfinished(BTC).filter(({ type }) => type === 'stop');
    const covered = stops.reduce((sum, { amount }) => sum + float(amount), 0);
    return `${Number(covered.toFixed(8))}@${[...new Set(stops.map(({ stopPrice }) => stopPrice?.toFixed()))].join()}`;
  };
  const fills = (): readonly string[] =>
    test.told.fills.map(({ side, amount, price }) => `${side} ${amount.toFixed()}@${price.toFixed()}`);
  return { ...test, left, fills };
}

describe('a position that is led by a plan', () => {
  it.each(SCENARIOS)('$what', async (scenario) => {
    const test = await scene(scenario);
    await test.bar(BTC, 1_000);
    let before = 1_000;
    for (const bar of scenario.bars) {
      const [close, shape] = typeof bar === 'number' ? [bar, {}] : bar;
      const {
        open = before,
        high = Math.max(open, close),
        low = Math.min(open, close),
        volume = 10_000,
      } = shape;
      await test.bar(BTC, close, { open, high, low, volume });
      before = close;
    }
    expect(test.fills()).toEqual(['buy 2@1000', ...scenario.fills]);
    expect(test.left()).toBe(scenario.left);
    expect(test.engine.portfolio.equityFloat()).toBeCloseTo(scenario.equity, 2);
    expect(test.told.failures).toEqual([]);
  });

  it('goes on after a restart where it was', async () => {
    const state = new MemoryStateStore();
    const test = await scene(
      { plan: { takeProfits: [{ at: 0.05, sell: 0.5 }], breakEvenAt: 0.05 } },
      { state },
    );
    await test.bar(BTC, 1_000);
    await test.bar(BTC, 1_050, { open: 1_000 });
    const [record] = (state.read('entry-theses') as { records: readonly unknown[] }).records;
    expect(record).toMatchObject({
      stopPrice: '1000',
      plan: { breakEvenAt: 0.05 },
      progress: { firstPrice: 1_000, highest: 1_050, taken: 1 },
    });
  });

  it('is told in the decision: what the plan is, where its stop goes, and what it sells', async () => {
    const test = await scene({ plan: { takeProfits: [{ at: 0.1, sell: 1 }], breakEvenAt: 0.05 } });
    await test.bar(BTC, 1_000);
    expect(test.told.decisions.at(-1)?.proposal?.reason).toBe(
      'the test wants it. Once held: sells 100 % of what is held at +10 %; stop to break-even at +5 %',
    );
    await test.bar(BTC, 1_060, { open: 1_000 });
    expect(test.told.decisions.at(-1)?.reason).toContain(
      'the stop goes from 950 to 1000, to break-even, after a rise of 5 %',
    );
    await test.bar(BTC, 1_100, { open: 1_060 });
    expect(test.told.decisions.at(-1)).toMatchObject({
      outcome: 'traded',
      reasonCode: 'take-profit',
      reason: expect.stringContaining('take profit 1 of 1'),
    });
  });

  it('asks again for an addition that a gate has refused', async () => {
    const test = await scene({ plan: { adds: [{ at: 0.05, share: 0.04 }], expects: 0.000_01 } });
    await test.bar(BTC, 1_000);
    for (const close of [1_060, 1_070]) {
      await test.bar(BTC, close, { open: 1_000 });
      expect(test.told.decisions.at(-1)).toMatchObject({
        outcome: 'blocked',
        reasonCode: 'cost-gate:too-costly',
        proposal: { reason: expect.stringContaining('addition 1 of 1') as string },
      });
    }
    expect(test.fills()).toEqual(['buy 2@1000']);
  });

  it('says which limit leaves no room for an addition, with its sum, and asks again', async () => {
    const test = await scene({ plan: { adds: [{ at: 0.05, share: 0.04 }] }, wants: [0.3] });
    await test.bar(BTC, 1_000);
    for (const close of [1_060, 1_070]) {
      await test.bar(BTC, close, { open: 1_000 });
      const decision = test.told.decisions.at(-1);
      expect(decision).toMatchObject({
        outcome: 'blocked',
        reasonCode: 'position-limits:max-symbol-exposure',
        proposal: { reason: expect.stringContaining('addition 1 of 1') as string },
      });
      expect(decision?.reason).toMatch(
        /leaves no room under its limit of 30.00 %; addition 1 of 1: the price has risen by 5 %, and asked for again/,
      );
      const limits = decision?.verdicts.find(({ layer }) => layer === 'position-limits');
      expect(limits?.numbers).toMatchObject({ symbolExposure: expect.any(Number) as number });
    }
    expect(test.fills()).toEqual(['buy 3@1000']);
  });

  it('is led on when another strategy, on which the voters agree, has taken over: all but additions', async () => {
    const test = await scene({
      plan: {
        takeProfits: [{ at: 0.1, sell: 0.5 }],
        trail: { by: 0.05, from: 0.04 },
        adds: [{ at: 0.05, share: 0.04 }],
      },
    });
    await test.bar(BTC, 1_000);
    await test.step(BTC, 1_000);
    test.now.proposes = null;
    await test.bar(BTC, 1_060, { open: 1_000 });
    expect(test.told.decisions.at(-1)?.reason).toContain('the stop goes from 950 to 1007');
    await test.bar(BTC, 1_100, { open: 1_060 });
    await test.step(BTC, 1_100);
    expect(test.fills()).toEqual(['buy 2@1000', 'sell 1@1100']);
    expect(test.left()).toBe('1@1045');
    expect(test.told.decisions.find(({ reasonCode }) => reasonCode === 'take-profit')?.strategy).toBe(
      'ensemble',
    );
  });

  it('adds nothing while the trader has paused it, and still takes its profit', async () => {
    const test = await scene({
      plan: { adds: [{ at: 0.05, share: 0.04 }], takeProfits: [{ at: 0.1, sell: 1 }] },
    });
    await test.bar(BTC, 1_000);
    test.now.paused = 'the trader wants it so';
    await test.bar(BTC, 1_060, { open: 1_000 });
    expect(test.told.decisions.at(-1)).toMatchObject({ outcome: 'blocked', reasonCode: 'paused' });
    await test.bar(BTC, 1_110, { open: 1_060 });
    await test.step(BTC, 1_110);
    expect(test.fills()).toEqual(['buy 2@1000', 'sell 2@1110']);
  });
});
