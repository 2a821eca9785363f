import { join } from 'node:path';
import { app, type BrowserWindow, dialog, globalShortcut, Menu } from 'electron';
import { type Settings, SettingsSchema } from '../core/contract/index.ts';
import type { Disposer } from '../core/domain/index.ts';
import { type ServedTradebot, SYSTEM_TIMERS } from '../core/engine/index.ts';
import type { Machine } from '../core/platform/index.ts';
import { serveRenderer } from './app-protocol.ts';
import { applicationMenu } from './application-menu.ts';
import { setAutoLaunch } from './auto-launch.ts';
import { connectWindow } from './bridge.ts';
import { takeEmergencyShortcut } from './emergency-shortcut.ts';
import { openMainWindow } from './main-window.ts';
import { notifyOfAlerts } from './notifications.ts';
import { Power } from './power.ts';
import { StatusTray } from './tray.ts';
import type { TrayCommand } from './tray-menu.ts';

export interface DesktopSurroundings {
  readonly machine: Pick<Machine, 'platform' | 'environment' | 'home'>;
  /** False where the program runs from its sources. */
  readonly isPackaged: boolean;
  readonly executable: string;
  /** The system has started it with the session: the window waits until somebody wants it. */
  readonly startsInTray: boolean;
  /** Holds the built `renderer/` and `preload/`. */
  readonly outFolder: string;
  /** Holds `tray/` and `icon.png`. */
  readonly resourcesFolder: string;
}

/** The desktop around one engine: one sandboxed window, the tray, the emergency shortcut. */
export class Desktop {
  readonly #tradebot: ServedTradebot;
  readonly #surroundings: DesktopSurroundings;
  readonly #power: Power;
  #window: BrowserWindow | undefined;
  #tray: StatusTray | undefined;
  #silence: Disposer = () => undefined;
  #leaving: 'no' | 'asking' | 'stopping' | 'stopped' = 'no';

  constructor(tradebot: ServedTradebot, surroundings: DesktopSurroundings) {
    this.#tradebot = tradebot;
    this.#surroundings = surroundings;
    this.#power = new Power({ tradebot, timers: SYSTEM_TIMERS, end: (reason) => this.end(reason) });
  }

  /** Resolves when the engine has ended, rejects when it fails. */
  async start(): Promise<void> {
    const { outFolder, machine, isPackaged, startsInTray } = this.#surroundings;
    serveRenderer(join(outFolder, 'renderer'));
    const menu = applicationMenu({
      platform: machine.platform,
      isDevelopment: !isPackaged,
      run: (command) => void this.#run(command, 'tray'),
    });
    Menu.setApplicationMenu(menu === null ? null : Menu.buildFromTemplate(menu));
    this.#openWindow(!startsInTray);
    this.#listen();
    const { emergencyShortcut, autoLaunch } = await this.#settings();
    // Who quits at once would be left with an engine that begins after its end, and with its keys.
    if (this.#isEnding()) return;
    this.#showTray(this.#takeShortcut(emergencyShortcut));
    this.#launchWithSession(autoLaunch);
    await this.#tradebot.start();
  }

  /** Ends the program cleanly and without a question: nobody is there, or has the time, to answer one. */
  async end(reason: string): Promise<void> {
    if (this.#isEnding()) return;
    this.#tradebot.log.info({ reason }, 'the program ends');
    const message = `${reason}. Positions and their stops at the venue stay as they are`;
    this.#tradebot.alert('warning', 'The program ends', message);
    await this.#leave();
  }

  #isEnding(): boolean {
    return this.#leaving === 'stopping' || this.#leaving === 'stopped';
  }

  #listen(): void {
    this.#power.watch();
    app.on('second-instance', () => this.#showWindow());
    app.on('activate', () => this.#showWindow());
    // Closing the window keeps trading in the tray.
    app.on('window-all-closed', () => undefined);
    app.on('before-quit', (event) => {
      if (this.#leaving === 'stopped') return;
      event.preventDefault();
      void this.#quit();
    });
    this.#silence = notifyOfAlerts({
      service: this.#tradebot.service,
      isLooking: () => this.#window?.isDestroyed() === false && this.#window.isFocused(),
      show: () => this.#showWindow(),
    });
  }

  /** @returns the keys of the emergency stop; null where they cannot be had, which the trader is told. */
  #takeShortcut(wanted: string | null): string | null {
    const { accelerator, fault } = takeEmergencyShortcut(
      wanted,
      this.#surroundings.machine.platform,
      () => void this.#run('emergency-stop', 'shortcut'),
    );
    if (fault !== null) this.#tradebot.alert('warning', 'The emergency shortcut is not available', fault);
    return accelerator;
  }

  #showTray(emergencyKeys: string | null): void {
    const { resourcesFolder, machine } = this.#surroundings;
    this.#tradebot.onStatus((status) => {
      // The engine goes on telling its status while it stops.
      if (this.#isEnding()) return;
      this.#tray ??= new StatusTray({
        imageFolder: join(resourcesFolder, 'tray'),
        platform: machine.platform,
        first: status,
        emergencyKeys,
        run: (command) => void this.#run(command, 'tray'),
      });
      this.#tray.show(status);
    });
  }

  #showWindow(): void {
    if (this.#window !== undefined && !this.#window.isDestroyed()) {
      if (this.#window.isMinimized()) this.#window.restore();
      this.#window.show();
      this.#window.focus();
      return;
    }
    this.#openWindow(true);
  }

  #openWindow(appears: boolean): void {
    const window = openMainWindow({
      preload: join(this.#surroundings.outFolder, 'preload', 'preload.cjs'),
      stateFolder: app.getPath('userData'),
      icon: join(this.#surroundings.resourcesFolder, 'icon.png'),
      appears,
      log: this.#tradebot.log,
    });
    this.#power.watchWindow(window);
    const disconnect = connectWindow(window, this.#tradebot.service, this.#tradebot.log);
    window.on('close', (event) => {
      // Windows tells the end of a session to windows alone: ours is hidden, which looks the same.
      if (this.#surroundings.machine.platform !== 'win32' || this.#leaving === 'stopped') return;
      event.preventDefault();
      window.hide();
    });
    window.on('closed', () => {
      disconnect();
      this.#window = undefined;
    });
    this.#window = window;
  }

  /** What cannot be read now is as if nothing had been chosen: there has to be a way to stop. */
  async #settings(): Promise<Settings['desktop']> {
    try {
      return (await this.#tradebot.service.call('settings.get', {})).desktop;
    } catch (error) {
      this.#tradebot.log.error({ err: error }, 'the settings of the desktop cannot be read');
      return SettingsSchema.parse({}).desktop;
    }
  }

  #launchWithSession(wanted: boolean): void {
    try {
      setAutoLaunch(wanted, this.#surroundings);
    } catch (error) {
      this.#tradebot.log.warn({ err: error }, 'the start with the session cannot be set');
      const message = error instanceof Error ? error.message : String(error);
      this.#tradebot.alert('warning', 'The start with the session cannot be set', message);
    }
  }

  /** Does what the tray or the shortcut asks; a failure is shown, since nobody waits for the answer. */
  async #run(command: TrayCommand, from: 'tray' | 'shortcut'): Promise<void> {
    try {
      await this.#obey(command, from);
    } catch (error) {
      this.#tradebot.log.error({ err: error, command }, 'a command from the desktop failed');
      const message = error instanceof Error ? error.message : String(error);
      this.#tradebot.alert('critical', `This failed: ${command}`, message);
    }
  }

  async #obey(command: TrayCommand, from: 'tray' | 'shortcut'): Promise<void> {
    const { service } = this.#tradebot;
    switch (command) {
      case 'emergency-stop':
        await service.call('killSwitch.activate', { reason: 'emergency stop from the desktop', from });
        return;
      case 'pause':
        await service.call('trading.pause', { from });
        return;
      case 'resume':
        await service.call('trading.resume', { from });
        return;
      case 'show':
        this.#showWindow();
        return;
      case 'quit':
        app.quit();
    }
  }

  /** Asks when positions are open, then leaves. */
  async #quit(): Promise<void> {
    if (this.#leaving !== 'no') return;
    this.#leaving = 'asking';
    const mayQuit = await this.#mayQuit();
    // Meanwhile the machine may have been shut down, which asks nobody.
    if (this.#leaving !== 'asking') return;
    this.#leaving = 'no';
    if (mayQuit) await this.#leave();
  }

  /** Stops the engine cleanly, then quits for good, also when stopping fails. */
  async #leave(): Promise<void> {
    this.#leaving = 'stopping';
    this.#power.close();
    this.#silence();
    globalShortcut.unregisterAll();
    this.#tray?.destroy();
    this.#tray = undefined;
    try {
      await this.#tradebot.stop();
    } catch (error) {
      this.#tradebot.log.error({ err: error }, 'the engine did not stop cleanly');
    }
    this.#leaving = 'stopped';
    app.quit();
  }

  async #mayQuit(): Promise<boolean> {
    const warning = await this.#quitWarning();
    if (warning === undefined) return true;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      message: warning,
      detail: 'After quitting nothing watches positions but the stops that rest at the venue.',
      buttons: ['Keep running', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    });
    return response === 1;
  }

  async #quitWarning(): Promise<string | undefined> {
    try {
      const positions = await this.#tradebot.service.call('positions.list', {});
      if (positions.length === 0) return undefined;
      return positions.length === 1 ? 'One position is open.' : `${positions.length} positions are open.`;
    } catch (error) {
      this.#tradebot.log.error({ err: error }, 'the positions cannot be read');
      return 'Whether positions are open cannot be told.';
    }
  }
}
