import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StartupView, VenueChoice } from '../../contract/index.ts';
import { clientOrderId, SILENT_LOGGER } from '../../domain/index.ts';
import { StrategyLadder } from '../../safety/index.ts';
import { openStores } from '../installation/stores.ts';
import { MACHINE_CLOCK } from '../installation/system-timers.ts';
import { EntryTheses } from '../loop/entry-theses.ts';
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

function dataDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'hosted-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function hosted(
  stored: object | null,
  options: Partial<HostingOptions> = {},
  directory = dataDirectory(),
) {
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

describe('a strategy of the trader’s own whose file was deleted', () => {
  const settings = { strategy: { id: 'mine' } };

  /** The books of a program that has bought something. */
  function holding(): string {
    const directory = dataDirectory();
    const stores = openStores(directory, 'demo');
    new EntryTheses({ state: stores.state, clock: MACHINE_CLOCK, strategyId: 'mine' }).remember({
      ...{ symbol: 'BTC/USDT', entryOrderId: clientOrderId('first'), strategyId: 'mine' },
      ...{ thesis: 'it rises', invalidation: 'it falls', horizonBars: 24, barOpenTime: 1_000 },
      ...{ decisionId: 'first', stopPrice: '95', stopShare: null },
    });
    stores.close();
    return directory;
  }

  it('does not keep the program from guarding what is held: it says what is missing, and buys nothing', async () => {
    const lines: string[] = [];
    const onProgress = (line: string) => lines.push(line);
    const { tradebot } = await hosted(settings, { onProgress }, holding());
    const { conditions } = await tradebot.service.call('status.get', {});
    const told =
      /mine\.ts is not there: put it back or right, or choose another strategy .* nothing is bought/i;
    expect(conditions.find(({ id }) => id === 'strategy')).toMatchObject({
      severity: 'critical',
      message: expect.stringMatching(told) as string,
    });
    expect(lines.join('\n')).toMatch(told);
  });

  it('refuses the start where nothing is held, with those that there are', async () => {
    await expect(hosted(settings)).rejects.toThrow('there is no strategy mine: choose one of trend');
  });

  it('leaves a rival in the arena, with the reason', async () => {
    const { tradebot } = await hosted({ arena: { rivals: { other: { strategy: 'mine' } } } });
    const rivals = await tradebot.service.call('arena.get', {});
    expect(rivals.find(({ name }) => name === 'other')?.problem).toMatch(/mine\.ts is not there/);
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

describe('a limit that is changed', () => {
  it('is in the settings file, with everything else as it was, and holds at once', async () => {
    const stored = { timeframe: '4h', safety: { stopAtr: 3, maxPositions: 4 } };
    const { tradebot, file } = await hosted(stored);
    const { service } = tradebot;
    const view = await service.call('limits.change', { name: 'maxPositions', value: 2, loosen: false });
    expect(view.limits.find(({ setting }) => setting === 'maxPositions')?.limit).toBe(2);
    expect((await service.call('settings.get', {})).safety).toMatchObject({ stopAtr: 3, maxPositions: 2 });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      timeframe: '4h',
      safety: { stopAtr: 3, maxPositions: 2 },
    });
  });

  it('makes a settings file where there was none', async () => {
    const { tradebot, file } = await hosted(null);
    await tradebot.service.call('limits.change', { name: 'profitLock', value: 0.02, loosen: false });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ safety: { profitLock: 0.02 } });
  });

  it('is refused where the environment goes before the file, and nothing has changed', async () => {
    const environment = { TRADEBOT_SETTING_SAFETY_MAXPOSITIONS: '4' };
    const { tradebot, file } = await hosted({ timeframe: '4h' }, { environment });
    const { service } = tradebot;
    await expect(
      service.call('limits.change', { name: 'maxPositions', value: 2, loosen: false }),
    ).rejects.toThrow('TRADEBOT_SETTING_SAFETY_MAXPOSITIONS');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ timeframe: '4h' });
    expect((await service.call('settings.get', {})).safety.maxPositions).toBe(4);
    expect(await service.call('limits.history', {})).toEqual([]);
  });

  it('is told with old and new, who and from where, in the history and as an alert', async () => {
    const { tradebot } = await hosted(null);
    const { service } = tradebot;
    const change = { name: 'maxDrawdown', value: 0.2, from: 'button' } as const;
    await expect(service.call('limits.change', { ...change, loosen: false })).rejects.toMatchObject({
      code: 'CONFIRMATION_REQUIRED',
      message:
        'Drawdown from 10 % to 20 % lets more happen: entries go on until the equity is 20 % below its peak',
    });
    expect(await service.call('limits.history', {})).toEqual([]);
    await service.call('limits.change', { ...change, loosen: true });
    const told = { by: 'the trader', from: 'button', what: 'Drawdown', before: '10 %', after: '20 %' };
    expect(await service.call('limits.history', {})).toMatchObject([{ ...told, effect: 'loosens' }]);
    const alerts: unknown[] = [];
    service.subscribe('alerts', ({ content }) => alerts.push(content));
    expect(alerts).toMatchObject([
      [
        {
          severity: 'warning',
          title: 'A limit was loosened',
          message: 'Drawdown: 10 % before, 20 % from now on, by the trader from the window',
        },
      ],
    ]);
  });

  it('of a symbol’s lock is told as well, and a lock that ends earlier loosens', async () => {
    const { tradebot } = await hosted(null);
    const { service } = tradebot;
    const { marketTime } = await service.call('status.get', {});
    const lock = { symbol: 'BTC/USDT', reason: 'news', from: 'button' } as const;
    await service.call('symbols.lock', { ...lock, until: marketTime + 7_200_000 });
    await service.call('symbols.lock', { ...lock, until: marketTime + 3_600_000 });
    await service.call('symbols.unlock', { symbol: 'BTC/USDT', from: 'button' });
    const history = await service.call('limits.history', {});
    expect(history.map(({ what, effect }) => `${what} ${effect}`)).toEqual([
      'BTC/USDT loosens',
      'BTC/USDT loosens',
      'BTC/USDT tightens',
    ]);
    expect([history[0]?.after, history[2]?.before]).toEqual(['not locked', 'not locked']);
    expect(history[1]?.before).toContain('news');
  });
});

describe('a drill of the emergency procedure', () => {
  it('ends flat at a venue of its own, and the account goes on as it was', { timeout: 30_000 }, async () => {
    const { tradebot } = await hosted(null);
    const { service } = tradebot;
    const before = await service.call('portfolio.get', {});
    const drill = service.call('safety.drill', {});
    await expect(service.call('safety.drill', {})).rejects.toThrow('a drill runs already');
    const { flat, steps } = await drill;
    expect(flat).toBe(true);
    expect(steps.filter(({ step }) => step.endsWith('limit CANCELED'))).toHaveLength(20);
    expect(steps.filter(({ step }) => step.endsWith('market FILLED'))).toHaveLength(5);
    expect(await service.call('portfolio.get', {})).toEqual(before);
    expect(await service.call('killSwitch.history', {})).toEqual([]);
    await service.call('killSwitch.activate', { reason: 'now' });
    await expect(service.call('safety.drill', {})).rejects.toThrow('this is no drill');
  });
});

describe('how far a strategy was taken', () => {
  it('is told of the one in use and of any other, as the file of the ladder has it now', async () => {
    const { tradebot, file } = await hosted(null);
    const { service } = tradebot;
    expect(await service.call('ladder.get', {})).toMatchObject({
      ...{ strategy: 'trend', rung: 'backtest', next: 'paper' },
      missing: ['a backtest of 365 days or more whose audit passes: none yet, see tradebot backtest'],
    });
    const ladder = new StrategyLadder({ directory: dirname(file), log: SILENT_LOGGER });
    ladder.noteAudit(
      { strategy: 'rules', version: null },
      { at: 1, passed: true, days: 400, resultHash: 'abc' },
    );
    ladder.noteRung({ strategy: 'rules', version: null }, 'paper', 2);
    expect(await service.call('ladder.get', { strategy: 'rules' })).toMatchObject({
      ...{ strategy: 'rules', rung: 'paper', since: 2, next: 'small-live' },
      missing: ['28 days and 10 finished trades of paper trading: 0 days and 0 trades'],
    });
    await expect(service.call('ladder.get', { strategy: 'nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('there is no strategy nobody: choose one of trend') as string,
    });
  });

  it('is not told while the books of paper trading cannot be read, in one line', async () => {
    const { tradebot, file } = await hosted(null);
    writeFileSync(join(dirname(file), 'paper.sqlite'), 'no database at all, but long enough to be looked at');
    await expect(tradebot.service.call('ladder.get', {})).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message: expect.stringContaining('paper.sqlite is damaged or not a database') as string,
    });
  });
});
