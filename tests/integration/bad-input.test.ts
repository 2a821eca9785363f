import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OrderView, PositionView } from '../../core/contract/index.ts';
import { TraderError } from '../../core/domain/index.ts';
import type { FaultName } from '../venue/index.ts';
import { EAGER, ProgramAtVenue, type ProgramOptions } from './program-at-venue.ts';

const MINUTE_MS = 60_000;
const BTC = 'BTC/USDT';
const PERPETUAL = 'BTC/USDT:USDT';
const LIMIT_MS = 60_000;

const sandbox = (options: Partial<ProgramOptions> = {}): Promise<ProgramAtVenue> =>
  ProgramAtVenue.at({ mode: 'sandbox', ...options });

async function entries(program: ProgramAtVenue): Promise<readonly OrderView[]> {
  const orders = await program.tradebot.service.call('orders.list', { limit: 2_000 });
  return orders.filter(({ purpose }) => purpose === 'entry');
}

const held = (program: ProgramAtVenue): Promise<readonly PositionView[]> =>
  program.tradebot.service.call('positions.list', {});

/** Lets the program trade until it holds something that has its stop at the venue. */
async function untilHolding(program: ProgramAtVenue): Promise<void> {
  for (let second = 0; second < 900; second += 1) {
    if ((await held(program)).some(({ protection }) => protection === 'venue')) return;
    await program.pass(1_000);
  }
  throw new Error('nothing was ever held');
}

/** Lets the program trade until it has tried to enter something. @returns where. */
async function untilEntering(program: ProgramAtVenue): Promise<readonly string[]> {
  for (let second = 0; second < 1_800; second += 1) {
    const tried = await entries(program);
    if (tried.length > 0) return [...new Set(tried.map(({ symbol }) => symbol))];
    await program.pass(1_000);
  }
  throw new Error('nothing was ever entered');
}

/** A fault that begins now and lasts. */
function strike(program: ProgramAtVenue, name: FaultName, more: { ms?: number; on?: string } = {}): void {
  program.venue.faults.schedule([{ name, at: 0, forMs: 24 * 60 * MINUTE_MS, ...more }]);
}

/** A server that is no exchange. @returns its address. */
async function stranger(): Promise<string> {
  const server = createServer((_request, response) => response.end('<html>welcome</html>'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}

/** Refused in one line for the trader, which is returned. */
async function refusal(starting: Promise<unknown>): Promise<string> {
  const error: unknown = await starting.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TraderError);
  const { lines } = error as TraderError;
  expect(lines).toHaveLength(1);
  return lines.join();
}

describe('the program is not opened, and says what to do', () => {
  test.each<[string, Partial<ProgramOptions>, string]>([
    ['wrong key', { keys: { apiKey: 'nobody' } }, 'Invalid API-key'],
    ['wrong secret', { keys: { secret: 'guessed' } }, 'Signature for this request is not valid'],
    ['address not allowed', { venue: { accounts: [{ addressAllowed: false }] } }, 'request ip: 127.0.0.1'],
  ])('%s', async (_name, options, words) => {
    const line = await refusal((await sandbox(options)).start());
    expect(line).toContain('binance does not take the key');
    expect(line).toContain(words);
    expect(line).toContain('check exchange.binance.apiKey and exchange.binance.secret');
  });

  test('endpoint override with an address where nobody answers', async () => {
    const program = await sandbox();
    const line = await refusal(program.start({ exchange: { endpoint: { rest: 'http://127.0.0.1:9' } } }));
    expect(line).toContain('exchange.endpoint: at http://127.0.0.1:9 nobody answers as binance does');
    expect(line).toContain('check the address');
  });

  test('endpoint override with the address of somebody else', async () => {
    const rest = `http://${await stranger()}`;
    const line = await refusal((await sandbox()).start({ exchange: { endpoint: { rest } } }));
    expect(line).toContain(`exchange.endpoint: at ${rest} nobody answers as binance does`);
  });

  test('TLS fault', async () => {
    const rest = `https://${await stranger()}`;
    const line = await refusal((await sandbox()).start({ exchange: { endpoint: { rest } } }));
    expect(line).toContain('the line to binance is not secure');
  });

  test('proxy down', async () => {
    const line = await refusal((await sandbox()).start({ exchange: { proxy: 'http://127.0.0.1:9' } }));
    expect(line).toContain('binance cannot be had through exchange.proxy at 127.0.0.1:9');
    expect(line).toContain('check the proxy');
  });

  test('hedge mode', async () => {
    const program = await sandbox({ dialect: 'binance-usdm' });
    program.venue.futures.funds.of('trader').isDual = true;
    expect(await refusal(program.start())).toContain('(hedge mode): switch it to one-way mode there');
  });

  test('cross margin with something open, which keeps it from being set to isolated', async () => {
    const program = await sandbox({ dialect: 'binance-usdm' });
    program.venue.hand().buy(PERPETUAL, '0.1');
    const line = await refusal(program.start());
    expect(line).toContain(`${PERPETUAL} has cross margin at Binance USD`);
    expect(line).toContain('end what is open of it there');
  });
});

test.each<[FaultName, number]>([
  ['too-many-requests', 2_000],
  ['timeout', 0],
  ['bad-gateway', 0],
  ['lost-answer', 0],
])('a venue that answers with %s while it is opened is asked again', async (name, ms) => {
  const program = await sandbox();
  program.venue.faults.schedule([{ name, times: 3, ...(ms > 0 ? { ms } : {}) }]);
  await program.start();
  expect(program.venue.faults.strikes).toHaveLength(3);
  expect((await program.status()).reconciliation).toMatchObject({ green: true, differences: [] });
});

test('cross margin without anything open is set to isolated', async () => {
  const program = await sandbox({ dialect: 'binance-usdm' });
  const funds = program.venue.futures.funds.of('trader');
  expect(funds.marginType('BTCUSDT')).toBe('cross');
  await program.start();
  expect(funds.marginType('BTCUSDT')).toBe('isolated');
});

describe('entries pause, and what is held stays protected', () => {
  test.each(['binance-spot', 'binance-usdm'] as const)(
    'C13 key revoked while trading, and taken again: %s',
    async (dialect) => {
      const program = await sandbox({ dialect });
      // Stops so far away that they stay.
      await program.start({ safety: { ...EAGER.safety, stopAtr: 20 } });
      await untilHolding(program);
      const stops = program.venue.openOrders().length;
      program.venue.faults.schedule([{ name: 'key-revoked', at: 0, forMs: 5 * MINUTE_MS }]);
      // At the next comparison, of which there is one every 30 s.
      await program.pass(31_000);
      expect(program.venue.openOrders()).toHaveLength(stops);
      expect((await program.conditions()).join()).toContain('does not take the key any more (');
      const before = (await entries(program)).length;
      await program.pass(3 * MINUTE_MS);
      expect(await entries(program)).toHaveLength(before);
      await program.pass(10 * MINUTE_MS);
      expect((await program.conditions()).join()).not.toContain('connection');
      expect((await program.status()).reconciliation).toMatchObject({ green: true, differences: [] });
    },
    LIMIT_MS,
  );

  test(
    'missing permission: a key that may ask and not trade',
    async () => {
      const program = await sandbox({ venue: { accounts: [{ trading: false }] } });
      await program.start();
      await untilEntering(program);
      expect((await program.conditions()).join()).toContain('Binance takes no orders by this key');
      await program.pass(15 * MINUTE_MS);
      // One refusal tells it: entries wait until the key is tried again, every five minutes.
      expect((await entries(program)).length).toBeLessThanOrEqual(4);
      expect(program.venue.orders()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'withdrawal permission: nothing is entered with real money',
    async () => {
      const program = await sandbox({ mode: 'live', venue: { accounts: [{ withdrawals: true }] } });
      const { service } = await program.start();
      const arming = service.call('live.arm', { venue: 'binance', noWithdrawals: true });
      await expect(arming).rejects.toThrow('make one at the venue that may not');
      await program.pass(3 * MINUTE_MS);
      expect(program.venue.orders()).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'clock off by a minute',
    async () => {
      const program = await sandbox();
      strike(program, 'clock-skew', { ms: 60_000 });
      await program.start();
      await program.pass(5 * MINUTE_MS);
      expect((await program.conditions()).join()).toContain('The clock of this machine is 60 s behind');
      expect(await entries(program)).toEqual([]);
    },
    LIMIT_MS,
  );

  test(
    'V12 symbol in maintenance: it is only closed out, and the others are traded',
    async () => {
      const program = await sandbox();
      strike(program, 'maintenance', { on: BTC });
      await program.start();
      await program.pass(5 * MINUTE_MS);
      expect((await program.conditions()).join()).toContain(`${BTC} is halted at binance`);
      expect(await untilEntering(program)).toEqual(['ETH/USDT']);
    },
    LIMIT_MS,
  );

  test(
    'unknown symbol: the others are traded',
    async () => {
      const program = await sandbox();
      await program.start({ symbols: [BTC, 'NOPE/USDT'] });
      await program.pass(5 * MINUTE_MS);
      expect((await program.conditions()).join()).toContain(
        'NOPE/USDT is delisted at binance: it is only closed out, or was never listed: check its name in the settings',
      );
      expect(await untilEntering(program)).toEqual([BTC]);
    },
    LIMIT_MS,
  );

  test(
    'V12 delisted symbol',
    async () => {
      const program = await sandbox();
      await program.start();
      strike(program, 'delisted', { on: BTC });
      await program.pass(6 * MINUTE_MS);
      expect((await program.conditions()).join()).toContain(`${BTC} is`);
      const before = (await entries(program)).filter(({ symbol }) => symbol === BTC).length;
      await program.pass(3 * MINUTE_MS);
      expect((await entries(program)).filter(({ symbol }) => symbol === BTC)).toHaveLength(before);
    },
    LIMIT_MS,
  );

  test(
    'foreign positions: the books do not begin before the trader has ended them',
    async () => {
      const program = await sandbox({ dialect: 'binance-usdm' });
      program.venue.futures.funds.of('trader').setMarginType('BTCUSDT', 'isolated');
      program.venue.hand().buy(PERPETUAL, '0.1');
      const line = await refusal(program.start({ capital: '1000' }));
      expect(line).toContain(
        `binanceusdm holds a position of ${PERPETUAL} that is not this program's: end it there`,
      );
      program.venue.hand().sell(PERPETUAL, '0.1', { reduceOnly: true });
      await program.start({ capital: '1000' });
      expect(await untilEntering(program)).not.toEqual([]);
      expect((await program.conditions()).join()).not.toContain('differs');
    },
    LIMIT_MS,
  );

  test(
    'balance too small: what the trader took out of what was allotted',
    async () => {
      const program = await sandbox();
      await program.start();
      program.venue.withdraw('USDT', '9500');
      await program.pass(2 * MINUTE_MS);
      const before = (await entries(program)).length;
      expect((await program.conditions()).join()).toMatch(
        /USDT: \S+ should be there, the venue has \S+\. Only/,
      );
      await program.pass(3 * MINUTE_MS);
      expect(await entries(program)).toHaveLength(before);
    },
    LIMIT_MS,
  );
});
