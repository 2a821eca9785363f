import { describe, expect, it } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { memoryVenueStore } from '../../../tests/contracts/simulated-venue.ts';
import { ManualClock, quoteAmount, simulatedInstrument } from '../../domain/index.ts';
import { SimulatedExchange } from '../../execution/index.ts';
import { MemoryOrderLedger, MemoryStateStore } from '../../storage/index.ts';
import { BTC, ETH, engineScene } from '../testing/engine-scene.ts';
import { accountQuote, openBooks } from './open-account.ts';

const NOW = 5_000;

/** A venue that was opened with a capital, and maybe remembers an earlier run. */
async function venueWith(capital: number, store = memoryVenueStore()): Promise<SimulatedExchange> {
  const venue = new SimulatedExchange({
    instruments: new Map([[BTC, simulatedInstrument(BTC, 1_000)]]),
    settings: {
      makerFeeBps: 0,
      takerFeeBps: 0,
      spreadBps: 0,
      slippageBps: 0,
      latencyMs: 0,
      maxVolumeShare: 1,
      seed: 1,
    },
    capital: quoteAmount(capital),
    clock: new ManualClock(NOW),
    store,
  });
  await venue.open({ symbols: [BTC] });
  return venue;
}

const books = (ledger: MemoryOrderLedger): readonly string[] =>
  [...ledger.accountEvents()].map(
    ({ kind, asset, amount, time }) => `${kind} ${amount.toFixed()} ${asset} at ${time}`,
  );

describe('the books', () => {
  it('of a new account open with the capital of the settings, once', async () => {
    const ledger = new MemoryOrderLedger();
    const venue = await venueWith(10_000);
    const facts = { symbols: [BTC], venue, ledger, capital: quoteAmount(10_000) };
    expect(await openBooks({ ...facts, now: NOW })).toBeNull();
    expect(await openBooks({ ...facts, now: NOW + 1 })).toBeNull();
    expect(books(ledger)).toEqual(['opening 10000 USDT at 5000']);
  });

  it('of an old database open with what the venue holds less what the trades brought', async () => {
    const ledger = new MemoryOrderLedger();
    ledger.appendIntent(intentOf('o1', { createdAt: 900 }));
    ledger.appendFill(fillOf('t1', 'o1', { price: 1_000, amount: 2, time: 1_000 }));
    const store = memoryVenueStore();
    // Two coins for 2,000 and a fee of 0.1 left 7,999.9 of 10,000.
    store.save({
      orders: [],
      fills: [],
      balances: new Map([
        ['USDT', quoteAmount('7999.9') as never],
        ['BTC', quoteAmount(2) as never],
      ]),
      appliedUntil: new Map(),
    });
    const venue = await venueWith(500, store);
    const notice = await openBooks({ symbols: [BTC], venue, ledger, capital: quoteAmount(20_000), now: NOW });
    expect(books(ledger)).toEqual(['opening 10000 USDT at 5000']);
    expect(notice).toBe(
      'settings.capital is 20000, but without our trades the venue would hold 10000 USDT: this account was opened with that; `tradebot account deposit 10000` books the difference',
    );
  });

  it('V5 book nothing for another capital, and say how to', async () => {
    const ledger = new MemoryOrderLedger();
    const store = memoryVenueStore();
    const facts = { symbols: [BTC], ledger, now: NOW };
    await openBooks({ ...facts, venue: await venueWith(10_000, store), capital: quoteAmount(10_000) });
    const venue = await venueWith(20_000, store);
    const notice = await openBooks({ ...facts, venue, capital: quoteAmount(20_000) });
    expect(notice).toBe(
      'settings.capital is 20000, but this account was opened with 10000: nothing was changed; `tradebot account deposit 10000` books the difference',
    );
    expect(books(ledger)).toEqual(['opening 10000 USDT at 5000']);
    expect((await venue.account()).assets.get('USDT')?.total.toFixed()).toBe('10000');
  });

  it('are not opened where the venue does not tell what it holds', async () => {
    const ledger = new MemoryOrderLedger();
    const venue = await venueWith(10_000);
    await venue.close();
    const opening = openBooks({ symbols: [BTC], venue, ledger, capital: quoteAmount(10_000), now: NOW });
    await expect(opening).rejects.toThrow('the simulated venue is closed');
    expect(books(ledger)).toEqual([]);
  });

  it.each([
    [['ETH/BTC', 'SOL/BTC'], 'BTC'],
    [['BTC/USDT:USDT'], 'USDT'],
  ])('of %j are counted in %s', (symbols, quote) => {
    expect(accountQuote(symbols)).toBe(quote);
  });

  it.each([[[]], [['no symbol']]])('need a symbol: %j', (symbols) => {
    expect(() => accountQuote(symbols)).toThrow(new TypeError('an account needs a symbol to trade'));
  });
});

describe('an engine on an account whose setting was changed', () => {
  it.each([20_000, 5_000])(
    'to %d goes on with what there is: equity, limits and the venue agree',
    async (capital) => {
      const [ledger, state, store] = [new MemoryOrderLedger(), new MemoryStateStore(), memoryVenueStore()];
      const before = await engineScene({ patience: 'prompt', ledger, state, store });
      before.voters.says.set(BTC, 'BUY');
      await before.bar(BTC, 1_000);
      await before.bar(BTC, 1_000);
      await before.engine.close();
      const scene = await engineScene({
        patience: 'prompt',
        ledger,
        state,
        store,
        settings: { capital: `${capital}` },
        start: before.clock.now(),
      });
      expect(scene.notice).toContain(
        `settings.capital is ${capital}, but this account was opened with 10000`,
      );
      await scene.step(BTC, 1_000);
      // Three coins at 1,000 with ten basis points of fees.
      expect(scene.engine.portfolio.equity().toFixed()).toBe('9997');
      expect(scene.engine.portfolio.capital.toFixed()).toBe('10000');
      expect((await scene.engine.desk.reconcile()).differences).toEqual([]);
      scene.voters.says.set(ETH, 'BUY');
      await scene.bar(ETH, 1_000);
      const limits = scene.told.decisions.at(-1)?.verdicts.find(({ layer }) => layer === 'position-limits');
      expect(limits?.numbers).toMatchObject({ equity: 9_997 });
    },
  );
});
