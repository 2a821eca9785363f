import { describe, expect, it } from 'vitest';
import { dataDirectoryIn } from './default-directory.ts';

describe('the default data directory', () => {
  it.each([
    ['linux', {}, '/home/ada/.local/share/llm-tradebot'],
    ['linux', { XDG_DATA_HOME: '/data' }, '/data/llm-tradebot'],
    ['linux', { XDG_DATA_HOME: '' }, '/home/ada/.local/share/llm-tradebot'],
    ['linux', { XDG_DATA_HOME: 'data' }, '/home/ada/.local/share/llm-tradebot'],
    ['linux', { TRADEBOT_DATA_DIR: '/bot', XDG_DATA_HOME: '/data' }, '/bot'],
    ['linux', { TRADEBOT_DATA_DIR: './bot', XDG_DATA_HOME: '/data' }, '/data/llm-tradebot'],
    ['freebsd', { TRADEBOT_DATA_DIR: '' }, '/home/ada/.local/share/llm-tradebot'],
    ['darwin', {}, '/home/ada/Library/Application Support/LLM-TradeBot/data'],
    ['win32', {}, String.raw`\home\ada\AppData\Roaming\LLM-TradeBot\data`],
    ['win32', { APPDATA: '' }, String.raw`\home\ada\AppData\Roaming\LLM-TradeBot\data`],
    ['win32', { APPDATA: String.raw`D:\roaming` }, String.raw`D:\roaming\LLM-TradeBot\data`],
    ['win32', { APPDATA: 'D:roaming' }, String.raw`\home\ada\AppData\Roaming\LLM-TradeBot\data`],
  ] as const)('on %s with %o is %s', (platform, environment, directory) => {
    expect(dataDirectoryIn({ platform, environment, home: '/home/ada' })).toBe(directory);
  });
});
