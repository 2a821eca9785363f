import { join } from 'node:path';
import { BrowserWindow, screen, session, shell } from 'electron';
import type { Logger } from '../core/domain/index.ts';
import { APP_URL, isAppUrl } from './app-protocol.ts';
import { mayOpenOutside } from './outside.ts';
import { restoreWindowState, saveWindowState } from './window-state.ts';

export interface MainWindowOptions {
  readonly preload: string;
  readonly stateFolder: string;
  readonly icon: string;
  /** Whether it appears when it is ready; else it waits, with its page loaded, to be shown. */
  readonly appears: boolean;
  readonly log: Logger;
}

/** Opens the one window: sandboxed, isolated, unable to leave our own origin or to ask for permissions. */
export function openMainWindow(options: MainWindowOptions): BrowserWindow {
  const stateFile = join(options.stateFolder, 'window.json');
  const { maximised, ...bounds } = restoreWindowState(
    stateFile,
    screen.getAllDisplays().map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 1024,
    minHeight: 700,
    show: false,
    title: 'LLM-TradeBot',
    backgroundColor: '#0e1014',
    icon: options.icon,
    autoHideMenuBar: true,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  confine(window);
  window.once('ready-to-show', () => {
    if (!options.appears) return;
    if (maximised) window.maximize();
    window.show();
  });
  window.on('close', () => {
    try {
      saveWindowState(stateFile, { ...window.getNormalBounds(), maximised: window.isMaximized() });
    } catch (error) {
      options.log.warn({ err: error }, 'the window state was not saved');
    }
  });
  window
    .loadURL(APP_URL)
    .catch((error: unknown) => options.log.error({ err: error }, 'the page did not load'));
  return window;
}

/** Nothing but our own pages in this window, and no permission to anything. */
function confine(window: BrowserWindow): void {
  window.webContents.on('will-navigate', (event) => {
    if (!isAppUrl(event.url)) event.preventDefault();
  });
  window.webContents.setWindowOpenHandler(({ url }) => {
    if (mayOpenOutside(url)) void shell.openExternal(url);
    return { action: 'deny' };
  });
  window.webContents.on('will-attach-webview', (event) => event.preventDefault());
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
}
