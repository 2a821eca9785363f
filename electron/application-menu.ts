import type { MenuItemConstructorOptions } from 'electron';
import type { Platform } from '../core/platform/index.ts';
import type { TrayCommand } from './tray-menu.ts';

export interface MenuSurroundings {
  readonly platform: Platform;
  /** The program runs from its sources. */
  readonly isDevelopment: boolean;
  readonly run: (command: TrayCommand) => void;
}

/**
 * The application's menu; null: none. Only macOS has a menu bar of its own, and there copy and paste work by the menu
 * alone. Reload and DevTools are for development: a trader who presses Ctrl+R by chance loses what he was looking at.
 */
export function applicationMenu(surroundings: MenuSurroundings): MenuItemConstructorOptions[] | null {
  const { platform, isDevelopment } = surroundings;
  const development = isDevelopment ? [DEVELOPMENT] : [];
  if (platform === 'darwin') return [OWN_MENU, tradingMenu(surroundings), EDIT, ...development, WINDOW];
  return isDevelopment ? development : null;
}

/** Named after the application by macOS itself. */
const OWN_MENU: MenuItemConstructorOptions = {
  role: 'appMenu',
  submenu: [
    { role: 'about' },
    { type: 'separator' },
    { role: 'hide' },
    { role: 'hideOthers' },
    { role: 'unhide' },
    { type: 'separator' },
    { role: 'quit' },
  ],
};

const EDIT: MenuItemConstructorOptions = {
  label: 'Edit',
  submenu: [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
  ],
};

const WINDOW: MenuItemConstructorOptions = {
  label: 'Window',
  role: 'window',
  submenu: [
    { role: 'minimize' },
    { role: 'zoom' },
    { role: 'close' },
    { type: 'separator' },
    { role: 'front' },
  ],
};

const DEVELOPMENT: MenuItemConstructorOptions = {
  label: 'Development',
  submenu: [{ role: 'reload' }, { role: 'forceReload' }, { role: 'toggleDevTools' }],
};

function tradingMenu({ run }: MenuSurroundings): MenuItemConstructorOptions {
  return {
    label: 'Trading',
    submenu: [
      { label: 'Emergency Stop', click: () => run('emergency-stop') },
      { type: 'separator' },
      { label: 'Pause Trading', click: () => run('pause') },
      { label: 'Resume Trading', click: () => run('resume') },
      { type: 'separator' },
      { label: 'Show Window', click: () => run('show') },
    ],
  };
}
