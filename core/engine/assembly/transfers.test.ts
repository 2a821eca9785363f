import { describe, expect, it } from 'vitest';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import { accountEventId, assetAmount, quoteAmount, type VenueEvent } from '../../domain/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { BTC, engineScene, type SceneOptions } from '../testing/engine-scene.ts';

type Scene = Awaited<ReturnType<typeof engineScene>>;

/** Three coins were bought at 1,000 with a fee of 3, and have lost 2 each. */
async function invested(options: SceneOptions = {}): Promise<Scene> {
  const scene = await engineScene({ patience: 'prompt', ...options });
  scene.voters.says.set(BTC, 'BUY');
  await scene.bar(BTC, 1_000);
  scene.voters.says.set(BTC, 'HOLD');
  await scene.bar(BTC, 1_000);
  await scene.step(BTC, 998, { open: 1_000, low: 997 });
  expect(figures(scene)).toEqual(LOST);
  return scene;
}

/** What the transfer must leave as it is, and the money that it moves. */
function figures({ engine }: Scene) {
  const { portfolio, breaker } = engine;
  const { dailyLoss, drawdown } = breaker.verdict().numbers;
  return {
    equity: portfolio.equity().toFixed(2),
    capital: portfolio.capital.toFixed(),
    profit: portfolio.equity().minus(portfolio.capital).toFixed(2),
    today: portfolio.dailyPnl.toFixed(2),
    drawdowns: [portfolio.curve.drawdown, drawdown ?? Number.NaN, dailyLoss ?? Number.NaN].map((value) =>
      value.toFixed(4),
    ),
    entries: breaker.verdict().code,
  };
}

const LOST = {
  equity: '9991.00',
  capital: '10000',
  profit: '-9.00',
  today: '-9.00',
  drawdowns: ['0.0009', '0.0009', '0.0009'],
  entries: 'ok',
};

async function differences({ engine }: Scene): Promise<readonly string[]> {
  return (await engine.desk.reconcile()).differences;
}

describe.each([
  ['a deposit', '5000', '14991.00', '15000'],
  ['a withdrawal', '-5000', '4991.00', '5000'],
])('%s', (_name, amount, equity, capital) => {
  const moved = { ...LOST, equity, capital };

  it('V5 moves the equity, and is neither profit nor loss nor drawdown', async () => {
    const scene = await invested();
    scene.venue.transfer('USDT', assetAmount(amount), 'mine');
    expect(figures(scene)).toEqual(moved);
    await scene.step(BTC, 998, { low: 997 });
    expect(figures(scene)).toEqual(moved);
    expect(scene.told.accountEvents.map(({ note }) => note)).toEqual(['mine']);
    expect(await differences(scene)).toEqual([]);
  });

  it('that was not announced is found by reconciliation, and counted once', async () => {
    const scene = await invested();
    scene.exchange.mute = true;
    scene.venue.transfer('USDT', assetAmount(amount), 'mine');
    scene.exchange.mute = false;
    expect(figures(scene)).toEqual(LOST);
    expect(await differences(scene)).toEqual([]);
    expect(await differences(scene)).toEqual([]);
    await scene.step(BTC, 998, { low: 997 });
    expect(figures(scene)).toEqual(moved);
  });

  it('while the program is off is counted at the next start', async () => {
    const kept = {
      ledger: new MemoryOrderLedger(),
      state: new MemoryStateStore(),
      store: memoryVenueStore(),
    };
    const before = await invested(kept);
    await before.engine.close();
    before.venue.transfer('USDT', assetAmount(amount), 'mine');
    const scene = await engineScene({ patience: 'prompt', ...kept, start: before.clock.now() });
    expect(scene.notice).toBeNull();
    expect(await differences(scene)).toEqual([]);
    await scene.step(BTC, 998, { low: 997 });
    expect(figures(scene)).toMatchObject({ equity, capital, profit: '-9.00', entries: 'ok' });
    expect(figures(scene).drawdowns.slice(1)).toEqual(['0.0009', '0.0009']);
    await scene.engine.close();
    const again = await engineScene({ patience: 'prompt', ...kept, start: scene.clock.now() });
    expect(await differences(again)).toEqual([]);
    expect([...kept.ledger.accountEvents()].map(({ kind }) => kind)).toHaveLength(2);
  });
});

describe('what is paid out of coins that are held', () => {
  it('leaves the position, its stop covers what is left, and reconciliation is green', async () => {
    const scene = await invested();
    scene.venue.transfer('USDT', assetAmount(-6_997), 'everything in cash');
    const [stop] = scene.engine.desk.orders.unfinished(BTC);
    if (stop === undefined) throw new TypeError('there is no stop');
    await scene.engine.desk.orders.cancel(stop.clientOrderId);
    scene.venue.transfer('BTC', assetAmount(-1), 'one coin');
    await scene.time.pass(2_000);
    expect(scene.engine.portfolio.position(BTC).quantity.toFixed()).toBe('2');
    expect(scene.working(BTC).map((line) => line.replace(/@.*/, ''))).toEqual(['protection 2']);
    expect(figures(scene).profit).toBe('-9.00');
    expect(await differences(scene)).toEqual([]);
  });
});

describe('coins that go by another way than a fill', () => {
  const gone = (amount: string, time: number): VenueEvent => ({
    kind: 'account',
    event: {
      id: accountEventId(`conversion of ${amount}`),
      kind: 'conversion',
      asset: 'BTC',
      amount: assetAmount(amount),
      quoteValue: quoteAmount(998 * Number(amount)),
      symbol: null,
      tradeId: null,
      time,
      note: '',
    },
  });
  const stops = async ({ venue }: Scene) =>
    (await venue.openOrders()).map(({ type, side, amount }) => `${type} ${side} ${amount.toFixed()}`);

  it.each([
    ['a part', '-1', ['stop sell 2'], true],
    ['all', '-3', [], false],
  ])(
    '%s of them: the stop follows what is still held within two seconds',
    async (_what, amount, left, plan) => {
      const scene = await invested();
      expect(await stops(scene)).toEqual(['stop sell 3']);
      scene.exchange.announce(gone(amount, scene.clock.now()));
      await scene.time.pass(2_000);
      expect(await stops(scene)).toEqual(left);
      expect(scene.engine.theses.of(BTC)?.endedAt === null).toBe(plan);
    },
  );
});
