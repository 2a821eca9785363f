import { describe, expect, it } from 'vitest';
import { type Candle, type ClientOrderId, TIMEFRAME_MS } from '../../domain/index.ts';
import { BTC, candle, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

const HOUR = TIMEFRAME_MS['1h'];
const MISSING_BARS = 500;

type Scene = Awaited<ReturnType<typeof engineScene>>;

/** An entry that was decided on the last bar before the market falls silent. */
async function entered(options: SceneOptions = {}): Promise<{ scene: Scene; id: ClientOrderId }> {
  const scene = await engineScene({ patience: 'prompt', ...options });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  const [entry] = scene.engine.desk.orders.unfinished(BTC);
  if (entry === undefined) throw new TypeError('nothing was entered');
  scene.voters.says.set(BTC, 'HOLD');
  return { scene, id: entry.clientOrderId };
}

/** The market comes back so much later, 44 % higher. */
async function comesBack({ engine, start }: Scene, bars = MISSING_BARS): Promise<void> {
  const from = start + HOUR;
  await engine.loop.handle({ kind: 'gap', symbol: BTC, from, missingBars: bars });
  const back: Candle = candle(from + bars * HOUR, 1_440);
  await engine.loop.handle({ kind: 'step', symbol: BTC, candle: back, durationMs: HOUR });
  await engine.loop.handle({ kind: 'bar', symbol: BTC, candle: back });
}

function came({ engine, told }: Scene, id: ClientOrderId) {
  return {
    status: engine.desk.orders.order(id)?.status,
    fills: told.fills.length,
    held: engine.portfolio.positions().length,
    theses: engine.theses.symbols(),
  };
}

const NOTHING = { fills: 0, held: 0, theses: [] };

describe('an entry that waits over a gap in the data', () => {
  it.each([1, 2, MISSING_BARS])('of %d bars never fills', async (bars) => {
    const { scene, id } = await entered();
    await comesBack(scene, bars);
    expect(came(scene, id)).toEqual({ status: 'EXPIRED', ...NOTHING });
    expect(scene.told.gaps).toEqual([bars]);
    expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
  });

  it('is ended by the bars of another symbol as well', async () => {
    const { scene, id } = await entered();
    await scene.engine.loop.handle({
      kind: 'step',
      symbol: 'ETH/USDT',
      candle: candle(scene.start + 2 * HOUR, 1_000),
      durationMs: HOUR,
    });
    expect(came(scene, id)).toEqual({ status: 'EXPIRED', ...NOTHING });
  });

  it.each([0, 0.000001])('as hours with a volume of %d never fills either', async (volume) => {
    const { scene, id } = await entered();
    for (let bars = 0; bars < 30; bars += 1) await scene.bar(BTC, 1_000 + bars, { volume });
    await scene.bar(BTC, 1_440);
    expect(came(scene, id)).toEqual({ status: 'EXPIRED', ...NOTHING });
  });

  it('that had filled in part keeps that part, with its stop', async () => {
    const { scene, id } = await entered({ settings: { simulation: { maxVolumeShare: 0.1, latencyMs: 0 } } });
    await scene.bar(BTC, 1_000, { volume: 10 });
    expect(scene.engine.desk.orders.order(id)?.status).toBe('EXPIRED');
    await comesBack(scene);
    expect(came(scene, id)).toEqual({ status: 'EXPIRED', fills: 1, held: 1, theses: [BTC] });
    expect(scene.engine.desk.protectionOf(BTC).protection).toBe('venue');
    expect(scene.working(BTC).map((line) => line.replace(/@.* /, ' '))).toEqual(['protection 1 OPEN']);
  });
});

describe('at a venue that ends no order by itself', () => {
  /** In a market that comes in its own time. */
  async function atSuch() {
    const scene = await engineScene({ patience: 'prompt', drive: null, profile: { goodTillDate: false } });
    scene.exchange.instead.submit = (intent) => scene.venue.submit({ ...intent, expiresAt: null });
    const { clock, venue, engine, start } = scene;
    const piece = candle(start, 1_000);
    venue.advance(BTC, piece, HOUR);
    clock.advanceTo(start + HOUR);
    scene.voters.says.set(BTC, 'BUY');
    await engine.loop.handle({ kind: 'step', symbol: BTC, candle: piece, durationMs: HOUR });
    await engine.loop.handle({ kind: 'bar', symbol: BTC, candle: piece });
    await scene.time.pass(0);
    const [entry] = engine.desk.orders.unfinished(BTC);
    if (entry === undefined) throw new TypeError('nothing was entered');
    clock.advanceTo(start + 2 * HOUR - 1);
    await engine.desk.reconcile();
    expect(engine.desk.orders.order(entry.clientOrderId)?.status).toBe('OPEN');
    clock.advanceTo(start + 2 * HOUR);
    return { scene, id: entry.clientOrderId };
  }

  it('the engine takes it back when its time is up, with no price to tell it', async () => {
    const { scene, id } = await atSuch();
    await scene.engine.desk.reconcile();
    await scene.time.pass(0);
    expect(came(scene, id)).toEqual({ status: 'CANCELED', ...NOTHING });
    scene.venue.advance(BTC, candle(scene.start + MISSING_BARS * HOUR, 1_440), HOUR);
    expect(came(scene, id)).toEqual({ status: 'CANCELED', ...NOTHING });
  });

  it('or with the first price of any symbol', async () => {
    const { scene, id } = await atSuch();
    void scene.engine.loop.handle({
      kind: 'step',
      symbol: 'ETH/USDT',
      candle: candle(scene.start + 2 * HOUR, 1_000),
      durationMs: 1_000,
    });
    await scene.time.pass(0);
    expect(came(scene, id)).toEqual({ status: 'CANCELED', ...NOTHING });
  });
});
