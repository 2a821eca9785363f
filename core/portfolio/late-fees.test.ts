import { describe, expect, test } from 'vitest';
import { intentOf } from '../../tests/contracts/builders.ts';
import { type AccountEvent, accountEventId, type Fill, text } from '../domain/index.ts';
import { MemoryOrderLedger } from '../storage/index.ts';
import type { Portfolio } from './index.ts';
import { accountEvent, external, fill, OPENING, portfolioOf } from './testing/account.ts';

type Entry = Fill | AccountEvent;

const untold = (given: Fill): Fill => ({ ...given, fee: null });
const feeOf = ({ symbol, tradeId }: Fill, id: string, amount: string): AccountEvent => ({
  ...accountEvent('fee', amount, { symbol, trade: tradeId }),
  id: accountEventId(id),
});

const ours = untold(fill('buy', '10', '100'));
const oursOfContracts = untold(fill('buy', '10', '100', { symbol: 'BTC/USDT:USDT' }));
const ordersOf = (trade: Fill): readonly (readonly [string, readonly Entry[]])[] => {
  const told = feeOf(trade, 'told', '-1');
  const corrected = feeOf(trade, 'corrected', '0.25');
  return [
    ['fill, fee, correction', [trade, told, corrected]],
    ['fee, fill, correction', [told, trade, corrected]],
    ['fee, correction, fill', [told, corrected, trade]],
    ['correction, fee, fill', [corrected, told, trade]],
  ];
};

const money = (portfolio: Portfolio) => [
  text(portfolio.cash),
  text(portfolio.fees),
  text(portfolio.position('BTC/USDT').fees),
];

/** Lives through entries; dies and starts again after each where asked. */
function lived(entries: readonly Entry[], restarts: boolean): Portfolio {
  const ledger = new MemoryOrderLedger();
  ledger.appendIntent(intentOf('o'));
  ledger.appendAccountEvent(OPENING);
  let portfolio = portfolioOf();
  for (const entry of entries) {
    if ('side' in entry) {
      ledger.appendFill(entry);
      portfolio.apply(entry);
    } else {
      ledger.appendAccountEvent(entry);
      portfolio.applyAccountEvent(entry);
    }
    if (restarts) portfolio = portfolioOf({ fills: ledger.fills(), accountEvents: ledger.accountEvents() });
  }
  return portfolio;
}

describe.each([
  ['in one process', false],
  ['over a restart after each', true],
])('fees told apart from their fill, %s', (_how, restarts) => {
  test.each(ordersOf(ours))('of ours are paid once: %s', (_order, entries) => {
    expect(money(lived(entries, restarts))).toEqual(['8999.25', '0.75', '0.75']);
  });

  test.each(ordersOf(external(ours)))('of the trader’s own coins are never paid by us: %s', (_o, entries) => {
    expect(money(lived(entries, restarts))).toEqual(['10000', '0', '0']);
  });

  test.each(ordersOf(external(oursOfContracts)))(
    'of a contract are paid whoever traded: %s',
    (_order, entries) => {
      expect(money(lived(entries, restarts)).slice(0, 2)).toEqual(['8999.25', '0.75']);
    },
  );

  test('are paid once also where both sides of the trade are ours', () => {
    const sold: Fill = { ...ours, side: 'sell', purpose: 'exit' };
    const fee = feeOf(ours, 'told', '-1');
    for (const entries of [
      [fee, ours, sold],
      [ours, fee, sold],
      [ours, sold, fee],
    ]) {
      expect(money(lived(entries, restarts)).slice(0, 2)).toEqual(['9999', '1']);
    }
  });

  test('wait as long as nobody knows whose the fill is', () => {
    expect(money(lived([feeOf(ours, 'told', '-1')], restarts))).toEqual(['10000', '0', '0']);
  });
});

test('a fee that names a trade but no symbol cannot wait for its fill', () => {
  expect(money(lived([{ ...feeOf(ours, 'told', '-1'), symbol: null }], false))).toEqual(['9999', '1', '0']);
});

test('a trade of the same id in another symbol is another trade', () => {
  const told = { ...feeOf(ours, 'told', '-1'), symbol: 'ETH/USDT' };
  expect(money(lived([told, ours], false))).toEqual(['9000', '0', '0']);
});
