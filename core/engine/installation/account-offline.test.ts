import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fillOf, intentOf } from '../../../tests/contracts/builders.ts';
import { SettingsSchema } from '../../contract/index.ts';
import { accountEventId, assetAmount, quoteAmount, text } from '../../domain/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { storedAccountEvents, transferOffline } from './account-offline.ts';
import { openStores, type Stores } from './stores.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-account-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const live = SettingsSchema.parse({ mode: 'live' });
const move = (amount: number) => transferOffline(directory, live, quoteAmount(amount));

/** Does something with the live database. */
function inBooks<T>(work: (stores: Stores) => T): T {
  const stores = openStores(directory, 'live');
  try {
    return work(stores);
  } finally {
    stores.close();
  }
}

/** A live account of 1,000, of which 400 were spent on coins. */
function tradedAccount(): void {
  inBooks(({ ledger }) => {
    ledger.appendAccountEvent({
      id: accountEventId('opening'),
      kind: 'opening',
      asset: 'USDT',
      amount: assetAmount(1_000),
      quoteValue: quoteAmount(1_000),
      symbol: null,
      tradeId: null,
      time: 500,
      note: 'settings.capital',
    });
    ledger.appendIntent(intentOf('o1', { createdAt: 900 }));
    ledger.appendFill(fillOf('t1', 'o1', { price: 200, amount: 2, time: 1_000, fee: null }));
  });
}

const capital = (): string =>
  inBooks(({ ledger }) => {
    const history = { fills: ledger.fills(), accountEvents: ledger.accountEvents(), equity: [] };
    return text(new Portfolio({ quote: 'USDT', instruments: () => undefined, history }).capital);
  });

describe('a live account', () => {
  it('is traded with more or less of by the trader’s word, each time anew, and nothing else moves', async () => {
    tradedAccount();
    await move(500);
    await move(500);
    await move(-1_600);
    expect(capital()).toBe('400');
    expect(
      storedAccountEvents(directory, live).map(({ id, kind, amount, note }) => [
        id,
        kind,
        text(amount),
        note,
      ]),
    ).toEqual([
      ['opening', 'opening', '1000', 'settings.capital'],
      ['allotment-1', 'deposit', '500', 'allotted by the trader'],
      ['allotment-2', 'deposit', '500', 'allotted by the trader'],
      ['allotment-3', 'withdrawal', '-1600', 'given back to the trader'],
    ]);
  });

  it('gives back no more than is not in positions', async () => {
    tradedAccount();
    await expect(move(-601)).rejects.toThrow('only 600 USDT of what is traded with are not in positions');
    expect(capital()).toBe('1000');
  });

  it('is left alone while the program runs', async () => {
    tradedAccount();
    const lock = openDataDirectory(directory);
    await expect(move(1)).rejects.toThrow();
    lock.close();
    expect(capital()).toBe('1000');
  });

  it.each<[string, () => void]>([
    ['there is no database', () => undefined],
    ['it was never opened', () => inBooks(() => undefined)],
  ])('cannot be added to where %s', async (_name, prepare) => {
    prepare();
    await expect(move(1)).rejects.toThrow('there is no live account in');
  });
});

it('a mode without an account has none to pay in', async () => {
  const paper = SettingsSchema.parse({ mode: 'paper' });
  await expect(transferOffline(directory, paper, quoteAmount(1))).rejects.toThrow(
    'paper: this mode has no account to pay in or out',
  );
});
