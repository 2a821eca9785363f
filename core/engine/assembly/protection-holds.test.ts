import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float } from '../../domain/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

const SECOND = 1_000;
/** So long a filled unit may be without a stop that the venue has, and nobody told. */
const DEADLINE_MS = 2_000;
const LOOK_MS = 250;
/** An order of less is no order here. */
const SMALLEST = 0.02;

type Scene = Awaited<ReturnType<typeof engineScene>>;

/** Units that are held at the venue, under no stop of it and in no close that it works. */
async function bareUnits({ venue }: Scene): Promise<number> {
  const { assets } = await venue.account();
  const held = assets.get('BTC')?.total;
  const ways = (await venue.openOrders()).filter(({ side }) => side === 'sell');
  const covered = ways.reduce(
    (sum, { amount, filledAmount }) => sum + float(amount) - float(filledAmount),
    0,
  );
  return (held === undefined ? 0 : float(held)) - covered;
}

/** Watches what is bare from when that was first seen, and finds what nobody shows or tells. */
function watcher(scene: Scene) {
  let since: number | null = null;
  const faults: string[] = [];
  let told = 0;
  return {
    faults,
    /** How often something was bare for longer than it may be, and shown and told. */
    told: () => told,
    async look(): Promise<void> {
      const bare = await bareUnits(scene);
      const now = scene.time.monotonicMs();
      if (bare < SMALLEST) since = null;
      else since ??= now;
      if (since === null || now - since <= DEADLINE_MS + LOOK_MS) return;
      const { protection } = scene.engine.desk.protectionOf(BTC);
      const alert = scene.told.protection.at(-1);
      const isShown = protection !== 'venue';
      const isTold = alert !== undefined && alert !== `${BTC} guarded`;
      if (isShown && isTold) told += 1;
      else
        faults.push(
          `${bare} bare for ${now - since} ms, shown as ${protection}, told: ${alert ?? 'nothing'}`,
        );
    },
  };
}

const event = fc.oneof(
  fc.record({
    kind: fc.constant('market' as const),
    move: fc.double({ min: -0.004, max: 0.004, noNaN: true }),
    /** An order takes part in a tenth of it. */
    volume: fc.constantFrom(0.5, 5, 100),
  }),
  fc.record({
    kind: fc.constant('fault' as const),
    call: fc.constantFrom('submit', 'cancel', 'openOrders', 'order'),
    when: fc.constantFrom('before', 'after'),
    fault: fc.constantFrom('unavailable', 'rejected', 'uncertain'),
    times: fc.constantFrom(1, 3, 12),
  }),
  fc.record({ kind: fc.constant('decide' as const), says: fc.constantFrom('BUY', 'BUY', 'HOLD', 'SELL') }),
  fc.record({
    kind: fc.constant('limits' as const),
    maxSymbolExposure: fc.constantFrom(0.1, 0.3, 1),
    maxOpenRisk: fc.constantFrom(0.005, 0.06),
  }),
);

test('whatever fills, fails and is changed, no unit is without a stop past its deadline, unshown or untold', async () => {
  const faults: string[] = [];
  let told = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 4, maxLength: 16 }), async (events) => {
      const scene = await engineScene({
        symbols: [BTC],
        patience: 'prompt',
        settings: {
          simulation: { maxVolumeShare: 0.1, latencyMs: 0, spreadBps: 0, slippageBps: 0 },
          safety: { minHoldBars: 0, reentryWaitBars: 0, costMultiple: 0, maxEntriesPerHour: 1_000 },
        },
      });
      const watch = watcher(scene);
      let price = 1_000;
      const goOn = async (): Promise<void> => {
        for (let waited = 0; waited < 3 * SECOND; waited += LOOK_MS) {
          await scene.time.pass(LOOK_MS);
          await watch.look();
        }
      };
      const market = (volume: number, move = 0) => {
        const open = price;
        price *= 1 + move;
        return scene.step(BTC, price, { openTime: scene.clock.now(), open, volume }, SECOND);
      };
      const decide = async (says: 'BUY' | 'HOLD' | 'SELL'): Promise<void> => {
        scene.voters.says.set(BTC, says);
        const closing = scene.close(BTC, price);
        await scene.time.pass(0);
        await closing;
      };
      await decide('BUY');
      for (const each of events) {
        if (each.kind === 'market') await market(each.volume, each.move);
        else if (each.kind === 'decide') await decide(each.says);
        else if (each.kind === 'fault') {
          for (let time = 0; time < each.times; time += 1)
            scene.exchange.fail(each.call, each.when, each.fault);
        } else scene.engine.changeLimits({ ...scene.engine.limits.settings, ...each });
        await goOn();
      }
      await scene.engine.close();
      faults.push(...watch.faults);
      told += watch.told();
      expect(watch.faults).toEqual([]);
    }),
    { seed: 20_262, numRuns: 60 },
  );
  // It has been tried on what it is about.
  expect(told).toBeGreaterThan(0);
}, 120_000);
