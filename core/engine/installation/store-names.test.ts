import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type SettingsInput, SettingsSchema } from '../../contract/index.ts';
import { bindAccount } from '../modes/venue-binding.ts';
import { booksFault, storeNames } from './store-names.ts';
import { openStores } from './stores.ts';

const LOCAL: SettingsInput = { exchange: { endpoint: { rest: 'http://127.0.0.1:8300' } } };
const KRAKEN: SettingsInput = { exchange: { id: 'kraken' } };

/** A data directory on which the program has run with these settings, one after another. */
function directoryOf(...runs: readonly SettingsInput[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'store-names-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const input of runs) {
    const settings = SettingsSchema.parse(input);
    const stores = openStores(directory, settings.mode, undefined, storeNames(directory, settings));
    bindAccount(stores.state, settings);
    stores.close();
  }
  return directory;
}

it.each<[string, readonly SettingsInput[], SettingsInput, string]>([
  ['the first venue', [], {}, 'paper'],
  ['the first venue again', [{}], {}, 'paper'],
  ['another venue', [{}], KRAKEN, 'paper-kraken'],
  ['another server of the same venue', [{}], LOCAL, 'paper-binance-at-http-127.0.0.1-8300'],
  ['the own network after another server', [LOCAL], {}, 'paper-binance'],
  ['the first venue after another', [{}, KRAKEN], {}, 'paper'],
  ['a second venue again', [{}, KRAKEN], KRAKEN, 'paper-kraken'],
])('on paper %s has books of its own', (_name, before, input, name) => {
  const onPaper = (each: SettingsInput): SettingsInput => ({ ...each, mode: 'paper' });
  const directory = directoryOf(...before.map(onPaper));
  expect(storeNames(directory, SettingsSchema.parse(onPaper(input))).account).toBe(name);
});

it.each(['sandbox', 'live'] as const)('in mode %s there is one account, and no other is begun', (mode) => {
  const directory = directoryOf({ mode });
  expect(storeNames(directory, SettingsSchema.parse({ ...KRAKEN, mode })).account).toBe(mode);
});

it('books that cannot be gone on with say so before anything is started', () => {
  const faultOf = (directory: string, input: SettingsInput) =>
    booksFault(directory, SettingsSchema.parse(input));
  const directory = directoryOf({ mode: 'sandbox' }, { mode: 'paper' });
  expect(faultOf(directory, { mode: 'sandbox' })).toBeNull();
  expect(faultOf(directory, { ...KRAKEN, mode: 'paper' })).toBeNull();
  expect(faultOf(directory, { ...KRAKEN, mode: 'sandbox' })).toBe(
    'exchange.id: sandbox.sqlite holds the books of binance at its test network, not of kraken at its test network: set it back, or choose another --data-dir for the other account',
  );
  expect(faultOf(directoryOf(), { ...KRAKEN, mode: 'sandbox' })).toBeNull();
});

it.each<[string, readonly SettingsInput[], SettingsInput, string]>([
  ['live', [], { mode: 'live' }, 'history'],
  ['on paper at the first venue', [], { mode: 'paper' }, 'history'],
  ['on paper at another', [{ mode: 'paper' }], { ...KRAKEN, mode: 'paper' }, 'paper-kraken-history'],
  ['on a test network', [], { mode: 'sandbox' }, 'sandbox-history'],
])('the bars that are seen %s go where bars of that market are', (_name, before, input, history) => {
  expect(storeNames(directoryOf(...before), SettingsSchema.parse(input)).history).toBe(history);
});
