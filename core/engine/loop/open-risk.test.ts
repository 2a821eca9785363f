import { expect, it } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import type { Verdict } from '../../domain/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { BTC, ETH, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const FREE = { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0, latencyMs: 0 };

async function markets(options: SceneOptions = {}) {
  const scene = await engineScene({
    patience: 'prompt',
    settings: { simulation: FREE, safety: { costMultiple: 0 } },
    ...options,
  });
  /** One bar of both markets; what the position limits said of the one that is wanted. */
  async function bar(wanted: string | null): Promise<Verdict | undefined> {
    for (const symbol of [BTC, ETH]) {
      scene.voters.says.set(symbol, symbol === wanted ? 'BUY' : 'HOLD');
      await scene.bar(symbol, 1_000);
    }
    const decision = scene.told.decisions.findLast(({ symbol }) => symbol === wanted);
    return decision?.verdicts.find(({ layer }) => layer === 'position-limits');
  }
  return { ...scene, bar };
}

it('what the stop of a position would cost counts, and so does that of an entry on its way', async () => {
  const onItsWay = await markets();
  const first = await onItsWay.bar(BTC);
  const planned = first?.numbers['lossAtStopShare'] ?? Number.NaN;
  expect(planned).toBeGreaterThan(0);
  expect((await onItsWay.bar(ETH))?.numbers['openRisk']).toBeCloseTo(planned, 12);

  const held = await markets();
  await held.bar(BTC);
  await held.bar(null);
  expect(held.engine.desk.protectionOf(BTC).protection).toBe('venue');
  expect((await held.bar(ETH))?.numbers['openRisk']).toBeCloseTo(planned, 12);
});

it('an entry is refused once the stops in force cost what all of them may', async () => {
  const { bar } = await markets({
    settings: { simulation: FREE, safety: { costMultiple: 0, maxOpenRisk: 0.0001, minEntryShare: 0 } },
  });
  expect((await bar(BTC))?.message).toContain("limited by the open risk's 0.01 %");
  await bar(null);
  const refused = await bar(ETH);
  // What is left is a fraction of a lot.
  expect(refused).toMatchObject({ allowed: false, numbers: { maxOpenRisk: 0.0001 } });
});

it('a position that nothing protects counts with all its worth', async () => {
  const [ledger, store] = [new MemoryOrderLedger(), memoryVenueStore()];
  const profile = { nativeStops: false };
  const before = await markets({ ledger, store, profile });
  await before.bar(BTC);
  await before.bar(null);
  expect(before.engine.desk.protectionOf(BTC).protection).toBe('engine');
  await before.engine.close();
  // The plan is lost with the state.
  const state = new MemoryStateStore();
  const after = await markets({ ledger, store, profile, state, start: before.clock.now() });
  await after.bar(null);
  expect(await after.bar(ETH)).toMatchObject({
    code: 'max-open-risk',
    message: 'the open risk of 30.00 % leaves no room under its limit of 6.00 %',
    numbers: { openRisk: 0.3 },
  });
});
