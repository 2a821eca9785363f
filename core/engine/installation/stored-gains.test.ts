import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { baseAmount, text } from '../../domain/index.ts';
import { storedGains } from './stored-gains.ts';
import { openStores } from './stores.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-gains-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const live = SettingsSchema.parse({ mode: 'live' });
const read = () => {
  const { years, disposals } = storedGains(directory, live, 'fifo', () => 2024);
  return {
    years: years.map(({ year, gain }) => `${year}: ${text(gain)}`),
    disposals: disposals.map(({ symbol, direction }) => `${symbol} ${direction}`),
  };
};

it('gains of a mode that never ran are none', () => {
  expect(read()).toEqual({ years: [], disposals: [] });
});

it.each([
  ['BTC/USDT', 'long', 'buy', 'sell', '20'],
  ['BTC/USDT:USDT', 'short', 'sell', 'buy', '-20'],
] as const)('gains of %s come from the ledger, %s', (symbol, direction, opens, closes, gain) => {
  const { ledger, close } = openStores(directory, 'live');
  ledger.appendIntent(intentOf('o1', { symbol, side: opens }));
  ledger.appendIntent(intentOf('o2', { symbol, side: closes }));
  const amount = baseAmount(2);
  ledger.appendFill({
    ...fillOf('t1', 'o1', { price: 100, time: 1, fee: null }),
    symbol,
    side: opens,
    amount,
  });
  ledger.appendFill({
    ...fillOf('t2', 'o2', { price: 110, time: 2, fee: null }),
    symbol,
    side: closes,
    amount,
  });
  close();
  expect(read()).toEqual({ years: [`2024: ${gain}`], disposals: [`${symbol} ${direction}`] });
});
