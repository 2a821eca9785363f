import fc from 'fast-check';
import { type AccountEvent, baseAmount, type Fill, price } from '../../domain/index.ts';
import { accountEvent, fill } from './account.ts';

const symbol = fc.constantFrom('BTC/USDT', 'ETH/USDT', 'BTC/USDT:USDT');
const anyFill = fc
  .record({
    symbol,
    side: fc.constantFrom('buy' as const, 'sell' as const),
    units: fc.integer({ min: 1, max: 10_000 }),
    cents: fc.integer({ min: 1, max: 100_000 }),
    asset: fc.constantFrom('USDT', 'BTC', 'BNB', null),
    isExpected: fc.boolean(),
  })
  .map(({ symbol: of, side, units, cents, asset, isExpected }): Fill => {
    const coins = baseAmount(units).div(1_000_000);
    const bare = fill(side, baseAmount(units).div(1_000).toFixed(), price(cents).div(100).toFixed(), {
      symbol: of,
      coins: coins.toFixed(),
      fee: coins.times(cents).div(100).toFixed(),
      ...(asset === null ? {} : { asset }),
    });
    const made = isExpected ? { ...bare, expected: { price: price((cents + 1) / 100), cost: 0.001 } } : bare;
    return asset === null ? { ...made, fee: null } : made;
  });
const anyEvent = fc
  .record({
    kind: fc.constantFrom('deposit', 'withdrawal', 'funding', 'interest', 'conversion', 'fee', 'external'),
    asset: fc.constantFrom('USDT', 'BTC', 'ETH', 'BNB'),
    symbol: fc.option(symbol),
    cents: fc.integer({ min: -100_000, max: 100_000 }),
    worth: fc.integer({ min: 1, max: 1_000 }),
  })
  .map(({ kind, asset, symbol: of, cents, worth }): AccountEvent => {
    const amount = baseAmount(cents).div(100);
    return accountEvent(kind, amount.toFixed(), {
      asset,
      worth: asset === 'USDT' ? amount.toFixed() : amount.times(worth).div(10).toFixed(),
      ...(of === null ? {} : { symbol: of }),
    });
  });
/** Whatever may happen to an account after its opening, told in any order. */
export const anyHistory = fc.array(fc.oneof(anyFill, anyEvent), { maxLength: 25 });
export const isFill = (entry: Fill | AccountEvent): entry is Fill => 'side' in entry;
