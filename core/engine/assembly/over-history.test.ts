import { describe, expect, it } from 'vitest';
import { openAgents } from '../../agents/index.ts';
import { SettingsSchema } from '../../contract/index.ts';
import {
  type Analyst,
  type Candle,
  type Decision,
  type Fill,
  SeededRandom,
  TIMEFRAME_MS,
  type Vote,
} from '../../domain/index.ts';
import { MemoryDecisionStore } from '../../storage/index.ts';
import { BTC, ETH } from '../testing/engine-scene.ts';
import { assembleOverHistory } from './over-history.ts';

const HOUR = TIMEFRAME_MS['1h'];
const BARS = 2_500;

/** A market that swings and wanders, with bars and hours missing, and others without volume. */
function wandering(seed: number): readonly Candle[] {
  const random = new SeededRandom(seed);
  const candles: Candle[] = [];
  let open = 1_000;
  for (let index = 0; index < BARS; index += 1) {
    const close = Math.max(1, open * (1 + 0.02 * (random.next() - 0.5) + 0.004 * Math.sin(index / 40)));
    const [high, low] = [Math.max(open, close) * 1.003, Math.min(open, close) * 0.997];
    const volume = index % 97 === 0 ? 0 : 5_000 * random.next();
    if (index % 211 > 4) candles.push({ openTime: index * HOUR, open, high, low, close, volume });
    open = close;
  }
  return candles;
}

const OFF: Vote = { kind: 'abstention', voter: 'ensemble', source: 'models', code: 'off', message: '' };

/** @param opine the models' voice; without one nobody listens to them. */
async function run(order: readonly string[] = [BTC, ETH], opine?: Analyst['opine']) {
  const fills: Fill[] = [];
  const failures: unknown[] = [];
  const decisions = new MemoryDecisionStore();
  const { engine, feed } = await assembleOverHistory({
    settings: SettingsSchema.parse({
      symbols: [...order],
      strategy: { id: opine === undefined ? 'rules' : 'ensemble' },
      simulation: { latencyMs: 250, maxVolumeShare: 0.02 },
      safety: { costMultiple: 0 },
    }),
    series: order.map((symbol) => ({ symbol, bars: wandering(symbol === BTC ? 1 : 2) })),
    agents: openAgents({ mode: 'offline' }),
    ensemble: { opine: opine ?? (() => OFF) },
    decisions,
    entriesHeld: () => null,
    onFill: (fill) => fills.push(fill),
    onFailure: (error) => failures.push(error),
  });
  for (let event = feed.next(); event !== undefined; event = feed.next()) await engine.loop.handle(event);
  await engine.desk.orders.idle();
  const { differences } = await engine.desk.reconcile();
  await engine.close();
  const all: readonly Decision[] = decisions.list({ limit: 3 * BARS });
  const { portfolio } = engine;
  return {
    fills,
    failures,
    differences,
    decisions: all,
    bytes: JSON.stringify([all, fills, portfolio.roundTrips, portfolio.equity(), portfolio.curve.points]),
  };
}

describe('a run over history', () => {
  it('gives the same bytes every time, in whatever order its symbols are named', async () => {
    const [once, again, other] = [await run(), await run(), await run([ETH, BTC])];
    expect(once.fills.length).toBeGreaterThan(20);
    expect(once.decisions.some(({ outcome }) => outcome === 'traded')).toBe(true);
    expect(again.bytes === once.bytes).toBe(true);
    expect(other.bytes === once.bytes).toBe(true);
  });

  it('tells of a voter that is broken, each time', async () => {
    const { failures, decisions } = await run([BTC], () => {
      throw new Error('its model has lost its mind');
    });
    expect(failures).toHaveLength(decisions.length);
    expect(failures[0]).toMatchObject({ message: 'its model has lost its mind' });
  });

  it('ends with books that are its venue’s, whatever volume there was to fill from', async () => {
    expect((await run()).differences).toEqual([]);
  });
});
