import { describe, expect, it } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import type { StrategyId } from '../../contract/index.ts';
import type { Decision, Verdict } from '../../domain/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT'] as const;
type Symbol = (typeof SYMBOLS)[number];

const FREE = { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, latencyMs: 0 };

/** Four quiet markets that cost nothing, and voters who want one of them or none. */
async function markets(options: SceneOptions = {}) {
  const scene = await engineScene({
    symbols: SYMBOLS,
    patience: 'prompt',
    settings: { simulation: FREE, safety: { costMultiple: 0 } },
    ...options,
  });

  /** One bar of every market at the same price; what was decided on the one that is wanted. */
  async function bar(wanted: Symbol | null, strategy: StrategyId = 'rules'): Promise<Decision | undefined> {
    scene.now.strategy = strategy;
    for (const symbol of SYMBOLS) {
      scene.voters.says.set(symbol, symbol === wanted ? 'BUY' : 'HOLD');
      await scene.bar(symbol, 1_000);
    }
    return scene.told.decisions.findLast(({ symbol }) => symbol === wanted);
  }
  return { ...scene, bar };
}

function limits(decision: Decision | undefined): Verdict | undefined {
  return decision?.verdicts.find(({ layer }) => layer === 'position-limits');
}

describe('what is held belongs to the strategy that opened it', () => {
  it('two positions fill a strategy, and the third entry is refused with its sum', async () => {
    const { bar } = await markets();
    expect(limits(await bar('BTC/USDT'))).toMatchObject({
      allowed: true,
      message: expect.stringMatching(
        /^3 BTC for 3,000 USDT: limited by the symbol's 30 %; its stop would cost 0\.\d+ %/,
      ),
      numbers: { notional: 3_000, strategyExposure: 0 },
    });
    await bar('ETH/USDT');
    await bar(null);
    expect(limits(await bar('SOL/USDT'))).toMatchObject({
      allowed: false,
      code: 'max-strategy-exposure',
      numbers: { strategyExposure: 0.6, portfolioExposure: 0.6 },
    });
  });

  it("after a promotion the new strategy has its own room, until the portfolio's limit binds", async () => {
    const { bar } = await markets({
      settings: { simulation: FREE, safety: { costMultiple: 0, maxGroupExposure: 1 } },
    });
    await bar('BTC/USDT');
    await bar('ETH/USDT');
    await bar(null);
    const third = await bar('SOL/USDT', 'ensemble');
    expect(third?.outcome).toBe('traded');
    expect(limits(third)?.numbers).toMatchObject({
      strategyExposure: 0,
      portfolioExposure: 0.6,
      roomStrategy: 6_000,
    });
    await bar(null, 'ensemble');
    expect(limits(await bar('XRP/USDT', 'ensemble'))).toMatchObject({
      allowed: false,
      code: 'max-portfolio-exposure',
      numbers: { strategyExposure: 0.3, portfolioExposure: 0.9 },
    });
  });

  it('markets that move together are one group, whoever opened what', async () => {
    const { bar } = await markets();
    await bar('BTC/USDT');
    await bar('ETH/USDT');
    await bar(null);
    expect(limits(await bar('SOL/USDT', 'ensemble'))).toMatchObject({
      allowed: false,
      code: 'max-group-exposure',
      message: expect.stringContaining('the 3 symbols that move together with SOL/USDT'),
      numbers: { strategyExposure: 0, groupExposure: 0.6, groupSize: 3 },
    });
  });

  it('an entry that is still on its way counts as well', async () => {
    const { bar } = await markets();
    await bar('BTC/USDT');
    expect(limits(await bar('ETH/USDT', 'ensemble'))?.numbers).toMatchObject({
      strategyExposure: 0,
      portfolioExposure: 0.3,
    });
  });

  it.each([
    ['survives a restart', true, { rules: 0.6, ensemble: 0 }],
    ['without a record counts as that of whoever asks', false, { rules: 0.6, ensemble: 0.6 }],
  ])('%s', async (_name, isRemembered, exposures) => {
    for (const strategy of ['rules', 'ensemble'] as const) {
      const [ledger, state, store] = [new MemoryOrderLedger(), new MemoryStateStore(), memoryVenueStore()];
      const before = await markets({ ledger, state, store });
      await before.bar('BTC/USDT');
      await before.bar('ETH/USDT');
      await before.bar(null);
      await before.engine.close();
      const after = await markets({
        ledger,
        state: isRemembered ? state : new MemoryStateStore(),
        store,
        start: before.clock.now(),
      });
      await after.bar(null);
      expect(limits(await after.bar('SOL/USDT', strategy))?.numbers).toMatchObject({
        strategyExposure: exposures[strategy],
        portfolioExposure: 0.6,
      });
    }
  });
});
