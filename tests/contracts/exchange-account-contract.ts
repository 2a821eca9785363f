import { describe, expect, test } from 'vitest';
import { add, asAsset, negate, notional, subtract, ZERO_BASE } from '../../core/domain/index.ts';
import { type MakeExchange, started } from './exchange-harness.ts';

/** What any exchange says of the account. */
export function accountContract(name: string, makeExchange: MakeExchange): void {
  describe(`${name}: exchange: the account`, () => {
    test('holds what it held, and what fills have brought and taken', async () => {
      const { exchange, instrument, symbol, moveTo, intent, fills } = await started(makeExchange);
      const before = await exchange.account();
      await exchange.submit(intent('a'));
      await moveTo(101);
      await exchange.submit(intent('b', { side: 'sell', amount: '0.2', purpose: 'exit', reduceOnly: true }));
      await moveTo(102);
      const after = await exchange.account();
      expect(after.time).toBeGreaterThanOrEqual(before.time);

      const expected = new Map([...before.assets].map(([asset, { total }]) => [asset, total]));
      const credit = (asset: string, amount: ReturnType<typeof asAsset>): void => {
        const held = expected.get(asset);
        expected.set(asset, held === undefined ? amount : add(held, amount));
      };
      let position = ZERO_BASE;
      for (const { side, price, amount, fee } of await fills()) {
        const cash = asAsset(notional(price, amount));
        position = (side === 'buy' ? add : subtract)(position, amount);
        if (instrument.kind === 'spot') {
          credit(instrument.quote, side === 'buy' ? negate(cash) : cash);
          credit(instrument.base, side === 'buy' ? asAsset(amount) : negate(asAsset(amount)));
        }
        if (fee !== null) credit(fee.asset, negate(fee.amount));
      }
      if (instrument.kind === 'spot') {
        const totals = new Map([...after.assets].map(([asset, { total }]) => [asset, total.toFixed()]));
        expect(totals).toEqual(new Map([...expected].map(([asset, amount]) => [asset, amount.toFixed()])));
        expect(after.positions.size).toBe(0);
      } else {
        expect(after.positions.get(symbol)?.toFixed()).toBe(position.toFixed());
        expect(position.toFixed()).toBe('0.3');
      }
    });

    test('has no position in a market where nothing is left', async () => {
      const { exchange, moveTo, intent, held } = await started(makeExchange);
      await exchange.submit(intent('a'));
      await moveTo(101);
      const all = (await held()).toFixed();
      await exchange.submit(intent('b', { side: 'sell', amount: all, purpose: 'exit', reduceOnly: true }));
      await moveTo(102);
      expect((await held()).isZero()).toBe(true);
      const { positions } = await exchange.account();
      expect([...positions.values()].every((quantity) => quantity.isZero())).toBe(true);
    });

    test('has less free while an order works, and never less in all', async () => {
      const { exchange, instrument, intent, ref } = await started(makeExchange);
      const cash = async () => {
        const { total, free } = (await exchange.account()).assets.get(instrument.quote) ?? {};
        return { total: Number(total), free: Number(free) };
      };
      const before = await cash();
      await exchange.submit(intent('a', { limitPrice: '95' }));
      const working = await cash();
      expect(working.total).toBe(before.total);
      expect(working.free).toBeLessThan(before.free);
      await exchange.cancel(ref('a', { type: 'limit' }));
      expect(await cash()).toEqual(before);
    });

    test('has no less in all than free, of any asset', async () => {
      const { exchange, moveTo, intent } = await started(makeExchange);
      await exchange.submit(intent('a'));
      await moveTo(101);
      await exchange.submit(intent('x', { side: 'sell', limitPrice: '110', amount: '0.2', purpose: 'exit' }));
      const { assets } = await exchange.account();
      expect(assets.size).toBeGreaterThan(0);
      for (const { total, free } of assets.values()) {
        expect(free.gte(0) && free.lte(total)).toBe(true);
      }
    });

    test('tells of money that moved otherwise, oldest first, each with an id of its own', async () => {
      const { exchange } = await started(makeExchange);
      const moved = await exchange.accountEvents(0);
      const times = moved.map(({ time }) => time);
      expect(times).toEqual([...times].sort((x, y) => x - y));
      expect(new Set(moved.map(({ id }) => id)).size).toBe(moved.length);
    });
  });
}
