import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { SILENT_LOGGER } from '../core/domain/index.ts';

const electron = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events');
  type OpenHandler = (details: { url: string }) => { action: string };
  const opened: string[] = [];
  const handlers: { open?: OpenHandler; request?: (...args: unknown[]) => void; check?: () => boolean } = {};
  const webContents = Object.assign(new EventEmitter(), {
    setWindowOpenHandler: (handler: OpenHandler) => {
      handlers.open = handler;
    },
  });
  class BrowserWindow extends EventEmitter {
    readonly webContents = webContents;
    shows = 0;
    maximize = (): void => undefined;
    show = (): unknown => (this.shows += 1);
    loadURL = async (): Promise<void> => undefined;
  }
  return {
    opened,
    handlers,
    webContents,
    BrowserWindow,
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler: (...args: unknown[]) => void) => {
          handlers.request = handler;
        },
        setPermissionCheckHandler: (handler: () => boolean) => {
          handlers.check = handler;
        },
      },
    },
    shell: { openExternal: async (url: string) => opened.push(url) },
    protocol: {},
  };
});
vi.mock('electron', () => electron);

const { openMainWindow } = await import('./main-window.ts');

function open(appears: boolean): { readonly shows: number; emit(name: string): boolean } {
  const stateFolder = mkdtempSync(join(tmpdir(), 'tradebot-window-'));
  onTestFinished(() => rmSync(stateFolder, { recursive: true, force: true }));
  const window = openMainWindow({ preload: '', icon: '', stateFolder, appears, log: SILENT_LOGGER });
  return window as unknown as ReturnType<typeof open>; // the class above
}

it.each([
  [true, 1],
  [false, 0],
])('a window that appears (%s) is shown %d times when its page is ready', (appears, shows) => {
  const window = open(appears);
  window.emit('ready-to-show');
  expect(window.shows).toBe(shows);
});

it('opens no other window, and outside only what it may', () => {
  open(true);
  for (const url of ['https://www.tradingview.com/', 'https://evil.example/', 'file:///etc/passwd'])
    expect(electron.handlers.open?.({ url })).toEqual({ action: 'deny' });
  expect(electron.opened).toEqual(['https://www.tradingview.com/']);
});

it.each(['will-attach-webview', 'will-navigate'])('refuses %s', (name) => {
  open(true);
  const event = {
    url: 'https://evil.example/',
    prevented: false,
    preventDefault: () => (event.prevented = true),
  };
  electron.webContents.emit(name, event);
  expect(event.prevented).toBe(true);
});

it('grants no permission', () => {
  open(true);
  const answers: unknown[] = [];
  electron.handlers.request?.({}, 'media', (granted: unknown) => answers.push(granted));
  expect([...answers, electron.handlers.check?.()]).toEqual([false, false]);
});
