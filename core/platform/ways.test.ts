import { describe, expect, test } from 'vitest';
import {
  browserOpener,
  emergencyShortcut,
  isProcess,
  refusedPortAdvice,
  shortcutWords,
  stopSignals,
  typedShortcut,
  windowObstacle,
} from './ways.ts';

test.each([
  ['linux', {}, 1000, 'there is no display'],
  ['linux', { DISPLAY: '' }, 1000, 'there is no display'],
  ['linux', { DISPLAY: ':0' }, 1000, undefined],
  ['linux', { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }, 1000, undefined],
  ['linux', { DISPLAY: ':0' }, 0, 'the desktop application does not run as root'],
  ['darwin', {}, 501, undefined],
  ['win32', {}, undefined, undefined],
] as const)('on %s with %o as user %s a window has the obstacle %j', (platform, environment, userId, why) => {
  expect(windowObstacle({ platform, environment, userId })).toBe(why);
});

describe('the browser', () => {
  test.each([
    ['darwin', {}, ['/usr/bin/open', '/a b/page.html']],
    ['win32', {}, ['rundll32.exe', 'url.dll,FileProtocolHandler', '/a b/page.html']],
    ['linux', { DISPLAY: ':0' }, ['xdg-open', '/a b/page.html']],
    ['linux', {}, null],
  ] as const)('on %s with %o is opened by %j', (platform, environment, expected) => {
    const opener = browserOpener({ platform, environment }, '/a b/page.html');
    expect(opener === null ? null : [opener.command, ...opener.args]).toEqual(expected);
  });

  test('gets no variable of the program, where keys may be', () => {
    const environment = {
      PATH: '/bin',
      TRADEBOT_SECRET_LLM_APIKEY: 'key',
      tradebot_setting_timescale_url: 'postgres://u:p@h/d',
    };
    expect(browserOpener({ platform: 'darwin', environment }, '/page')?.environment).toEqual({
      PATH: '/bin',
    });
  });
});

test.each([
  ['linux', ['SIGINT', 'SIGTERM', 'SIGHUP']],
  ['darwin', ['SIGINT', 'SIGTERM', 'SIGHUP']],
  ['win32', ['SIGINT', 'SIGBREAK', 'SIGHUP']],
] as const)('on %s a program is told to stop by %j', (platform, signals) => {
  expect(stopSignals(platform)).toEqual(signals);
});

test.each([
  [null, true],
  ['EPERM', true],
  ['ESRCH', false],
] as const)('a process that is asked for with the answer %s is there: %s', (code, expected) => {
  const asked: unknown[] = [];
  const signal = (pid: number, what: 0): void => {
    asked.push([pid, what]);
    if (code !== null) throw Object.assign(new Error(code), { code });
  };
  expect(isProcess(7, signal)).toBe(expected);
  expect(asked).toEqual([[7, 0]]);
});

test('this very process is there', () => {
  expect(isProcess(process.pid)).toBe(true);
});

test.each(['win32', 'darwin', 'linux'] as const)('no typing presses the emergency stop on %s', (platform) => {
  expect(typedShortcut(emergencyShortcut(platform), platform)).toBeNull();
});

test.each([
  ['win32', 'Control+Alt+K', 'AltGr+K'],
  ['linux', 'CommandOrControl+Alt+K', 'AltGr+K'],
  ['win32', 'AltGr+K', 'neither Ctrl nor Command'],
  ['linux', 'Shift+K', 'neither Ctrl nor Command'],
  ['darwin', 'Alt+K', 'neither Ctrl nor Command'],
  ['win32', 'Control+AltGr+K', 'AltGr+K'],
] as const)('on %s %s is refused: %s', (platform, accelerator, words) => {
  expect(typedShortcut(accelerator, platform)).toContain(words);
});

test.each([
  ['darwin', 'CommandOrControl+Alt+K'],
  ['darwin', 'Command+Alt+K'],
  ['darwin', 'Control+Alt+K'],
  ['win32', 'Control+Shift+F9'],
  ['win32', 'Control+Alt+F9'],
  ['win32', 'F9'],
  ['linux', 'Super+Alt+K'],
] as const)('on %s nobody types %s', (platform, accelerator) => {
  expect(typedShortcut(accelerator, platform)).toBeNull();
});

test.each([
  ['darwin', 'CommandOrControl+Shift+K', '⇧⌘K'],
  ['darwin', 'Control+Option+Command+F9', '⌃⌥⌘F9'],
  ['win32', 'CommandOrControl+Shift+F9', 'Ctrl+Shift+F9'],
  ['linux', 'Super+K', 'Win+K'],
] as const)('on %s %s reads %s', (platform, accelerator, words) => {
  expect(shortcutWords(accelerator, platform)).toBe(words);
});

test.each([
  ['win32', 5173, 'excludedportrange'],
  ['win32', 80, 'Hyper-V'],
  ['linux', 80, 'above 1023'],
  ['darwin', 5173, 'allows nobody to listen on port 5173'],
] as const)('on %s port %s that is refused is explained with %s', (platform, port, words) => {
  const advice = refusedPortAdvice(platform, port);
  expect(advice).toContain(words);
  expect(advice).toContain('choose');
});
