import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TraderError } from '../../domain/index.ts';
import { loadSettings } from './settings-file.ts';

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

  it('says what is wrong with a file that cannot be read', () => {
    expect(faultsOf(() => loadSettings({ file: folder, environment: {} }))[0]).toContain('is a folder');
    expect(faultsOf(() => loadSettings({ file: `${folder}/none`, environment: {} }))[0]).toContain(
      'does not exist',
    );
  });
});
