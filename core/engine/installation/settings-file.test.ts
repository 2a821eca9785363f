import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraderError } from '../../domain/index.ts';
import { loadSettings, settingsPath, settingsSource, writeSettings } from './settings-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-settings-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(content: unknown): string {
  const path = join(folder, 'settings.json');
  writeFileSync(path, JSON.stringify(content));
  return path;
}

function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (error instanceof TraderError) return error.lines;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('has a default for everything', () => {
    expect(loadSettings({ environment: {} })).toMatchObject({
      mode: 'demo',
      timeframe: '1h',
      capital: '10000',
    });
  });

  it('lets the environment win over the file and the command line over both', () => {
    const path = file({ timeframe: '5m', safety: { maxPositions: 2, stopAtr: 3 }, capital: '500' });
    const environment = { TRADEBOT_SETTING_SAFETY_MAXPOSITIONS: '3', TRADEBOT_SETTING_CAPITAL: '"700"' };
    const settings = loadSettings({
      file: path,
      environment,
      overrides: { timeframe: '15m', mode: undefined },
    });
    expect(settings).toMatchObject({
      mode: 'demo',
      timeframe: '15m',
      capital: '700',
      safety: { maxPositions: 3, stopAtr: 3, maxDrawdown: 0.1 },
    });
  });

  it('has the limits that the strategy needs where the trader has set none', () => {
    const limitsOf = (tree: object) => {
      const { safety } = loadSettings({ file: file(tree), environment: {} });
      return [
        safety.maxStrategyExposure,
        safety.maxGroupExposure,
        safety.maxOpenRisk,
        safety.maxSymbolExposure,
      ];
    };
    expect(limitsOf({ strategy: { id: 'rules' } })).toEqual([0.6, 0.6, 0.06, 0.3]);
    expect(limitsOf({ strategy: { id: 'trend' } })).toEqual([0.9, 0.9, 0.2, 0.3]);
    expect(limitsOf({ strategy: { id: 'trend' }, safety: { maxOpenRisk: 0.05 } })).toEqual([
      0.9, 0.9, 0.05, 0.3,
    ]);
  });

  it('reads lists and plain words from the environment', () => {
    const environment = {
      TRADEBOT_SETTING_SYMBOLS: '["ETH/USDT"]',
      TRADEBOT_SETTING_TIMEFRAME: '4h',
      OTHER: 'x',
    };
    expect(loadSettings({ environment })).toMatchObject({ symbols: ['ETH/USDT'], timeframe: '4h' });
  });

  it('lists the faults of all sources at once', () => {
    const path = file({ moode: 'demo', safety: { maxPositions: -1 } });
    const environment = { TRADEBOT_SETTING_NONSENSE: '1' };
    const faults = faultsOf(() => loadSettings({ file: path, environment }));
    expect(faults).toHaveLength(3);
    expect(faults.join('\n')).toMatch(
      /TRADEBOT_SETTING_NONSENSE[\s\S]*settings\.safety\.maxPositions|settings\.moode/,
    );
  });

  it.each([
    ['a byte order mark', Buffer.from('\u{feff}{"mode":"paper"}\r\n')],
    ['UTF-16, as PowerShell 5.1 writes it', Buffer.from('\u{feff}{"mode":"paper"}\r\n', 'utf16le')],
  ])('reads and writes a file that was kept with %s', (_, bytes) => {
    const path = file({});
    writeFileSync(path, bytes);
    expect(loadSettings({ file: path, environment: {} }).mode).toBe('paper');
    writeSettings(path, { timeframe: '1h' });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ mode: 'paper', timeframe: '1h' });
  });

  it('says what is wrong with a file that cannot be read', () => {
    expect(faultsOf(() => loadSettings({ file: folder, environment: {} }))[0]).toContain('is a folder');
    expect(faultsOf(() => loadSettings({ file: `${folder}/none`, environment: {} }))[0]).toContain(
      'does not exist',
    );
  });
});

describe('writeSettings', () => {
  const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
  const endpoint = { rest: 'http://127.0.0.1:8300' };

  it('puts values in and leaves the others', () => {
    const path = file({ capital: '500', exchange: { id: 'kraken', endpoint, capitalShare: 0.5 } });
    writeSettings(path, { mode: 'paper', exchange: { id: 'binance', endpoint: null } });
    expect(read(path)).toEqual({
      capital: '500',
      mode: 'paper',
      exchange: { id: 'binance', endpoint: null, capitalShare: 0.5 },
    });
  });

  it('is taken back by what it returns, also where there was no file', () => {
    const path = file({ mode: 'demo' });
    writeSettings(path, { mode: 'paper' })();
    expect(read(path)).toEqual({ mode: 'demo' });
    const fresh = settingsPath(folder, join(folder, 'other.json'));
    const undo = writeSettings(fresh, { mode: 'paper' });
    expect(read(fresh)).toEqual({ mode: 'paper' });
    undo();
    expect(existsSync(fresh)).toBe(false);
  });

  it('says so when the file cannot be written', () => {
    const path = join(folder, 'no', 'such', 'folder.json');
    expect(faultsOf(() => writeSettings(path, {}))[0]).toContain('cannot be written');
    const fresh = join(folder, 'fresh.json');
    const undo = writeSettings(fresh, { mode: 'paper' });
    rmSync(fresh);
    mkdirSync(fresh);
    expect(faultsOf(undo)[0]).toContain('cannot be written');
  });
});

describe('the settings file of a data directory', () => {
  it('is read once something was chosen, and a named one always', () => {
    expect(settingsSource(folder, undefined)).toEqual({});
    file({ mode: 'paper' });
    expect(settingsSource(folder, undefined)).toEqual({ file: join(folder, 'settings.json') });
    expect(settingsSource(folder, 'named.json')).toEqual({ file: 'named.json' });
  });
});
