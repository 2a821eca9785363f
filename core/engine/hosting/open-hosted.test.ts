import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StartupView, VenueChoice } from '../../contract/index.ts';
import { type HostingOptions, openHostedTradebot } from './open-hosted.ts';

const DEMO: VenueChoice = {
  exchange: 'binance',
  symbols: ['BTC/USDT'],
  timeframe: '1h',
  endpoint: null,
  proxy: null,
};
/** Nobody answers there. */
const NOWHERE = { rest: 'http://127.0.0.1:9' };

async function hosted(stored: object | null, options: Partial<HostingOptions> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'hosted-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'settings.json');
  if (stored !== null) writeFileSync(file, JSON.stringify(stored));
  const tradebot = await openHostedTradebot({
    ...{ environment: {}, keychain: null, dataDirectory: directory, host: 'headless', version: '0.0.0' },
    ...options,
  });
  onTestFinished(() => tradebot.stop());
  const startups: StartupView[] = [];
  tradebot.service.subscribe('startup', ({ content }) => startups.push(content as StartupView));
  return { tradebot, file, startups };
}

describe('the settings of a data directory', () => {
  it('are what it starts with', async () => {
    const { tradebot } = await hosted({ symbols: ['ETH/USDT'], timeframe: '4h' });
    const { mode, symbols, timeframe } = await tradebot.service.call('status.get', {});
    expect({ mode, symbols, timeframe }).toEqual({ mode: 'demo', symbols: ['ETH/USDT'], timeframe: '4h' });
  });

  it('of a sandbox whose keys are gone give way to the demo, which says why', async () => {
    const { tradebot, startups, file } = await hosted({ mode: 'sandbox', exchange: { endpoint: NOWHERE } });
    expect((await tradebot.service.call('status.get', {})).mode).toBe('demo');
    expect(startups[0]).toMatchObject({ mode: 'demo', failed: true });
    expect(startups[0]?.message).toContain('exchange.binance.apiKey is missing');
    // The choice stays the trader's.
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ mode: 'sandbox' });
  });

  it('in another currency than the demo’s are no reason that the demo cannot give way to', async () => {
    const { tradebot } = await hosted({
      ...{ mode: 'sandbox', symbols: ['BTC/EUR'] },
      exchange: { endpoint: NOWHERE },
    });
    const { mode, symbols } = await tradebot.service.call('status.get', {});
    expect({ mode, symbols }).toEqual({ mode: 'demo', symbols: ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] });
  });

  it.each<[string, Partial<HostingOptions>]>([
    ['the command line', { overrides: { mode: 'sandbox' } }],
    ['the environment', { environment: { TRADEBOT_SETTING_MODE: 'sandbox' } }],
  ])('a mode that %s asked for does not give way', async (_name, options) => {
    await expect(hosted({ exchange: { endpoint: NOWHERE } }, options)).rejects.toThrow('is missing');
  });
});

describe('a choice', () => {
  it('goes before what the command line said, and is written down', async () => {
    const { tradebot, file, startups } = await hosted(null, { overrides: { symbols: ['SOL/USDT'] } });
    await tradebot.service.call('venues.start', { choice: DEMO, mode: 'demo', leavePositions: false });
    await expect.poll(() => startups.at(-1)?.run, { timeout: 20_000 }).toBe(2);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ mode: 'demo' });
    const { symbols } = await tradebot.service.call('status.get', {});
    expect(symbols).toEqual(['BTC/USDT', 'ETH/USDT', 'SOL/USDT']);
  });

  it.each([
    [['BTC/EUR'], { mode: 'demo' }, ['BTC/USDT', 'ETH/USDT', 'SOL/USDT']],
    [['ETH/USDT'], { mode: 'demo', symbols: ['ETH/USDT'] }, ['ETH/USDT']],
  ])('of the demo leaves symbols that its books cannot count: after %j', async (before, stored, traded) => {
    const { tradebot, file, startups } = await hosted({ mode: 'demo', symbols: before });
    await tradebot.service.call('venues.start', { choice: DEMO, mode: 'demo', leavePositions: false });
    await expect.poll(() => startups.at(-1)?.run, { timeout: 20_000 }).toBe(2);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stored);
    expect((await tradebot.service.call('status.get', {})).symbols).toEqual(traded);
  });

  it('against the environment is refused with its names, and nothing is written', async () => {
    const environment = { TRADEBOT_SETTING_TIMEFRAME: '4h' };
    const { tradebot, file } = await hosted({ capital: '500' }, { environment });
    const start = tradebot.service.call('venues.start', {
      choice: DEMO,
      mode: 'paper',
      leavePositions: false,
    });
    await expect(start).rejects.toThrow('TRADEBOT_SETTING_TIMEFRAME in the environment');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ capital: '500' });
    expect((await tradebot.service.call('status.get', {})).mode).toBe('demo');
  });
});
