import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder, tradebot } from './program.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  folder.remove();
});

describe('tradebot venues', () => {
  it('says what an exchange can do here, which keys it needs, and the settings to paste', () => {
    const { stdout, exitCode } = tradebot('venues', 'binance');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('takes our orders   yes: proven against its dialect here');
    expect(stdout).toContain('tradebot keys set exchange.binance.apiKey');
    const settings = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown;
    expect(settings).toEqual({ mode: 'sandbox', symbols: ['BTC/USDT'], exchange: { id: 'binance' } });
  });

  it('lists every exchange, those that take our orders first', () => {
    const { stdout } = tradebot('venues', '--json');
    const venues = JSON.parse(stdout) as readonly {
      readonly id: string;
      readonly isTraded: boolean;
      readonly isProven: boolean;
    }[];
    expect(venues.length).toBeGreaterThan(90);
    expect(venues.slice(0, 4).map(({ id, isTraded, isProven }) => [id, isTraded, isProven])).toEqual([
      ['binance', true, true],
      ['binanceusdm', true, true],
      ['bybit', true, true],
      [expect.any(String), true, false],
    ]);
    expect(venues.at(-1)).toMatchObject({ isTraded: false, isProven: false });
  });

  it('says of one that was not tried what that means, and which keys it needs', () => {
    const { stdout } = tradebot('venues', 'okx');
    expect(stdout).toContain(
      'takes our orders   yes: read from ccxt, not proven: try it in the sandbox first',
    );
    expect(stdout).toContain('tradebot keys set exchange.okx.password');
    expect(stdout).toContain('"unproven": true');
  });

  it('says of one that takes no orders why, and that paper works', () => {
    const { stdout } = tradebot('venues', 'hyperliquid');
    expect(stdout).toContain('takes our orders   no; it can be traded on paper');
    expect(stdout).toContain('Hyperliquid takes order ids of a form of its own');
    expect(stdout).toContain('tradebot keys set exchange.hyperliquid.walletAddress');
  });

  it('answers for one that nobody knows with one line', () => {
    const { stderr, exitCode } = tradebot('venues', 'nowhere');
    expect([exitCode, stderr.trim()]).toEqual([
      2,
      'error: nowhere is no exchange that ccxt knows: see `tradebot venues`',
    ]);
  });
});

describe('a mode that trades at a venue', () => {
  it.each<[string, object, string]>([
    ['without keys', { symbols: ['BTC/USDT'] }, 'exchange.binance.apiKey is missing: `tradebot keys set'],
    [
      'with real money and without keys',
      { mode: 'live', symbols: ['BTC/USDT'] },
      'exchange.binance.apiKey is missing: `tradebot keys set',
    ],
    [
      'of a market that the exchange does not have',
      { symbols: ['BTC/USDT:USDT'] },
      'set exchange.id to binanceusdm',
    ],
    [
      'at an exchange that takes no orders',
      { symbols: ['BTC/EUR'], exchange: { id: 'paymium' } },
      'no order can go to paymium: Paymium tells no working orders',
    ],
    [
      'with real money at an exchange that was never tried',
      { mode: 'live', symbols: ['BTC/USDT'], exchange: { id: 'kraken' } },
      'exchange.unproven: orders to kraken are as ccxt says',
    ],
    [
      'with real money at an exchange that was never tried, as wanted, without keys',
      { mode: 'live', symbols: ['BTC/USDT'], exchange: { id: 'kraken', unproven: true } },
      'exchange.kraken.apiKey is missing',
    ],
    [
      'at an exchange that nobody knows',
      { symbols: ['BTC/USDT'], exchange: { id: 'nowhere' } },
      'ccxt knows no nowhere that can be traded',
    ],
    [
      'where there is no test network',
      { symbols: ['BTC/USDT:USDT'], exchange: { id: 'binanceusdm' } },
      'has no test network',
    ],
    [
      'at the exchange itself under the name of an endpoint',
      { exchange: { endpoint: { rest: 'https://api.binance.com' } } },
      'api.binance.com is Binance itself',
    ],
  ])('%s is refused with one line', (_name, settings, line) => {
    const file = join(folder.path, 'settings.json');
    writeFileSync(file, JSON.stringify({ mode: 'sandbox', ...settings }));
    const global = ['--data-dir', join(folder.path, 'data'), '--config', file];
    const { stderr, exitCode } = tradebot(...global, 'run', '--no-open', '--port', '0');
    const lines = stderr.trim().split('\n');
    expect([exitCode, lines.length]).toEqual([2, 1]);
    expect(lines[0]).toContain(line);
  });
});
