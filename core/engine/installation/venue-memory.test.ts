import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { type Logger, SILENT_LOGGER } from '../../domain/index.ts';
import { PLATFORM } from '../../platform/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { rememberedModes, rememberedVenue, rememberVenue } from './venue-memory.ts';

const { folder } = temporaryDatabases();
const settings = SettingsSchema.parse({
  mode: 'live',
  symbols: ['BTC/USDT:USDT'],
  exchange: { id: 'binanceusdm', endpoint: { rest: 'http://127.0.0.1:1' } },
});
const RUN = { settings, symbols: ['BTC/USDT:USDT', 'ETH/USDT:USDT'], orderIdPrefix: 'labc' };

describe('where a mode trades', () => {
  it('is noted for its user alone, without a half of it, and read again', () => {
    const directory = folder();
    rememberVenue(directory, RUN, SILENT_LOGGER);
    expect(readdirSync(directory)).toEqual(['venue-live.json']);
    if (PLATFORM !== 'win32') expect(statSync(join(directory, 'venue-live.json')).mode & 0o777).toBe(0o600);
    const memory = rememberedVenue(directory, 'live');
    expect(memory?.orderIdPrefix).toBe('labc');
    expect(memory?.settings).toMatchObject({ ...settings, symbols: RUN.symbols });
    expect(rememberedModes(directory)).toEqual(['live']);
    expect(readFileSync(join(directory, 'venue-live.json'), 'utf8')).not.toMatch(/apiKey|secret/);
  });

  it('is not known of another mode, of no directory, and from a file that cannot be used', () => {
    const directory = folder();
    expect(rememberedVenue(directory, 'live')).toBeUndefined();
    expect(rememberedModes(join(directory, 'none'))).toEqual([]);
    for (const text of ['', '{}', JSON.stringify({ version: 2, ...RUN })]) {
      writeFileSync(join(directory, 'venue-live.json'), text);
      expect(rememberedVenue(directory, 'live')).toBeUndefined();
    }
    writeFileSync(join(directory, 'venue-other.json'), '{}');
    expect(rememberedModes(directory)).toEqual(['live']);
  });

  it('that cannot be noted keeps nobody from trading', () => {
    const said: string[] = [];
    const log: Logger = {
      ...SILENT_LOGGER,
      warn: (_facts: unknown, message?: string) => said.push(`${message}`),
    };
    rememberVenue(join(folder(), 'none'), RUN, log);
    expect(said).toEqual([expect.stringContaining('cannot be written')]);
  });
});
