import { describe, expect, it } from 'vitest';
import { clientOrderId, ManualClock, price } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { EntryTheses, type NewEntry, symbolsInPosition } from './entry-theses.ts';

const DAY = 24 * 3_600_000;
const BTC = 'BTC/USDT';

const FILL = { from: 'flat', price: price(100), tickSize: price('0.01') } as const;

function entry(order: string, given: Partial<NewEntry> = {}): NewEntry {
  return {
    symbol: BTC,
    entryOrderId: clientOrderId(order),
    strategyId: 'rules',
    thesis: `because of ${order}`,
    invalidation: 'the test changing its mind',
    horizonBars: 24,
    barOpenTime: 1_000,
    decisionId: `decision of ${order}`,
    stopPrice: '995.5',
    stopShare: null,
    ...given,
  };
}

function scene(state = new MemoryStateStore()) {
  const clock = new ManualClock(10 * DAY);
  const options = { state, clock, strategyId: 'ensemble' } as const;
  return { state, clock, theses: new EntryTheses(options), again: () => new EntryTheses(options) };
}

const id = clientOrderId;
const GONE = { open: false, entriesAlive: false };

describe('entry theses', () => {
  it('#16 #30 are known from before the order leaves, and after a restart', () => {
    const { theses, again } = scene();
    theses.remember(entry('first'));
    for (const each of [theses, again()]) {
      expect(each.of(BTC)).toMatchObject({ thesis: 'because of first', endedAt: null });
      expect(each.ofOrder(id('first'))?.strategyId).toBe('rules');
      expect(each.stopPrice(BTC)?.toFixed()).toBe('995.5');
      expect(each.symbols()).toEqual([BTC]);
    }
    expect(theses.of('ETH/USDT')).toBeNull();
    expect(theses.ofOrder(id('another'))).toBeNull();
    expect(theses.stopPrice('ETH/USDT')).toBeNull();
  });

  it('of an entry live on when a second one is refused, whether or not its fills are known', () => {
    for (const filled of [true, false]) {
      const { theses } = scene();
      theses.remember(entry('first'));
      if (filled) theses.revive(id('first'), FILL);
      theses.remember(entry('second', { barOpenTime: 2_000, stopPrice: '1' }));
      theses.end(id('second'));
      expect(theses.of(BTC)?.thesis).toBe('because of first');
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('995.5');
      expect(theses.ofOrder(id('second'))?.endedAt).toBe(10 * DAY);
    }
  });

  it.each([
    [{ open: true, entriesAlive: false }, 'there is a position'],
    [{ open: false, entriesAlive: true }, 'the rest of the entry can still fill'],
  ])('live while %o: %s', (alive) => {
    const { theses } = scene();
    theses.remember(entry('first'));
    theses.settle(BTC, alive);
    expect(theses.of(BTC)).not.toBeNull();
  });

  it('end when nothing of their symbol is alive, and leave other symbols alone', () => {
    const { theses, again } = scene();
    theses.remember(entry('first'));
    theses.remember(entry('other', { symbol: 'ETH/USDT' }));
    theses.settle(BTC, GONE);
    for (const each of [theses, again()]) {
      expect(each.of(BTC)).toBeNull();
      expect(each.stopPrice(BTC)).toBeNull();
      expect(each.symbols()).toEqual(['ETH/USDT']);
      expect(each.ofOrder(id('first'))?.endedAt).toBe(10 * DAY);
    }
  });

  it('come back with their stop when an order that was thought dead fills', () => {
    const { theses, again } = scene();
    theses.remember(entry('first'));
    theses.settle(BTC, GONE);
    theses.revive(id('first'), FILL);
    for (const each of [theses, again()]) expect(each.stopPrice(BTC)?.toFixed()).toBe('995.5');
  });

  it('of several that filled tell the newest; before that, the newest hope', () => {
    const { theses } = scene();
    theses.remember(entry('first'));
    theses.remember(entry('second', { barOpenTime: 2_000 }));
    expect(theses.of(BTC)?.thesis).toBe('because of second');
    theses.revive(id('first'), FILL);
    expect(theses.of(BTC)?.thesis).toBe('because of first');
    theses.revive(id('second'), FILL);
    expect(theses.of(BTC)?.thesis).toBe('because of second');
  });

  it('stay as they are when the same entry is decided on again after a crash', () => {
    const { theses } = scene();
    theses.remember(entry('first'));
    theses.settle(BTC, GONE);
    theses.remember(entry('first', { thesis: 'said again' }));
    expect(theses.of(BTC)).toBeNull();
    expect(theses.ofOrder(id('first'))?.thesis).toBe('because of first');
  });

  it('are forgotten seven days of market time after their end, and not before', () => {
    const { theses, clock } = scene();
    theses.remember(entry('first'));
    theses.remember(entry('lives', { symbol: 'ETH/USDT' }));
    theses.settle(BTC, GONE);
    clock.advanceTo(17 * DAY);
    theses.remember(entry('second'));
    expect(theses.ofOrder(id('first'))).not.toBeNull();
    clock.advanceTo(17 * DAY + 1);
    theses.remember(entry('third'));
    expect(theses.ofOrder(id('first'))).toBeNull();
    expect(theses.ofOrder(id('lives'))).not.toBeNull();
  });

  it('write nothing where nothing changes', () => {
    const { theses, state } = scene();
    theses.remember(entry('first'));
    theses.revive(id('first'), FILL);
    let writes = 0;
    state.write = () => {
      writes += 1;
    };
    theses.revive(id('first'), FILL);
    theses.revive(id('unknown'), FILL);
    theses.end(id('unknown'));
    theses.settle('ETH/USDT', GONE);
    theses.settle(BTC, { open: true, entriesAlive: false });
    expect(writes).toBe(0);
  });
});

describe('a stored document', () => {
  const { symbol: _, entryOrderId: __, strategyId: ___, ...first } = entry('first');

  it('of the first version keeps its stops, with the order that the decision made', () => {
    const state = new MemoryStateStore();
    state.write('entry-theses', { [BTC]: first });
    const theses = new EntryTheses({
      state,
      clock: new ManualClock(DAY),
      strategyId: 'ml',
      orderOf: (symbol, decision) => id(`${symbol} ${decision}`),
    });
    expect(theses.of(BTC)).toMatchObject({
      thesis: 'because of first',
      entryOrderId: `${BTC} decision of first`,
      strategyId: 'ml',
      endedAt: null,
    });
    expect(theses.stopPrice(BTC)?.toFixed()).toBe('995.5');
  });

  it('of the first version is read where no order is known either', () => {
    const state = new MemoryStateStore();
    state.write('entry-theses', { [BTC]: first });
    const { theses } = scene(state);
    expect(theses.of(BTC)?.entryOrderId).toBe('decision of first');
    expect(symbolsInPosition(state)).toEqual([BTC]);
  });

  it.each([
    ['that is none', 'x'],
    ['of nothing', undefined],
    ['with records that are none', { version: 2, records: [{ symbol: BTC }, 7] }],
    ['of the first version with records that are none', { [BTC]: { ...first, stopPrice: 'low' } }],
  ])('%s is no reason not to start', (_name, document) => {
    const state = new MemoryStateStore();
    if (document !== undefined) state.write('entry-theses', document);
    const { theses } = scene(state);
    expect(theses.symbols()).toEqual([]);
    expect(symbolsInPosition(state)).toEqual([]);
  });

  describe('a stop that is measured from the first fill', () => {
    const measured = { stopPrice: '90', stopShare: 0.1 };
    const fill = (from: 'flat' | 'position', at: number) => ({ ...FILL, from, price: price(at) });

    it('goes to its place with the first fill, on the tick, and stays there', () => {
      const { theses } = scene();
      theses.remember(entry('first', measured));
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('90');
      theses.revive(id('first'), fill('flat', 101.003));
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('90.91');
      theses.revive(id('first'), fill('position', 150));
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('90.91');
    });

    it('is not moved by what is added, also not over a restart', () => {
      const { theses, again } = scene();
      theses.remember(entry('first', measured));
      theses.revive(id('first'), fill('flat', 101));
      theses.remember(entry('added', { ...measured, barOpenTime: 2_000, stopPrice: '90.9' }));
      theses.revive(id('added'), fill('position', 150));
      expect(theses.of(BTC)?.entryOrderId).toBe(id('added'));
      expect([theses, again()].map((each) => each.stopPrice(BTC)?.toFixed())).toEqual(['90.9', '90.9']);
    });

    it('is measured anew where the position was closed before what was to be added came', () => {
      const { theses } = scene();
      theses.remember(entry('first', measured));
      theses.revive(id('first'), fill('flat', 101));
      theses.remember(entry('added', { ...measured, barOpenTime: 2_000, stopPrice: '90.9' }));
      theses.revive(id('added'), fill('flat', 80));
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('72');
    });

    it('is measured from its own fill where nothing filled is known of the position that it joins', () => {
      const { theses } = scene();
      theses.remember(entry('added', measured));
      theses.revive(id('added'), fill('position', 80));
      expect(theses.stopPrice(BTC)?.toFixed()).toBe('72');
    });
  });
});
