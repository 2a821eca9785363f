import { describe, expect, it, test } from 'vitest';
import { dataDirectoryIn, folderConcerns, folderIn, pageFolder, runtimeFolders } from './folders.ts';

const none = (): boolean => false;

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
    ['darwin', { TRADEBOT_DATA_DIR: '/bot' }, '/bot'],
    ['win32', {}, String.raw`\home\ada\AppData\Local\LLM-TradeBot\data`],
    ['win32', { LOCALAPPDATA: '', APPDATA: '' }, String.raw`\home\ada\AppData\Local\LLM-TradeBot\data`],
    ['win32', { LOCALAPPDATA: String.raw`D:\local` }, String.raw`D:\local\LLM-TradeBot\data`],
    ['win32', { LOCALAPPDATA: 'D:local' }, String.raw`\home\ada\AppData\Local\LLM-TradeBot\data`],
    ['win32', { LOCALAPPDATA: String.raw`\local` }, String.raw`\home\ada\AppData\Local\LLM-TradeBot\data`],
    ['win32', { LOCALAPPDATA: String.raw`\\box\ada` }, String.raw`\\box\ada\LLM-TradeBot\data`],
    ['win32', { TRADEBOT_DATA_DIR: String.raw`D:\my bot` }, String.raw`D:\my bot`],
  ] as const)('on %s with %o is %s', (platform, environment, directory) => {
    expect(dataDirectoryIn({ platform, environment, home: '/home/ada' }, none)).toBe(directory);
  });

  const windows = { platform: 'win32', home: String.raw`C:\Users\ada` } as const;
  const roaming = String.raw`C:\Users\ada\AppData\Roaming\LLM-TradeBot\data`;
  const local = String.raw`C:\Users\ada\AppData\Local\LLM-TradeBot\data`;
  it.each([
    [[roaming], {}, roaming],
    [[roaming], { APPDATA: '' }, roaming],
    [[roaming, local], {}, local],
    [[local], {}, local],
    [
      [String.raw`R:\ada\LLM-TradeBot\data`],
      { APPDATA: String.raw`R:\ada` },
      String.raw`R:\ada\LLM-TradeBot\data`,
    ],
  ] as const)('where %j is there already under Windows, with %o, is %s', (there, environment, directory) => {
    const isThere = (folder: string): boolean => there.some((each) => each === folder);
    expect(dataDirectoryIn({ ...windows, environment }, isThere)).toBe(directory);
  });
});

describe('the folder of running programs', () => {
  it.each([
    ['linux', { XDG_RUNTIME_DIR: '/run/user/7' }, ['/run/user/7/llm-tradebot', '/tmp/llm-tradebot-7']],
    [
      'linux',
      { XDG_RUNTIME_DIR: '/run/mine' },
      ['/run/mine/llm-tradebot', '/run/user/7/llm-tradebot', '/tmp/llm-tradebot-7'],
    ],
    ['linux', {}, ['/tmp/llm-tradebot-7', '/run/user/7/llm-tradebot']],
    ['darwin', { XDG_RUNTIME_DIR: '' }, ['/tmp/llm-tradebot-7']],
    ['darwin', { XDG_RUNTIME_DIR: 'run' }, ['/tmp/llm-tradebot-7']],
    ['darwin', { TRADEBOT_RUNTIME_DIR: 'mine' }, ['/tmp/llm-tradebot-7']],
    ['win32', { LOCALAPPDATA: String.raw`C:\local` }, [String.raw`C:\local\LLM-TradeBot\running`]],
    ['win32', { LOCALAPPDATA: '' }, [String.raw`\home\ada\AppData\Local\LLM-TradeBot\running`]],
    ['linux', { TRADEBOT_RUNTIME_DIR: '/mine', XDG_RUNTIME_DIR: '/run/user/7' }, ['/mine']],
  ] as const)('on %s with %o is the first of %j', (platform, environment, expected) => {
    const machine = { platform, environment, home: '/home/ada', temporary: '/tmp', userId: 7 };
    expect(runtimeFolders(machine)).toEqual(expected);
  });

  it('has a name of its own also where users have no number', () => {
    const machine = { platform: 'linux', environment: {}, home: '/home/ada', temporary: '/tmp' } as const;
    expect(runtimeFolders({ ...machine, userId: undefined })).toEqual(['/tmp/llm-tradebot-user']);
  });
});

test.each([
  ['linux', '/bot', '/bot'],
  ['linux', 'bot', undefined],
  ['linux', '', undefined],
  ['linux', undefined, undefined],
  ['darwin', String.raw`C:\bot`, undefined],
  ['win32', String.raw`C:\bot`, String.raw`C:\bot`],
  ['win32', 'C:bot', undefined],
  ['win32', String.raw`\\server\share`, String.raw`\\server\share`],
] as const)('on %s a variable with %j names the folder %j', (platform, value, folder) => {
  expect(folderIn({ platform, environment: { FOLDER: value } }, 'FOLDER')).toBe(folder);
});

describe('a data folder', () => {
  it.each([
    ['win32', String.raw`C:\Users\ada\OneDrive\bot`, {}, ['OneDrive']],
    ['win32', String.raw`C:\Users\ada\OneDrive - Example Ltd\bot`, {}, ['OneDrive']],
    ['win32', String.raw`D:\cloud\bot`, { OneDrive: String.raw`D:\Cloud` }, ['OneDrive', 'other users']],
    ['win32', String.raw`D:\clouds\bot`, { OneDrive: String.raw`D:\Cloud` }, ['other users']],
    ['win32', String.raw`C:\Users\ada\iCloudDrive\bot`, {}, ['iCloud']],
    ['darwin', '/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/bot', {}, ['iCloud']],
    ['darwin', '/Users/ada/Dropbox/bot', {}, ['Dropbox']],
    ['linux', '/home/ada/Dropbox (Personal)', {}, ['Dropbox']],
    ['darwin', '/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.com/bot', {}, ['Google Drive']],
    ['darwin', '/Users/ada/Library/CloudStorage/Box/bot', {}, ['a cloud provider']],
    ['linux', '/home/ada/dropboxes/bot', {}, []],
    ['darwin', '/Users/ada/Library/Application Support/LLM-TradeBot/data', {}, []],
    ['win32', String.raw`\\server\share\bot`, {}, ['network']],
    ['win32', '//server/share/bot', {}, ['network']],
    ['win32', String.raw`\\?\UNC\server\share\bot`, {}, ['network']],
    ['win32', String.raw`\\?\C:\bot`, {}, ['other users']],
    ['win32', String.raw`C:\Users\Adam\bot`, {}, ['other users']],
    ['win32', 'C:/Users/ada/bot', {}, []],
    ['win32', String.raw`C:\Users\ada\AppData\Local\LLM-TradeBot\data`, {}, []],
    ['win32', `C:\\Users\\Ada\\${'long'.repeat(60)}`, {}, ['too long for Windows']],
    ['linux', `/${'long'.repeat(60)}`, {}, []],
  ] as const)('on %s at %s with %o is warned of %j', (platform, folder, environment, expected) => {
    const home = String.raw`C:\Users\Ada`;
    const concerns = folderConcerns({ platform, environment, home }, folder);
    expect(concerns).toHaveLength(expected.length);
    for (const [index, words] of expected.entries()) expect(concerns[index]).toContain(words);
    for (const concern of concerns) expect(concern).toContain('--data-dir');
  });
});

test.each([
  ['linux', ['/home/ada/snap/firefox/common'], '/home/ada/snap/firefox/common'],
  ['linux', ['/home/ada/snap/chromium/common'], '/home/ada/snap/chromium/common'],
  ['linux', [], '/data'],
  ['darwin', ['/home/ada/snap/firefox/common'], '/data'],
  ['win32', [], '/data'],
] as const)('on %s with %j a page for the browser lies in %s', (platform, there, folder) => {
  const isThere = (each: string): boolean => there.some((one) => one === each);
  expect(pageFolder({ platform, home: '/home/ada' }, isThere, '/data')).toBe(folder);
});
