import { expect, test } from 'vitest';
import {
  ACCOUNT_EVENT_KINDS,
  type AccountEvent,
  accountEventId,
  assetAmount,
  isTransfer,
  quoteAmount,
} from './index.ts';

test('only what the trader puts in or takes out is no profit or loss', () => {
  const event: Omit<AccountEvent, 'kind'> = {
    id: accountEventId('e'),
    asset: 'USDT',
    amount: assetAmount(1),
    quoteValue: quoteAmount(1),
    symbol: null,
    tradeId: null,
    time: 1,
    note: '',
  };
  const transfers = ACCOUNT_EVENT_KINDS.filter((kind) => isTransfer({ ...event, kind }));
  expect(transfers).toEqual(['opening', 'deposit', 'withdrawal']);
});
