import { describe, expect, test } from 'vitest';
import { type OrderView, SettingsSchema } from '../../core/contract/index.ts';
import { quoteAmount } from '../../core/domain/index.ts';
import { transferOffline } from '../../core/engine/index.ts';
import { EAGER, ProgramAtVenue } from './program-at-venue.ts';

const MINUTE_MS = 60_000;
const NOT_ARMED = 'live trading is not armed';

/** Orders that were to open a position. */
async function entries(program: ProgramAtVenue): Promise<readonly OrderView[]> {
  const orders = await program.tradebot.service.call('orders.list', { limit: 2_000 });
  return orders.filter(({ purpose }) => purpose === 'entry');
}

const armBinance = (program: ProgramAtVenue) =>
  program.tradebot.service.call('live.arm', { venue: 'binance', noWithdrawals: false });

describe('live mode at a local venue', () => {
  test('enters nothing before it is armed, says so, and trades after it', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live' });
    const { service } = await program.start();
    await program.pass(5 * MINUTE_MS);
    expect(await entries(program)).toEqual([]);
    expect(program.venue.orders()).toEqual([]);
    expect(await program.status()).toMatchObject({ mode: 'live', trading: 'running' });
    expect((await program.status()).message).toContain(NOT_ARMED);
    expect((await program.conditions()).join()).toContain(`not-armed: ${NOT_ARMED}`);
    expect((await service.call('health.get', {})).problems.join()).toContain(NOT_ARMED);
    const blocked = await service.call('decisions.list', { outcome: 'blocked', limit: 1 });
    expect(blocked[0]?.reason).toContain(NOT_ARMED);

    expect(await service.call('live.describeArming', {})).toMatchObject({
      armed: false,
      allowed: true,
      venue: 'binance',
      obstacles: [],
      warnings: ['the key works from every address: restrict it to yours at the venue'],
      statement: expect.stringContaining('with 10000 USDT') as string,
    });
    const wrong = service.call('live.arm', { venue: 'kraken', noWithdrawals: false });
    await expect(wrong).rejects.toThrow('type binance');
    expect((await armBinance(program)).message).toBe('trading');
    await program.pass(5 * MINUTE_MS);
    const entered = await entries(program);
    expect(entered.length).toBeGreaterThan(0);
    expect(entered.every(({ clientOrderId }) => clientOrderId.startsWith('l'))).toBe(true);
    expect(program.venue.fills().length).toBeGreaterThan(0);
    expect((await program.status()).reconciliation).toMatchObject({ green: true });
  }, 120_000);

  test('trades perpetuals once it is armed by their venue’s name', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live', dialect: 'binance-usdm' });
    const { service } = await program.start();
    await expect(armBinance(program)).rejects.toThrow('type binanceusdm');
    await service.call('live.arm', { venue: 'binanceusdm', noWithdrawals: false });
    await program.pass(15 * MINUTE_MS);
    expect((await entries(program)).length).toBeGreaterThan(0);
    expect(program.venue.fills().length).toBeGreaterThan(0);
    expect((await program.status()).reconciliation).toMatchObject({ green: true, differences: [] });
  }, 120_000);

  test('stays armed over a restart, and not over one after an emergency stop, nor after its reset', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live' });
    await program.start();
    await armBinance(program);
    await program.stop();
    await program.start();
    await program.pass(MINUTE_MS);
    expect((await program.conditions()).join()).not.toContain('not-armed');

    await program.tradebot.service.call('killSwitch.activate', { reason: 'a test' });
    await program.pass(MINUTE_MS);
    expect((await program.status()).killSwitch.stage).toBe('flat');
    const before = (await entries(program)).length;
    await program.stop();

    await program.start();
    await program.pass(MINUTE_MS);
    await program.tradebot.service.call('killSwitch.reset', { confirmation: 'RESET' });
    await program.tradebot.service.call('trading.resume', {});
    await program.pass(5 * MINUTE_MS);
    expect((await program.status()).message).toContain('(the kill switch is engaged)');
    expect(await entries(program)).toHaveLength(before);

    await armBinance(program);
    await program.pass(5 * MINUTE_MS);
    expect((await entries(program)).length).toBeGreaterThan(before);
  }, 120_000);

  test('is disarmed by the circuit breaker, and protects and closes what is held', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live' });
    await program.start({ safety: { ...EAGER.safety, maxDailyLoss: 0.0001 } });
    await armBinance(program);
    const held = () => program.tradebot.service.call('positions.list', {});
    const isTripped = async () => (await program.status()).breaker.tripped;
    for (let second = 0; second < 900 && !(await isTripped()); second += 1) await program.pass(1_000);
    await program.pass(5_000);
    const before = (await entries(program)).length;
    expect((await program.status()).message).toContain('(the circuit breaker is tripped');
    expect((await held()).filter(({ protection }) => protection !== 'venue')).toEqual([]);
    for (let minute = 0; minute < 30 && (await held()).length > 0; minute += 1) await program.pass(MINUTE_MS);
    expect(await held()).toEqual([]);
    expect(await entries(program)).toHaveLength(before);
  }, 120_000);

  test('a limit that is loosened ends the arming until the trader arms it again, one that is tightened does not', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live' });
    const { service } = await program.start({ safety: { ...EAGER.safety, maxPositions: 5 } });
    await armBinance(program);
    const change = (value: number) =>
      service.call('limits.change', { name: 'maxPositions', value, loosen: true, from: 'button' });
    expect((await change(1)).armed).toBe(true);
    // Looser than before, and no more than it was armed with.
    expect((await change(5)).armed).toBe(true);
    expect((await program.status()).message).toBe('trading');
    expect((await change(6)).armed).toBe(false);
    expect((await program.status()).message).toContain('safety.maxPositions');
    const before = (await entries(program)).length;
    await program.pass(5 * MINUTE_MS);
    expect(await entries(program)).toHaveLength(before);
    await armBinance(program);
    expect((await service.call('safety.get', {})).armed).toBe(true);
    await program.stop();

    // The same by hand, while the program is off.
    await program.start({ safety: { ...EAGER.safety, maxPositions: 90 } });
    expect((await program.status()).message).toContain('safety.maxPositions');
  }, 120_000);

  test('more capital that is allotted ends the arming', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live' });
    await program.start({ capital: '500' });
    await armBinance(program);
    await program.stop();
    await transferOffline(program.directory, SettingsSchema.parse({ mode: 'live' }), quoteAmount('500'));
    await program.start({ capital: '500' });
    expect((await program.status()).message).toContain('the capital has been raised to 1000');
  }, 120_000);

  test('V3 trades with the share that the trader allots, and leaves his own coins alone, also at an emergency', async () => {
    const balances = { USDT: '10000', BTC: '1', ETH: '5' };
    const program = await ProgramAtVenue.at({ mode: 'live', venue: { accounts: [{ balances }] } });
    const exchange = { capitalShare: 0.1 };
    await program.start({ exchange });
    expect((await program.tradebot.service.call('portfolio.get', {})).capital).toBe('1000');
    await armBinance(program);
    await program.pass(8 * MINUTE_MS);
    const entered = (await entries(program)).filter(({ filledAmount }) => Number(filledAmount) > 0);
    expect(entered.length).toBeGreaterThan(0);
    // At most 30 % of what was allotted in one symbol, a little more where the price moved on the way.
    for (const { filledAmount, averagePrice } of entered)
      expect(Number(filledAmount) * Number(averagePrice)).toBeLessThan(310);
    await program.tradebot.service.call('killSwitch.activate', { reason: 'a test' });
    await program.pass(MINUTE_MS);
    expect((await program.status()).killSwitch.stage).toBe('flat');
    const { holdings } = program.venue.account();
    // Fees are taken in coins: less than a lot of ours is left beside his.
    for (const [asset, own] of [
      ['BTC', 1],
      ['ETH', 5],
    ] as const) {
      expect(holdings.total(asset).toNumber()).toBeGreaterThanOrEqual(own);
      expect(holdings.total(asset).toNumber()).toBeLessThan(own * 1.001);
    }
    await program.stop();
    await program.start({ exchange });
    expect(await program.conditions()).not.toContainEqual(expect.stringContaining('settings.capital'));
  }, 120_000);

  test('is not opened with more than the account has: balance too small', async () => {
    const accounts = [{ balances: { USDT: '500' } }];
    const program = await ProgramAtVenue.at({ mode: 'live', venue: { accounts } });
    await expect(program.start()).rejects.toThrow(
      'capital: 10000 USDT is to be traded with, but binance has 500 USDT free',
    );
    await program.start({ capital: '500' });
    expect((await program.status()).reconciliation).toMatchObject({ green: true });
  }, 60_000);

  test('is not armed with a key that may withdraw', async () => {
    const program = await ProgramAtVenue.at({ mode: 'live', venue: { accounts: [{ withdrawals: true }] } });
    await program.start();
    await expect(armBinance(program)).rejects.toThrow('the key may withdraw');
    expect((await program.status()).message).toContain(NOT_ARMED);
  }, 60_000);
});

describe('a mode', () => {
  test.each([
    ['live', 'https://api.binance.com/'],
    ['sandbox', 'https://testnet.binance.vision/'],
  ] as const)('that is %s goes to %s', async (mode, address) => {
    const program = await ProgramAtVenue.at({ mode });
    // A proxy that is down lets nothing out, and what was asked is in the failure.
    const failure: unknown = await program
      .start({ exchange: { endpoint: null, proxy: 'http://127.0.0.1:9' } })
      .catch((error: unknown) => error);
    const asked: string[] = [];
    for (let cause = failure; cause instanceof Error; cause = cause.cause) asked.push(cause.message);
    expect(asked.join()).toContain(` GET ${address}`);
  });
});

describe('a database', () => {
  test('is not opened on another exchange, which changes nothing', async () => {
    const program = await ProgramAtVenue.at({ mode: 'sandbox' });
    await program.start();
    await program.stop();
    const books = () => program.rows<object>('SELECT * FROM account_events');
    const before = books();
    const other = { symbols: ['BTC/USDT:USDT'], exchange: { id: 'binanceusdm' } };
    await expect(program.start(other)).rejects.toThrow(
      /^exchange\.id: sandbox\.sqlite holds the books of binance at http:\S+, not of binanceusdm at http:\S+: set it back/,
    );
    expect(books()).toEqual(before);
    await program.start();
    expect((await program.status()).reconciliation.green).toBe(true);
  }, 60_000);
});
