import { describe, expect, it } from 'vitest';
import { type SettingsInput, SettingsSchema } from '../../contract/index.ts';
import {
  type AccountEvent,
  accountEventId,
  assetAmount,
  baseAmount,
  quoteAmount,
  TraderError,
} from '../../domain/index.ts';
import { MemoryOrderLedger } from '../../storage/index.ts';
import { allottedCapital } from './allotment.ts';

const OPENING: AccountEvent = {
  id: accountEventId('opening'),
  kind: 'opening',
  asset: 'USDT',
  amount: assetAmount(250),
  quoteValue: quoteAmount(250),
  symbol: null,
  tradeId: null,
  time: 1,
  note: 'settings.capital',
};

/** Of the trader's own. */
const POSITIONS = new Map([
  ['BTC/USDT:USDT', baseAmount(0)],
  ['SOL/USDT:USDT', baseAmount(-3)],
]);

/** What is allotted of an account with so much of the trader's money free and more of it in his own orders. */
async function allotted(settings: SettingsInput, free: string | null, ...events: readonly AccountEvent[]) {
  const ledger = new MemoryOrderLedger();
  for (const event of events) ledger.appendAccountEvent(event);
  const assets = new Map(
    free === null ? [] : [['USDT', { total: assetAmount('9000'), free: assetAmount(free) }] as const],
  );
  const venue = { id: 'binance', account: async () => ({ time: 2, assets, positions: POSITIONS }) };
  const capital = await allottedCapital({
    settings: SettingsSchema.parse(settings),
    symbols: settings.symbols ?? ['BTC/USDT:USDT'],
    venue,
    ledger,
  });
  return capital.toFixed();
}

describe('the capital of an account at a venue', () => {
  it.each<[string, SettingsInput, string]>([
    ['an amount', { capital: '300' }, '300'],
    ['all that is free', { capital: '1000.129' }, '1000.129'],
    ['a share of what is free, in whole cents', { exchange: { capitalShare: 0.25 } }, '250.03'],
    ['all of it, in whole cents', { exchange: { capitalShare: 1 } }, '1000.12'],
  ])('is %s', async (_name, settings, capital) => {
    expect(await allotted(settings, '1000.129')).toBe(capital);
  });

  it('that is more than the account has is refused before anything is booked', async () => {
    const opening = allotted({ capital: '10000' }, '500.5');
    await expect(opening).rejects.toThrow(TraderError);
    await expect(opening).rejects.toThrow(
      'capital: 10000 USDT is to be traded with, but binance has 500.5 USDT free: set it to at most that, or exchange.capitalShare to a share of it, such as 0.5',
    );
  });

  it.each(['0.01', '0', null])('that is a share of %s is refused', async (free) => {
    await expect(allotted({ exchange: { capitalShare: 0.5 } }, free)).rejects.toThrow(
      `exchange.capitalShare: binance has ${free ?? '0'} USDT free: pay USDT in there first`,
    );
  });

  it('is not opened on a position of the trader’s own in what is to be traded', async () => {
    const symbols = ['BTC/USDT:USDT', 'SOL/USDT:USDT'];
    await expect(allotted({ capital: '300', symbols }, '1000')).rejects.toThrow(
      "symbols: binance holds a position of SOL/USDT:USDT that is not this program's: end it there, or leave the symbol out",
    );
    expect(await allotted({ capital: '300', symbols }, '1000', OPENING)).toBe('300');
  });

  it('that was opened is what the settings say, whatever the account has left', async () => {
    expect(await allotted({ capital: '10000' }, '3', OPENING)).toBe('10000');
  });

  it('that was opened with a share stays what that was', async () => {
    expect(await allotted({ exchange: { capitalShare: 0.5 } }, '9000', OPENING)).toBe('250');
  });
});
