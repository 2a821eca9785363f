import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const items = vi.hoisted(() => [] as unknown[]);
vi.mock('electron', () => ({ app: { setLoginItemSettings: (item: unknown) => items.push(item) } }));

const { autostartEntry, autostartFile, setAutoLaunch } = await import('./auto-launch.ts');

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tradebot-launch-'));
  items.length = 0;
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const on = (platform: NodeJS.Platform, environment: Record<string, string> = {}, isPackaged = true) => ({
  machine: { platform, environment, home },
  isPackaged,
  executable: '/opt/LLM-TradeBot/llm-tradebot',
});
const entry = (): string => readFileSync(join(home, '.config', 'autostart', 'llm-tradebot.desktop'), 'utf8');

describe('starting with the session', () => {
  it.each(['win32', 'darwin'] as const)('is a login item on %s', (platform) => {
    setAutoLaunch(true, on(platform));
    setAutoLaunch(false, on(platform));
    expect(items).toEqual([
      { openAtLogin: true, args: ['--in-tray'] },
      { openAtLogin: false, args: ['--in-tray'] },
    ]);
  });

  it('is a file on Linux, which goes when it is no longer wanted', () => {
    setAutoLaunch(true, on('linux'));
    expect(entry()).toContain('Exec="/opt/LLM-TradeBot/llm-tradebot" --in-tray\n');
    setAutoLaunch(false, on('linux'));
    expect(entry).toThrow('ENOENT');
    setAutoLaunch(false, on('linux'));
    expect(items).toEqual([]);
  });

  it('starts the AppImage, not the folder that it was unpacked to', () => {
    setAutoLaunch(true, on('linux', { APPIMAGE: '/home/ada/Apps/LLM-TradeBot.AppImage' }));
    expect(entry()).toContain('Exec="/home/ada/Apps/LLM-TradeBot.AppImage" --in-tray\n');
  });

  it('leaves an entry that the trader wrote himself', () => {
    const path = join(home, '.config', 'autostart', 'llm-tradebot.desktop');
    mkdirSync(join(home, '.config', 'autostart'), { recursive: true });
    writeFileSync(path, '[Desktop Entry]\nExec=mine\n');
    for (const wanted of [true, false]) setAutoLaunch(wanted, on('linux'));
    expect(readFileSync(path, 'utf8')).toBe('[Desktop Entry]\nExec=mine\n');
  });

  it.each(['win32', 'darwin', 'linux'] as const)('cannot be had from the sources, on %s', (platform) => {
    expect(() => setAutoLaunch(true, on(platform, {}, false))).toThrow('only the installed program');
    // Nobody is told of what nobody wants.
    setAutoLaunch(false, on(platform, {}, false));
    expect(items).toEqual([]);
  });

  it('says which file it cannot write', () => {
    writeFileSync(join(home, '.config'), 'a file in the way');
    expect(() => setAutoLaunch(true, on('linux'))).toThrow(/llm-tradebot\.desktop cannot be written$/);
  });
});

it.each([
  [{}, '/home/ada/.config/autostart/llm-tradebot.desktop'],
  [{ XDG_CONFIG_HOME: '/etc/ada' }, '/etc/ada/autostart/llm-tradebot.desktop'],
  [{ XDG_CONFIG_HOME: '' }, '/home/ada/.config/autostart/llm-tradebot.desktop'],
  [{ XDG_CONFIG_HOME: 'here' }, '/home/ada/.config/autostart/llm-tradebot.desktop'],
])('with %j the file is %s', (environment, path) => {
  expect(autostartFile({ environment, home: '/home/ada' })).toBe(path);
});

it.each([
  ['/opt/With Spaces/bot', 'Exec="/opt/With Spaces/bot" --in-tray'],
  ['/opt/100%/bot', 'Exec="/opt/100%%/bot" --in-tray'],
  ['/opt/$HOME/"b`ot', 'Exec="/opt/\\\\$HOME/\\\\"b\\\\`ot" --in-tray'],
  ['/opt/back\\slash', 'Exec="/opt/back\\\\\\\\slash" --in-tray'],
])('%s is quoted as desktop entries want it', (executable, line) => {
  expect(autostartEntry(executable)).toContain(`\n${line}\n`);
});
