import { expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { FillViewSchema } from '../../contract/index.ts';
import { fillView } from './domain-views.ts';

test('a fill shows its fee in the asset it was taken in', () => {
  expect(FillViewSchema.parse(fillView(fillOf('t1', 'a')))).toMatchObject({
    clientOrderId: 'a',
    fee: '0.1',
    feeAsset: 'USDT',
  });
});

test('a fill of other hands has no order, and one whose fee was not told yet has none to show', () => {
  const fill = fillOf('t1', null, { purpose: 'external', fee: null });
  expect(FillViewSchema.parse(fillView(fill))).toMatchObject({
    clientOrderId: null,
    fee: null,
    feeAsset: null,
    purpose: 'external',
  });
});
