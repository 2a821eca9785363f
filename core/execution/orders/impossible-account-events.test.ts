import { expect, test } from 'vitest';
import { executionDesk } from '../../../tests/contracts/execution-desk.ts';
import {
  type AccountEvent,
  type AccountEventKind,
  type AssetAmount,
  accountEventId,
  assetAmount,
  type QuoteAmount,
  quoteAmount,
} from '../../domain/index.ts';

const deposit: AccountEvent = {
  id: accountEventId('d'),
  kind: 'deposit',
  asset: 'USDT',
  amount: assetAmount(5),
  quoteValue: quoteAmount(5),
  symbol: null,
  tradeId: null,
  time: 2_000,
  note: '',
};

test.each<[string, Partial<AccountEvent>]>([
  ['opens an account that is open', { kind: 'opening' }],
  // A broken adapter, which the types keep from being written.
  ['is of no known kind', { kind: 'gift' as AccountEventKind }],
  ['is no amount', { amount: assetAmount(0).div(0) as AssetAmount }],
  ['is worth everything', { quoteValue: quoteAmount(1).div(0) as QuoteAmount }],
  ['has no time', { time: Number.NaN }],
])('an account event that %s is not booked, and the ledger takes what comes after it', (_, lie) => {
  const desk = executionDesk();
  const honest = { ...deposit, time: desk.venue.clock.now() };
  desk.exchange.announce({ kind: 'account', event: { ...honest, ...lie } });
  expect(desk.events).toEqual([]);
  const next = { ...honest, id: accountEventId('e') };
  desk.exchange.announce({ kind: 'account', event: next });
  expect(desk.events).toEqual([next]);
  expect([...desk.ledger.accountEvents()]).toMatchObject([{ id: 'e' }]);
  expect(desk.faults).toEqual([]);
});

test('an account event between two milliseconds is booked as of the earlier', () => {
  const desk = executionDesk();
  const event = { ...deposit, time: desk.venue.clock.now() + 0.5 };
  desk.exchange.announce({ kind: 'account', event });
  expect([...desk.ledger.accountEvents()].map(({ time }) => time)).toEqual([desk.venue.clock.now()]);
});
