import { join } from 'node:path';
import { app, type BrowserWindow, dialog, globalShortcut, powerMonitor } from 'electron';
import { loadSettings, openTradebot, type Tradebot } from '../core/engine/index.ts';
import { declareAppScheme, serveRenderer } from './app-protocol.ts';
import { connectWindow } from './bridge.ts';
import { openMainWindow } from './main-window.ts';
import { StatusTray } from './tray.ts';
import type { TrayCommand } from './tray-menu.ts';

/** The desktop host: the engine in the main process, one sandboxed window, the tray, the emergency shortcut. */

const EMERGENCY_SHORTCUT = 'CommandOrControl+Alt+K';
/** The main bundle lies in `out/main`, beside `out/preload` and `out/renderer`. */
const OUT_FOLDER = join(import.meta.dirname, '..');
const RESOURCES = app.isPackaged ? process.resourcesPath : join(OUT_FOLDER, '..', 'resources');

class Desktop {
  readonly #tradebot: Tradebot;
  #window: BrowserWindow | undefined;
  #tray: StatusTray | undefined;
  #quitting = false;

  constructor(tradebot: Tradebot) {
    this.#tradebot = tradebot;
  }

  async start(): Promise<void> {
    serveRenderer(join(OUT_FOLDER, 'renderer'));
    this.#showWindow();
    this.#tray = new StatusTray(join(RESOURCES, 'tray'), (command) => void this.#run(command));
    this.#tradebot.onStatus((status) => this.#tray?.show(status));
    if (!globalShortcut.register(EMERGENCY_SHORTCUT, () => void this.#run('emergency-stop'))) {
      const message = `another program holds ${EMERGENCY_SHORTCUT}: use the tray or the window to stop`;
      this.#tradebot.alert('warning', 'The emergency shortcut is not available', message);
    }
    powerMonitor.on('resume', () => void this.#tradebot.reconcile('the machine woke up'));
    app.on('second-instance', () => this.#showWindow());
    app.on('activate', () => this.#showWindow());
    // Closing the window keeps trading in the tray.
    app.on('window-all-closed', () => undefined);
    app.on('before-quit', (event) => {
      if (this.#quitting) return;
      event.preventDefault();
      void this.#quit();
    });
    await this.#tradebot.start();
  }

  #showWindow(): void {
    if (this.#window !== undefined && !this.#window.isDestroyed()) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    const window = openMainWindow({
      preload: join(OUT_FOLDER, 'preload', 'preload.cjs'),
      stateFolder: app.getPath('userData'),
      icon: join(RESOURCES, 'icon.png'),
      log: this.#tradebot.log,
    });
    const disconnect = connectWindow(window, this.#tradebot.service, this.#tradebot.log);
    window.on('closed', () => {
      disconnect();
      this.#window = undefined;
    });
    this.#window = window;
  }

  async #run(command: TrayCommand): Promise<void> {
    switch (command) {
      case 'emergency-stop':
        await this.#tradebot.service.call('killSwitch.activate', {
          reason: 'emergency stop from the desktop',
        });
        return;
      case 'pause':
        await this.#tradebot.service.call('trading.pause', {});
        return;
      case 'resume':
        await this.#tradebot.service.call('trading.resume', {});
        return;
      case 'show':
        this.#showWindow();
        return;
      case 'quit':
        app.quit();
    }
  }

  /** Asks when positions are open, stops the engine cleanly, then quits for good. */
  async #quit(): Promise<void> {
    const positions = await this.#tradebot.service.call('positions.list', {});
    if (positions.length > 0 && !(await confirmQuit(positions.length))) return;
    this.#quitting = true;
    globalShortcut.unregisterAll();
    this.#tray?.destroy();
    await this.#tradebot.stop();
    app.quit();
  }
}

async function confirmQuit(openPositions: number): Promise<boolean> {
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: openPositions === 1 ? 'One position is open.' : `${openPositions} positions are open.`,
    detail: 'After quitting nothing watches them but the stops that rest at the venue.',
    buttons: ['Keep running', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 1;
}

async function main(): Promise<void> {
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  declareAppScheme();
  await app.whenReady();
  try {
    const dataDirectory = process.env['TRADEBOT_DATA_DIR'] ?? join(app.getPath('userData'), 'data');
    const file = process.env['TRADEBOT_CONFIG'];
    const settings = loadSettings({ environment: process.env, ...(file === undefined ? {} : { file }) });
    const tradebot = await openTradebot({
      settings,
      dataDirectory,
      host: 'desktop',
      version: app.getVersion(),
      migrationsFolder: join(app.isPackaged ? RESOURCES : join(OUT_FOLDER, '..'), 'migrations', 'sqlite'),
      modelsFolder: join(app.isPackaged ? RESOURCES : join(OUT_FOLDER, '..'), 'models'),
    });
    await new Desktop(tradebot).start();
  } catch (error) {
    dialog.showErrorBox('LLM-TradeBot cannot start', error instanceof Error ? error.message : String(error));
    app.exit(1);
  }
}

void main();
