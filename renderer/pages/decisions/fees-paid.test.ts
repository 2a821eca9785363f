import { expect, test } from 'vitest';
import { feesPaid } from './fees-paid.ts';

const usdt = (fee: string | null) => ({ fee, feeAsset: fee === null ? null : 'USDT' });
const bnb = { fee: '0.0012', feeAsset: 'BNB' };

test.each([
  ['no fill', [], null],
  ['one fee', [usdt('1.5')], 'fee 1.50 USDT'],
  ['pieces of one fill', [usdt('1.5'), usdt('0.25')], 'fee 1.75 USDT'],
  ['two assets', [usdt('1.5'), bnb], 'fee 1.50 USDT and 0.001200 BNB'],
  ['a fee that the venue has not told', [usdt(null)], 'fee not told yet'],
  ['one told and one not', [usdt('1.5'), usdt(null)], 'fee 1.50 USDT, the rest not told yet'],
  ['an asset without a name', [{ fee: '2', feeAsset: null }], 'fee 2.00'],
])('%s: what was paid reads %j', (_name, fills, said) => {
  expect(feesPaid(fills)).toBe(said);
});
