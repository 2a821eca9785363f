import { describe, expect, it } from 'vitest';
import { type SettingsInput, SettingsSchema } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { bindAccount, requireSameAccount } from './venue-binding.ts';

const sandbox = (exchange: SettingsInput['exchange'] = {}) =>
  SettingsSchema.parse({ mode: 'sandbox', exchange });

/** Books that were begun under some settings. */
function booksOf(exchange?: SettingsInput['exchange']): MemoryStateStore {
  const state = new MemoryStateStore();
  bindAccount(state, sandbox(exchange));
  return state;
}

describe('a book of a venue', () => {
  it.each<[string, SettingsInput['exchange'], SettingsInput['exchange'], string]>([
    [
      'another exchange',
      {},
      { id: 'binanceusdm' },
      'exchange.id: sandbox.sqlite holds the books of binance at its test network, not of binanceusdm at its test network: set it back, or choose another --data-dir for the other account',
    ],
    [
      'an endpoint in place of the test network',
      {},
      { endpoint: { rest: 'http://127.0.0.1:8300' } },
      'exchange.endpoint: sandbox.sqlite holds the books of binance at its test network, not of binance at http://127.0.0.1:8300',
    ],
    [
      'another endpoint',
      { endpoint: { rest: 'http://127.0.0.1:8300' } },
      { endpoint: { rest: 'http://127.0.0.1:8301/' } },
      'holds the books of binance at http://127.0.0.1:8300, not of binance at http://127.0.0.1:8301',
    ],
  ])('is not opened on %s, in one line with what to do', (_name, before, after, line) => {
    const state = booksOf(before);
    const opening = () => requireSameAccount(state, sandbox(after));
    expect(opening).toThrow(TraderError);
    expect(opening).toThrow(line);
    expect(() => requireSameAccount(state, sandbox(before))).not.toThrow();
  });

  it('stays bound to the account with which it began', () => {
    const state = booksOf();
    bindAccount(state, sandbox({ id: 'binanceusdm' }));
    expect(() => requireSameAccount(state, sandbox({ id: 'binanceusdm' }))).toThrow('exchange.id');
  });

  it('is opened by another way to write the same address', () => {
    const state = booksOf({ endpoint: { rest: 'http://127.0.0.1:8300' } });
    const same = sandbox({ endpoint: { rest: 'http://127.0.0.1:8300/', ws: 'ws://127.0.0.1:8301' } });
    expect(() => requireSameAccount(state, same)).not.toThrow();
  });

  it('of a version that did not note its venue is opened as the settings say', () => {
    expect(() => requireSameAccount(new MemoryStateStore(), sandbox())).not.toThrow();
  });

  it('is not opened when nobody knows whose it is', () => {
    const state = new MemoryStateStore();
    state.write('account-place', 'binance');
    expect(() => requireSameAccount(state, sandbox())).toThrow(
      'whose books sandbox.sqlite holds is not known, the stored account-place cannot be used: it is damaged: restore a backup of sandbox.sqlite, or choose another --data-dir',
    );
  });
});

it('the place of a live account is the venue’s own network', () => {
  const state = new MemoryStateStore();
  bindAccount(state, SettingsSchema.parse({ mode: 'live' }));
  expect(state.read('account-place')).toMatchObject({
    value: { exchange: 'binance', at: 'its own network' },
  });
});
