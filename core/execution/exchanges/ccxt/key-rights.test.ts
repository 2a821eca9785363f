import { expect, it, onTestFinished } from 'vitest';
import { atLocalVenue } from '../../../../tests/venue/testing/exchange-at-venue.ts';
import { SILENT_LOGGER } from '../../../domain/index.ts';
import { SYSTEM_TIMERS } from '../../../engine/installation/system-timers.ts';
import { askKeyRights } from './key-rights.ts';
import { openCcxt } from './open-ccxt.ts';
import { fakeCcxt, knownDialect } from './testing/fake-ccxt.ts';

const UNTOLD = { trading: null, withdrawals: null, ipRestricted: null };

it.each(['binance', 'binanceusdm'])('the venue says what a key of %s may do', async (id) => {
  const { exchange } = await atLocalVenue(id);
  await exchange.open({ symbols: [] });
  expect(await exchange.keyRights()).toEqual({ trading: true, withdrawals: false, ipRestricted: false });
});

it('a key that may withdraw is told', async () => {
  const { exchange } = await atLocalVenue('binance', { accounts: [{ withdrawals: true }] });
  await exchange.open({ symbols: [] });
  expect(await exchange.keyRights()).toMatchObject({ withdrawals: true });
});

it('of a venue that does not tell nothing is taken for granted', async () => {
  const dialect = { ...knownDialect('binance'), keyRights: null };
  expect(await askKeyRights(fakeCcxt(), dialect)).toEqual(UNTOLD);
});

it('C29 of a test network that does not answer this question neither', async () => {
  const log = SILENT_LOGGER;
  const dialect = knownDialect('binance');
  const credentials = { apiKey: 'k', secret: 's' };
  const clock = { now: () => 0 };
  const line = await openCcxt({ dialect, credentials, sandbox: true, clock, timers: SYSTEM_TIMERS, log });
  onTestFinished(async () => {
    await line.api.close();
  });
  // ccxt knows no address there: nothing leaves.
  expect(await askKeyRights(line, dialect)).toEqual(UNTOLD);
});

it.each<[string, unknown]>([
  ['leaves out whether it may withdraw', { enableSpotAndMarginTrading: true, ipRestrict: true }],
  ['is cut', {}],
])('an answer that %s is none', async (_name, reply) => {
  const ccxt = fakeCcxt();
  ccxt.answers('sapiGetAccountApiRestrictions', reply);
  await expect(askKeyRights(ccxt, knownDialect('binance'))).rejects.toThrow('rights of the key');
});

it('a call that ccxt has lost is a failure and no right', async () => {
  const ccxt = fakeCcxt();
  const bare = { ...ccxt, api: { ...ccxt.api } };
  await expect(askKeyRights(bare, knownDialect('binance'))).rejects.toThrow(
    'ccxt has no sapiGetAccountApiRestrictions',
  );
});
