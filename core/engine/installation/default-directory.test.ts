import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataDirectory } from './default-directory.ts';

describe('the default data directory', () => {
  it.each([
    ['linux', {}, join('/home/ada', '.local', 'share', 'llm-tradebot')],
    ['linux', { XDG_DATA_HOME: '/data' }, join('/data', 'llm-tradebot')],
    ['freebsd', {}, join('/home/ada', '.local', 'share', 'llm-tradebot')],
    ['darwin', {}, join('/home/ada', 'Library', 'Application Support', 'LLM-TradeBot', 'data')],
    ['win32', {}, join('/home/ada', 'AppData', 'Roaming', 'LLM-TradeBot', 'data')],
    ['win32', { APPDATA: '/roaming' }, join('/roaming', 'LLM-TradeBot', 'data')],
  ] as const)('on %s with %o is %s', (platform, environment, directory) => {
    expect(defaultDataDirectory({ platform, environment, home: '/home/ada' })).toBe(directory);
  });
});
