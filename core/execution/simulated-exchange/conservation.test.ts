import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intentOf } from '../../../tests/contracts/builders.ts';
import { PERPETUAL, SPOT, testVenue } from '../../../tests/contracts/simulated-venue.ts';
import {
  add,
  asQuote,
  assetAmount,
  baseAmount,
  clientOrderId,
  notional,
  type OrderIntent,
  price,
  quoteAmount,
  subtract,
  sum,
  VenueError,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../domain/index.ts';

type Command =
  | { readonly kind: 'submit'; readonly intent: Omit<OrderIntent, 'clientOrderId'> }
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
  })
  .map(({ type, at, amount, ...rest }): Command => {
    const prices = type === 'limit' ? { limitPrice: at } : type === 'stop' ? { stopPrice: at } : {};
    return { kind: 'submit', intent: intentOf('', { ...rest, type, amount: amount / 1_000, ...prices }) };
  });

const command: fc.Arbitrary<Command & { readonly symbol: string }> = fc
  .tuple(
    fc.oneof(
      submitCommand,
      fc.nat({ max: 30 }).map((index): Command => ({ kind: 'cancel', index })),
      fc
        .tuple(fc.tuple(cents, cents, cents, cents), fc.integer({ min: 0, max: 200 }))
        .map(([prices, volume]): Command => ({ kind: 'step', prices, volume })),
    ),
    symbols,
  )
  .map(([given, symbol]) => ({ ...given, symbol }));

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
  for (const [index, given] of commands.entries()) {
    if (given.kind === 'submit') {
      const intent = { ...given.intent, clientOrderId: clientOrderId(`o${index}`) };
      await venue.exchange.submit(intent).catch(passOverRefusal);
    } else if (given.kind === 'cancel') {
      await venue.exchange.cancel(given.symbol, clientOrderId(`o${given.index}`)).catch(passOverRefusal);
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
  return venue;
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

  test('value is conserved: balances are the capital, plus what fills brought, less fees', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([commands, feeAsset]) => {
        const { exchange } = await run(commands, feeAsset);
        const fills = await exchange.fillsSince(0);
        const positions = await exchange.positions();
        const balances = await exchange.balances();

        // Cash in and out, as if every fill were paid in full: for a perpetual the venue holds the rest as P&L.
        const cash = fills.map((fill) => {
          const value = notional(fill.price, fill.amount);
          const paid = fill.side === 'buy' ? subtract(ZERO_QUOTE, value) : value;
          return fill.fee.asset === 'USDT' ? subtract(paid, asQuote(fill.fee.amount)) : paid;
        });
        const mark = price(77);
        const equityByFills = add(
          add(quoteAmount(10_000), sum(ZERO_QUOTE, cash)),
          sum(
            ZERO_QUOTE,
            [...positions.values()].map((held) => notional(mark, held)),
          ),
        );
        const perpetual = positions.get(PERPETUAL) ?? ZERO_BASE;
        const openCost = costOf(fills.filter((fill) => fill.symbol === PERPETUAL));
        const equityByBooks = [
          Number(balances.get('USDT')),
          mark.times(balances.get('BTC') ?? 0).toNumber(),
          mark.times(perpetual).minus(openCost).toNumber(),
        ].reduce((total, part) => total + part, 0);
        expect(equityByBooks).toBeCloseTo(Number(equityByFills), 6);

        // A short can lose more than it put up: there is no liquidation here. Spot alone never owes.
        const spotOnly = fills.every((fill) => fill.symbol === SPOT);
        expect(Number(balances.get('USDT')) >= 0 || !spotOnly).toBe(true);
        expect(Number(balances.get('BTC') ?? 0)).toBeCloseTo(Number(positions.get(SPOT) ?? 0), 12);
        expect(Number(positions.get(SPOT) ?? 0)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
  });

  test('an order never fills beyond its amount, and its fills add up to what it says it filled', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ([commands, feeAsset]) => {
        const { exchange } = await run(commands, feeAsset);
        const fills = await exchange.fillsSince(0);
        for (const [index, given] of commands.entries()) {
          if (given.kind !== 'submit') continue;
          const id = clientOrderId(`o${index}`);
          const order = await exchange.order(given.intent.symbol, id);
          if (order === null) continue;
          const own = fills.filter((fill) => fill.clientOrderId === id);
          expect(order.filledAmount.lte(order.amount)).toBe(true);
          expect(
            sum(
              ZERO_BASE,
              own.map((fill) => fill.amount),
            ).eq(order.filledAmount),
          ).toBe(true);
          expect(order.status === 'FILLED').toBe(order.filledAmount.eq(order.amount));
          for (const fill of own) {
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
