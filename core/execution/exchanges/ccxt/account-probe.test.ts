import { expect, test } from 'vitest';
import { AccountProbe } from './account-probe.ts';
import { fakeCcxt, knownDialect } from './testing/fake-ccxt.ts';

function probe(id: string) {
  const ccxt = fakeCcxt();
  return { ...ccxt, probe: new AccountProbe(ccxt, knownDialect(id), 250) };
}

test('what an account holds is asked by the venue’s time', async () => {
  const { api, answers, probe: account } = probe('binance');
  answers('fetchBalance', { free: { USDT: '7' }, total: { USDT: '9' } });
  expect(`${(await account.assets()).get('USDT')?.free}`).toBe('7');
  expect(api.options['timeDifference']).toBe(-250);
});

test('a spot account is not asked whether it holds two sides of one market', async () => {
  const { asked, probe: account } = probe('binance');
  expect(await account.isHedged()).toBe(false);
  expect(asked).toEqual([]);
});

test.each([true, false])('an account of contracts says it: %s', async (hedged) => {
  const { answers, probe: account } = probe('binanceusdm');
  answers('fetchPositionMode', { hedged });
  expect(await account.isHedged()).toBe(hedged);
});

test('where a venue does not tell it, that is seen at positions alone', async () => {
  const ccxt = fakeCcxt();
  const dialect = { ...knownDialect('binanceusdm'), tellsPositionMode: false };
  expect(await new AccountProbe(ccxt, dialect, 0).isHedged()).toBe(false);
  expect(ccxt.asked).toEqual([]);
});

test('what the key may do is the venue’s word', async () => {
  const { answers, probe: account } = probe('binance');
  answers('sapiGetAccountApiRestrictions', {
    enableSpotAndMarginTrading: true,
    enableWithdrawals: true,
    ipRestrict: false,
  });
  expect(await account.rights()).toEqual({ trading: true, withdrawals: true, ipRestricted: false });
});
