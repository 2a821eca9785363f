import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intentOf, refTo } from '../../../../tests/contracts/builders.ts';
import { PERPETUAL, SPOT, STEP_MS, testVenue } from '../../../../tests/contracts/simulated-venue.ts';
import {
  add,
  asBase,
  asQuote,
  assetAmount,
  type BaseAmount,
  baseAmount,
  type ClientOrderId,
  clientOrderId,
  type Exchange,
  isFinal,
  negate,
  notional,
  type OrderIntent,
  price,
  quoteAmount,
  subtract,
  sum,
  type UtcMs,
  VenueError,
  type VenueFill,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../domain/index.ts';

type Command =
  | {
      readonly kind: 'submit';
      readonly intent: Omit<OrderIntent, 'clientOrderId'>;
      readonly lifeMs: number | null;
    }
  | { readonly kind: 'transfer'; readonly amount: number }
  | { readonly kind: 'cancel'; readonly index: number }
  | {
      readonly kind: 'step';
      readonly prices: readonly [number, number, number, number];
      readonly volume: number;
    };

const cents = fc.integer({ min: 5_000, max: 20_000 }).map((count) => count / 100);
const symbols = fc.constantFrom(SPOT, PERPETUAL);

const submitCommand = fc
  .record({
    symbol: symbols,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    type: fc.constantFrom('market' as const, 'limit' as const, 'stop' as const),
    amount: fc.integer({ min: 1, max: 60_000 }),
    at: cents,
    reduceOnly: fc.boolean(),
    lifeMs: fc.option(fc.integer({ min: 1, max: 4 * STEP_MS })),
  })
  .map(({ type, at, amount, lifeMs, ...rest }): Command => {
    const prices = type === 'limit' ? { limitPrice: at } : type === 'stop' ? { stopPrice: at } : {};
    const intent = intentOf('', { ...rest, type, amount: amount / 1_000, ...prices });
    return { kind: 'submit', intent, lifeMs };
  });

const command: fc.Arbitrary<Command & { readonly symbol: string }> = fc
  .tuple(
    fc.oneof(
      submitCommand,
      fc.nat({ max: 30 }).map((index): Command => ({ kind: 'cancel', index })),
      fc.integer({ min: -2_000, max: 2_000 }).map((amount): Command => ({ kind: 'transfer', amount })),
      fc
        .tuple(fc.tuple(cents, cents, cents, cents), fc.integer({ min: 0, max: 200 }))
        .map(([prices, volume]): Command => ({ kind: 'step', prices, volume })),
    ),
    symbols,
  )
  .map(([given, symbol]) => ({ ...given, symbol }));

/** Moves money unless the venue refuses, which is an answer like any other. */
function transfer({ exchange }: ReturnType<typeof testVenue>, amount: number): void {
  try {
    exchange.transfer('USDT', assetAmount(amount), '');
  } catch (error) {
    expect(error).toBeInstanceOf(VenueError);
  }
}

/** Runs commands at a new venue; orders are named by their place in the list. */
async function run(
  commands: readonly (Command & { readonly symbol: string })[],
  feeAsset: 'quote' | 'received',
) {
  const venue = testVenue({
    makerFeeBps: 2,
    takerFeeBps: 10,
    spreadBps: 2,
    slippageBps: 3,
    latencyMs: 500,
    maxVolumeShare: 0.5,
    feeAsset,
  });
  const ends = new Map<ClientOrderId, UtcMs>();
  for (const [index, given] of commands.entries()) {
    if (given.kind === 'submit') {
      const expiresAt = given.lifeMs === null ? null : venue.clock.now() + given.lifeMs;
      const intent = { ...given.intent, clientOrderId: clientOrderId(`o${index}`), expiresAt };
      if (expiresAt !== null) ends.set(intent.clientOrderId, expiresAt);
      await venue.exchange.submit(intent).catch(passOverRefusal);
    } else if (given.kind === 'cancel') {
      await venue.exchange.cancel(refTo(`o${given.index}`, { symbol: given.symbol })).catch(passOverRefusal);
    } else if (given.kind === 'transfer') {
      transfer(venue, given.amount);
    } else {
      const [low, open, close, high] = [...given.prices].sort((a, b) => a - b) as [
        number,
        number,
        number,
        number,
      ];
      venue.step(given.symbol, [open, high, low, close], given.volume);
    }
  }
  return { ...venue, ends };
}

/** A refusal is an answer like any other here; everything else is a fault. */
function passOverRefusal(error: unknown): void {
  if (!(error instanceof VenueError && error.fault === 'rejected')) throw error;
}

describe('whatever is sent, cancelled and traded', () => {
  const scenario = fc.tuple(
    fc.array(command, { maxLength: 60 }),
    fc.constantFrom('quote' as const, 'received' as const),
  );

  test('value is conserved: balances are the capital, transfers and what fills brought, less fees', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([commands, feeAsset]) => {
        const { exchange } = await run(commands, feeAsset);
        const fills = await allFills(exchange);
        const { assets, positions } = await exchange.account();
        const total = (asset: string): number => Number(assets.get(asset)?.total ?? 0);

        // Cash in and out, as if every fill were paid in full: for a perpetual the venue holds the rest as P&L.
        const cash = fills.map((fill) => {
          const value = notional(fill.price, fill.amount);
          const paid = fill.side === 'buy' ? subtract(ZERO_QUOTE, value) : value;
          return fill.fee?.asset === 'USDT' ? subtract(paid, asQuote(fill.fee.amount)) : paid;
        });
        const mark = price(77);
        const coins = coinsBy(fills);
        const worth = notional(mark, add(coins, positions.get(PERPETUAL) ?? ZERO_BASE));
        const transfers = (await exchange.accountEvents(0)).map(({ quoteValue }) => quoteValue);
        const equityByFills = sum(quoteAmount(10_000), [...cash, ...transfers, worth]);
        const perpetual = positions.get(PERPETUAL) ?? ZERO_BASE;
        const openCost = costOf(fills.filter((fill) => fill.symbol === PERPETUAL));
        const equityByBooks = [
          total('USDT'),
          mark.times(total('BTC')).toNumber(),
          mark.times(perpetual).minus(openCost).toNumber(),
        ].reduce((total, part) => total + part, 0);
        expect(equityByBooks).toBeCloseTo(Number(equityByFills), 6);

        // A short can lose more than it put up: there is no liquidation here. Spot alone never owes.
        const spotOnly = fills.every((fill) => fill.symbol === SPOT);
        expect(total('USDT') >= 0 || !spotOnly).toBe(true);
        expect(total('BTC')).toBeCloseTo(Number(coins), 12);
        expect(total('BTC')).toBeGreaterThanOrEqual(0);
        expect(positions.has(SPOT)).toBe(false);
        for (const { free } of assets.values()) expect(free.gte(0)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('an order never fills beyond its amount or its end, and its fills add up to what it says it filled', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([commands, feeAsset]) => {
        const { exchange, clock, ends } = await run(commands, feeAsset);
        const fills = await allFills(exchange);
        for (const [index, given] of commands.entries()) {
          if (given.kind !== 'submit') continue;
          const id = clientOrderId(`o${index}`);
          const lookup = await exchange.order(refTo(id, { symbol: given.intent.symbol }));
          if (lookup.kind !== 'found') continue;
          const { order } = lookup;
          const own = fills.filter((fill) => fill.clientOrderId === id);
          expect(order.filledAmount.lte(order.amount)).toBe(true);
          expect(
            sum(
              ZERO_BASE,
              own.map((fill) => fill.amount),
            ).eq(order.filledAmount),
          ).toBe(true);
          expect(order.status === 'FILLED').toBe(order.filledAmount.eq(order.amount));
          const end = ends.get(id) ?? Number.POSITIVE_INFINITY;
          // The last step began so long ago, and told of what was due by then.
          expect(end > clock.now() - STEP_MS || isFinal(order.status)).toBe(true);
          for (const fill of own) {
            expect(fill.time).toBeLessThan(end);
            expect(fill.amount.mod(baseAmount('0.001')).isZero() && fill.amount.gt(0)).toBe(true);
            const limit = order.limitPrice;
            if (limit !== null)
              expect(order.side === 'buy' ? fill.price.lte(limit) : fill.price.gte(limit)).toBe(true);
          }
        }
      }),
      { numRuns: 100 },
    );
  });

  test('the same commands give the same events', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([commands, feeAsset]) => {
        const once = await run(commands, feeAsset);
        const again = await run(commands, feeAsset);
        expect(JSON.stringify(again.events)).toBe(JSON.stringify(once.events));
      }),
      { numRuns: 30 },
    );
  });
});

/** Every fill of both symbols, by symbol. */
async function allFills(exchange: Exchange): Promise<readonly VenueFill[]> {
  const pages = await Promise.all(
    [SPOT, PERPETUAL].map((symbol) => exchange.fills({ symbol, cursor: null, since: 0 })),
  );
  return pages.flatMap(({ fills }) => fills);
}

/** Coins that spot fills brought in, less the fees taken in coins. */
function coinsBy(fills: readonly VenueFill[]): BaseAmount {
  const changes = fills
    .filter(({ symbol }) => symbol === SPOT)
    .map(({ side, amount, fee }) => {
      const change = side === 'buy' ? amount : negate(amount);
      return fee?.asset === 'BTC' ? subtract(change, asBase(fee.amount)) : change;
    });
  return sum(ZERO_BASE, changes);
}

/** Signed cost of the open quantity at average cost, computed another way than the program does. */
function costOf(
  fills: readonly { side: string; price: { toNumber(): number }; amount: { toNumber(): number } }[],
) {
  let quantity = 0;
  let average = 0;
  for (const fill of fills) {
    const signed = (fill.side === 'buy' ? 1 : -1) * fill.amount.toNumber();
    const next = quantity + signed;
    if (quantity === 0 || Math.sign(quantity) === Math.sign(signed)) {
      average = (average * quantity + fill.price.toNumber() * signed) / next;
    } else if (Math.abs(next) < 1e-9) {
      average = 0;
    } else if (Math.sign(next) !== Math.sign(quantity)) {
      average = fill.price.toNumber();
    }
    quantity = Math.abs(next) < 1e-9 ? 0 : next;
  }
  return assetAmount(String(quantity * average));
}
