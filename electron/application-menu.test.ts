import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { applicationMenu } from './application-menu.ts';
import type { TrayCommand } from './tray-menu.ts';

type Items = readonly MenuItemConstructorOptions[];

function items(menu: Items | null): Items {
  return (menu ?? []).flatMap((item) => [item, ...items((item.submenu as Items | undefined) ?? [])]); // templates, never menus
}

const roles = (menu: Items | null): string[] => items(menu).flatMap(({ role }) => role ?? []);
const DEVELOPERS = ['reload', 'forceReload', 'toggleDevTools'];

describe('the application menu', () => {
  it.each(['win32', 'linux', 'darwin'] as const)(
    'on %s has reload and DevTools in development only',
    (platform) => {
      const run = () => undefined;
      const packaged = roles(applicationMenu({ platform, isDevelopment: false, run }));
      expect(packaged.filter((role) => DEVELOPERS.includes(role))).toEqual([]);
      const development = roles(applicationMenu({ platform, isDevelopment: true, run }));
      expect(development.filter((role) => DEVELOPERS.includes(role))).toEqual(DEVELOPERS);
    },
  );

  it.each(['win32', 'linux'] as const)('is none on %s, where Chromium edits by itself', (platform) => {
    expect(applicationMenu({ platform, isDevelopment: false, run: () => undefined })).toBeNull();
  });

  it('on macOS has what that system does by menus alone', () => {
    const commands: TrayCommand[] = [];
    const menu = applicationMenu({
      platform: 'darwin',
      isDevelopment: false,
      run: (command) => commands.push(command),
    });
    for (const role of [
      'appMenu',
      'quit',
      'hide',
      'undo',
      'redo',
      'cut',
      'copy',
      'paste',
      'selectAll',
      'minimize',
      'close',
    ])
      expect(roles(menu)).toContain(role);
    for (const { click } of items(menu)) (click as (() => void) | undefined)?.(); // ours take no arguments
    expect(commands).toEqual(['emergency-stop', 'pause', 'resume', 'show']);
  });
});
