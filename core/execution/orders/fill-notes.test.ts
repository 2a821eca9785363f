import { expect, test } from 'vitest';
import { fillOf } from '../../../tests/contracts/builders.ts';
import { assetAmount, type Fill, quoteAmount } from '../../domain/index.ts';
import { FillNotes, notesOf } from './fill-notes.ts';

const ETH = 'ETH/USDT';
const SWAP = 'BTC/USDT:USDT';

const paidIn = (asset: string) => ({ asset, amount: assetAmount('0.1'), quoteValue: quoteAmount('10') });
const made = (id: string, more: Partial<Fill>): Fill => ({ ...fillOf(id, 'order'), fee: null, ...more });

/** Told in another order than they were made in. */
const TOLD = [
  made('1', { time: 40, fee: paidIn('USDT') }),
  made('2', { time: 10, fee: paidIn('BTC') }),
  made('3', { time: 30, side: 'sell', fee: paidIn('USDT') }),
  made('4', { time: 20, symbol: ETH }),
  made('5', { time: 25, symbol: SWAP, fee: paidIn('USDT') }),
];
const KNOWN = { firstAt: 10, lastAt: { 'BTC/USDT': 40, [ETH]: 20, [SWAP]: 25 }, paysInCoins: true };

const known = (notes: FillNotes) => ({
  firstAt: notes.firstAt,
  lastAt: Object.fromEntries(['BTC/USDT', ETH, SWAP].map((symbol) => [symbol, notes.lastAt(symbol)])),
  paysInCoins: notes.paysInCoins,
});

test('before any fill nothing is known', () => {
  const nothing = { 'BTC/USDT': undefined, [ETH]: undefined, [SWAP]: undefined };
  expect(known(notesOf([]))).toEqual({ firstAt: null, lastAt: nothing, paysInCoins: null });
});

test('the first and the newest are by their own time, and only coins that are bought for a fee tell what pays it', () => {
  expect(known(notesOf(TOLD))).toEqual(KNOWN);
  expect(notesOf(TOLD.slice(0, 1)).paysInCoins).toBe(false);
  expect(notesOf(TOLD.slice(2)).paysInCoins).toBeNull();
});

test('what was noted is gone on from, wherever it was left', () => {
  for (let cut = 0; cut <= TOLD.length; cut += 1) {
    const notes = new FillNotes(notesOf(TOLD.slice(0, cut)).soFar());
    for (const fill of TOLD.slice(cut)) notes.note(fill);
    expect(known(notes)).toEqual(KNOWN);
    expect(new FillNotes(notes.soFar()).soFar()).toEqual(notesOf(TOLD).soFar());
  }
});
