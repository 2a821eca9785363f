import { describe, expect, onTestFinished, test } from 'vitest';
import { startVenue, type VenueOptions } from '../../../tests/venue/index.ts';
import type { VenueCheck, VenueChoice } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { checkVenue } from './venue-check.ts';

interface Checking {
  readonly mode?: 'paper' | 'sandbox';
  readonly venue?: VenueOptions;
  readonly choice?: Partial<VenueChoice>;
  readonly keys?: { readonly apiKey?: string; readonly secret?: string };
  /** How far our clock is ahead. */
  readonly aheadMs?: number;
  readonly booksFault?: string;
}

async function check({ mode = 'sandbox', venue: given, choice, keys, aheadMs = 0, booksFault }: Checking) {
  const venue = await startVenue({ symbols: ['BTC/USDT'], historyBars: 20, ...given });
  onTestFinished(() => venue.close());
  const held: Record<string, string | undefined> = { apiKey: venue.apiKey, secret: venue.secret, ...keys };
  const checked = await checkVenue({
    choice: {
      ...{ exchange: 'binance', symbols: ['BTC/USDT'], timeframe: '1m', proxy: null },
      endpoint: { rest: venue.restUrl, ws: venue.wsUrl },
      ...choice,
    },
    mode,
    secrets: { read: (name) => held[name.split('.').at(-1) ?? ''], sourceOf: () => undefined },
    clock: { now: () => venue.now() + aheadMs },
    timers: SYSTEM_TIMERS,
    log: SILENT_LOGGER,
    booksFault: () => booksFault ?? null,
  });
  return { venue, ...checked };
}

const statesOf = ({ steps }: Pick<VenueCheck, 'steps'>) => steps.map(({ step, state }) => `${step} ${state}`);
const told = ({ steps }: Pick<VenueCheck, 'steps'>, step: string) =>
  steps.find((each) => each.step === step)?.message;

const PUBLIC = ['line good', 'clock good', 'symbols good', 'candles good', 'fees good'];

describe('a venue is asked step by step', () => {
  test('with keys, and all is well', async () => {
    const checked = await check({});
    expect(statesOf(checked)).toEqual([...PUBLIC, 'keys good', 'rights good', 'account good']);
    expect(checked.ready).toBe(true);
    expect(told(checked, 'account')).toBe('10000.00 USDT are free there');
    expect(checked.venue.orders()).toEqual([]);
  });

  test('and not ready where the books are of another account, which a start would run into', async () => {
    const checked = await check({ booksFault: 'sandbox.sqlite holds the books of another' });
    expect(checked.steps[0]).toEqual({
      step: 'books',
      state: 'failed',
      message: 'sandbox.sqlite holds the books of another',
    });
    expect(checked.ready).toBe(false);
  });

  test('on paper, without any', async () => {
    const checked = await check({ mode: 'paper', keys: { apiKey: undefined, secret: undefined } as never });
    expect(statesOf(checked)).toEqual([...PUBLIC, 'keys skipped']);
    expect(checked.ready).toBe(true);
  });

  test('perpetuals, whose account is asked for its mode as well', async () => {
    const checked = await check({
      venue: { dialect: 'binance-usdm' },
      choice: { exchange: 'binanceusdm', symbols: ['BTC/USDT:USDT'] },
    });
    expect(statesOf(checked)).toEqual([...PUBLIC, 'keys good', 'rights good', 'account good']);
  });
});

describe('what is wrong is said with what to do, and nothing after it is made up', () => {
  test('nobody at the address', async () => {
    const checked = await check({ choice: { endpoint: { rest: 'http://127.0.0.1:9' } } });
    expect(statesOf(checked)).toEqual(['line failed']);
    expect(checked.ready).toBe(false);
    expect(told(checked, 'line')).toContain('nobody answers as binance does');
  });

  test('a venue to which no order can go', async () => {
    const checked = await check({ choice: { exchange: 'paymium' } });
    expect(statesOf(checked)).toEqual(['line failed']);
    expect(told(checked, 'line')).toContain('Trade it on paper');
  });

  test('no key', async () => {
    const checked = await check({ keys: { secret: undefined } as never });
    expect(statesOf(checked)).toEqual([...PUBLIC, 'keys failed']);
    expect(checked.ready).toBe(false);
  });

  test('a wrong secret, which is not repeated', async () => {
    const checked = await check({ keys: { secret: 'guessed-secret' } });
    expect(statesOf(checked).at(-1)).toBe('keys failed');
    expect(told(checked, 'keys')).toContain('binance does not take the key');
    expect(JSON.stringify(checked.steps)).not.toContain('guessed-secret');
  });

  test('keys that may withdraw', async () => {
    const checked = await check({ venue: { accounts: [{ withdrawals: true }] } });
    expect(told(checked, 'rights')).toContain('take that right away');
  });

  test('a clock that is wrong by a minute does not keep the keys from being tried', async () => {
    const checked = await check({ aheadMs: 60_000 });
    expect(told(checked, 'clock')).toContain('60.0 s ahead of');
    expect(statesOf(checked)).toContain('keys good');
  });

  test('a symbol that is not there', async () => {
    const checked = await check({ mode: 'paper', choice: { symbols: ['BTC/EUR'] } });
    expect(told(checked, 'symbols')).toBe('BTC/EUR cannot be traded there: choose BTC/USDT');
    expect(statesOf(checked)).toContain('candles skipped');
    expect(checked.ready).toBe(false);
  });
});
