import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { SYSTEM_CLOCK } from '../../core/engine/installation/system-timers.ts';
import { VenueClock } from '../venue/clock/venue-clock.ts';
import { testVenue } from '../venue/testing/with-venue.ts';
import { temporaryFolder, tradebotBeside } from './program.ts';

const MINUTE_MS = 60_000;
const BARS = 3_000;

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** A venue beside the program, in the program's own time, and the command that downloads from it. */
async function besideVenue() {
  const clock = new VenueClock(SYSTEM_CLOCK.now());
  const venue = await testVenue({ clock, historyBars: BARS });
  const pace = setInterval(() => clock.advanceTo(SYSTEM_CLOCK.now()), 100);
  onTestFinished(() => clearInterval(pace));
  const config = join(folder.path, 'settings.json');
  const exchange = { id: 'binance', endpoint: { rest: venue.restUrl, ws: venue.wsUrl } };
  writeFileSync(config, JSON.stringify({ exchange }));
  const day = (ago: number): string => new Date(clock.now() - ago * MINUTE_MS).toISOString();
  const download = (...more: readonly string[]) =>
    tradebotBeside(
      ...['--data-dir', folder.path, '--config', config, 'data', 'download', '--exchange', 'binance'],
      ...['--symbol', 'BTC/USDT', '--timeframe', '1m', ...more],
    );
  return { venue, day, download };
}

describe('tradebot data download', () => {
  test('brings history in pages, then only what is new, and tells how far it is on stderr', async () => {
    const { venue, day, download } = await besideVenue();
    const since = day(2_500);
    const first = await download('--since', since, '--json');
    expect(first.stderr).toMatch(/BTC\/USDT: \d+ of 2[45]\d\d bars/);
    const report = JSON.parse(first.stdout);
    expect(report).toMatchObject({
      exchange: 'binance',
      symbol: 'BTC/USDT',
      timeframe: '1m',
      missingBars: 0,
    });
    expect(report.bars).toBeGreaterThanOrEqual(2_498);
    expect(report.to).toBeLessThanOrEqual(venue.now() - MINUTE_MS);
    expect(first.exitCode).toBe(0);
    const asked = venue.requests.length;
    const again = JSON.parse((await download('--since', since, '--json')).stdout);
    expect(again.downloaded).toBeLessThanOrEqual(1);
    expect(venue.requests.length - asked).toBeLessThan(asked);
  });

  test('comes through cut answers, a failing gateway and a rate limit with every bar', async () => {
    const { venue, day, download } = await besideVenue();
    venue.faults.raise({ name: 'cut-json', times: 1, on: '/klines' });
    venue.faults.raise({ name: 'bad-gateway', times: 1, on: '/klines' });
    venue.faults.raise({ name: 'too-many-requests', times: 1, on: '/klines', ms: 1_000 });
    const { stdout, stderr, exitCode } = await download('--since', day(2_500), '--json');
    expect(stderr.match(/trying again/g)).toHaveLength(3);
    expect(JSON.parse(stdout)).toMatchObject({ missingBars: 0 });
    expect(JSON.parse(stdout).bars).toBeGreaterThanOrEqual(2_498);
    expect(exitCode).toBe(0);
  });

  test.each([
    ['an exchange that there is not', ['--exchange', 'nowhere'], '--exchange nowhere: ccxt does not know it'],
    [
      'a symbol that it does not list',
      ['--symbol', 'NONE/USDT'],
      '--symbol NONE/USDT: Binance does not list it',
    ],
    ['a symbol that is none', ['--symbol', 'BTC'], '--symbol BTC: must look like BTC/USDT'],
    ['a timeframe that is none', ['--timeframe', '7m'], '--timeframe 7m: choose one of 1m'],
    ['a day that is none', ['--since', '2025-02-31'], '--since 2025-02-31: give a date'],
    ['an end before the beginning', ['--until', '2020-01-01'], '--until 2020-01-01: it is not after --since'],
  ])('refuses %s in a line', async (_, flags, words) => {
    const { download } = await besideVenue();
    const { stderr, stdout, exitCode } = await download('--since', '2025-01-01', ...flags);
    expect(stderr.trim().split('\n').at(-1)).toContain(`error: ${words}`);
    expect(stderr).not.toContain('    at ');
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
