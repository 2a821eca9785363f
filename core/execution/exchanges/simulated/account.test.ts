import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { flat, PERPETUAL, SPOT, testVenue } from '../../../../tests/contracts/simulated-venue.ts';
import { assetAmount, type Exchange } from '../../../domain/index.ts';

async function freeOf(exchange: Exchange, asset: string): Promise<string | undefined> {
  return (await exchange.account()).assets.get(asset)?.free.toFixed();
}
async function totalOf(exchange: Exchange, asset: string): Promise<string | undefined> {
  return (await exchange.account()).assets.get(asset)?.total.toFixed();
}

/** A venue that has bought a coin of each kind at 100. */
async function holding(given: Parameters<typeof testVenue>[0] = {}) {
  const venue = testVenue(given);
  for (const symbol of [SPOT, PERPETUAL]) {
    venue.step(symbol, flat(100));
    await venue.exchange.submit(intentOf(symbol, { symbol }));
    venue.step(symbol, flat(100));
  }
  venue.events.length = 0;
  return venue;
}

describe('what is free', () => {
  test('is without the margin of open positions', async () => {
    const { exchange } = await holding();
    expect(await totalOf(exchange, 'USDT')).toBe('9900');
    expect(await freeOf(exchange, 'USDT')).toBe('9800');
    expect(await freeOf(exchange, 'BTC')).toBe('1');
  });

  test('is without the coins that are offered, and the cash of an order with its fee', async () => {
    const { exchange } = await holding({ takerFeeBps: 100 });
    const before = Number(await freeOf(exchange, 'USDT'));
    await exchange.submit(intentOf('x', { side: 'sell', amount: '0.4', stopPrice: 90, reduceOnly: true }));
    expect(await freeOf(exchange, 'BTC')).toBe('0.6');
    expect(await totalOf(exchange, 'BTC')).toBe('1');
    await exchange.submit(intentOf('b', { amount: 10, limitPrice: 90 }));
    expect(Number(await freeOf(exchange, 'USDT'))).toBe(before - 909);
  });

  test('is not less for an order that closes a position', async () => {
    const { exchange } = await holding();
    await exchange.submit(intentOf('x', { symbol: PERPETUAL, side: 'sell', reduceOnly: true }));
    expect(await freeOf(exchange, 'USDT')).toBe('9800');
  });

  test('is nothing when the claims have outgrown it, and a position can still be closed', async () => {
    const { exchange, step, fills } = testVenue({ capital: 1_000 });
    step(PERPETUAL, flat(100));
    step(SPOT, flat(100));
    await exchange.submit(intentOf('short', { symbol: PERPETUAL, side: 'sell', amount: 5 }));
    step(PERPETUAL, flat(100));
    await exchange.submit(intentOf('a', { amount: 5 }));
    step(SPOT, flat(100), 0);
    // The order that waits for volume would cost three times as much by now.
    step(SPOT, flat(300), 0);
    expect(await freeOf(exchange, 'USDT')).toBe('0');
    await exchange.submit(
      intentOf('close', { symbol: PERPETUAL, amount: 5, reduceOnly: true, purpose: 'exit' }),
    );
    step(PERPETUAL, flat(100));
    expect(fills()).toEqual(['sell 5@100 taker', 'buy 5@100 taker']);
  });
});

describe('a transfer', () => {
  test.each([
    ['deposit', 250, '10150'],
    ['withdrawal', -250, '9650'],
  ])('moves the balance and is told as a %s', async (kind, amount, total) => {
    const { exchange, events, clock } = await holding();
    const event = exchange.transfer('USDT', assetAmount(amount), 'pocket money');
    expect(event).toMatchObject({
      kind,
      asset: 'USDT',
      symbol: null,
      tradeId: null,
      time: clock.now(),
      note: 'pocket money',
    });
    expect([`${event.amount}`, `${event.quoteValue}`]).toEqual([`${amount}`, `${amount}`]);
    expect(await totalOf(exchange, 'USDT')).toBe(total);
    expect(events).toEqual([{ kind: 'account', event }]);
    expect(await exchange.accountEvents(0)).toEqual([event]);
    expect(await exchange.accountEvents(clock.now() + 1)).toEqual([]);
  });

  test('has an id of its own', () => {
    const { exchange } = testVenue();
    const ids = [1, 1, -1].map((amount) => exchange.transfer('USDT', assetAmount(amount), '').id);
    expect(new Set(ids).size).toBe(3);
  });

  test('of coins is worth what they trade at, and they can be sold', async () => {
    const { exchange, step, fills } = testVenue();
    step(SPOT, flat(120));
    const { quoteValue } = exchange.transfer('BTC', assetAmount('0.5'), 'from my wallet');
    expect(`${quoteValue}`).toBe('60');
    await exchange.submit(intentOf('x', { side: 'sell', amount: '0.5', reduceOnly: true }));
    step(SPOT, flat(120));
    expect(fills()).toEqual(['sell 0.5@120 taker']);
    expect(await totalOf(exchange, 'USDT')).toBe('10060');
    expect(await totalOf(exchange, 'BTC')).toBe('0');
  });

  test('may take out all that is free and nothing beyond', async () => {
    const { exchange, events } = await holding();
    await exchange.submit(intentOf('a', { amount: 10, limitPrice: 90 }));
    events.length = 0;
    const takeOut = (amount: string) => () => exchange.transfer('USDT', assetAmount(`-${amount}`), '');
    expect(takeOut('8900.01')).toThrow('8900.01 USDT cannot be taken out: 8900 are free');
    expect(events).toEqual([]);
    expect(takeOut('8900')).not.toThrow();
    expect(await freeOf(exchange, 'USDT')).toBe('0');
    expect(takeOut('0.01')).toThrow('0 are free');
    await exchange.cancel(refTo('a'));
    expect(takeOut('900')).not.toThrow();
  });

  test.each([
    ['of nothing', 'USDT', 0, 'nothing is to be transferred'],
    ['of coins before their first price', 'BTC', 1, 'what BTC is worth is not known here'],
    ['of an asset that is not traded here', 'XYZ', 1, 'what XYZ is worth is not known here'],
  ])('%s is refused and changes nothing', async (_name, asset, amount, message) => {
    const { exchange, events } = testVenue();
    const before = await exchange.account();
    expect(() => exchange.transfer(asset, assetAmount(amount), '')).toThrow(message);
    expect(await exchange.account()).toEqual(before);
    expect(events).toEqual([]);
  });
});
