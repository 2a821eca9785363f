import { join } from 'node:path';
import { app, Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { StatusView } from '../core/contract/index.ts';
import type { Platform } from '../core/platform/index.ts';
import { type TrayCommand, type TrayItem, trayImageFile, trayMenu, trayTooltip } from './tray-menu.ts';

export interface StatusTrayOptions {
  readonly imageFolder: string;
  readonly platform: Platform;
  /** What the tray shows until the program has said how it is. */
  readonly first: StatusView;
  /** That do the emergency stop from any program; null where they cannot be had. */
  readonly emergencyKeys: string | null;
  readonly run: (command: TrayCommand) => void;
}

/**
 * The tray icon, and the dock's menu where there is a dock: state at a glance, emergency stop one click away. Keep a
 * reference or it disappears.
 */
export class StatusTray {
  readonly #tray: Tray;
  readonly #options: StatusTrayOptions;
  #shown = '';

  constructor(options: StatusTrayOptions) {
    this.#options = options;
    this.#tray = new Tray(this.#imageOf(options.first));
    // On macOS a click opens the menu.
    if (options.platform !== 'darwin') this.#tray.on('click', () => options.run('show'));
  }

  /**
   * On Linux a changed menu shows only after it was set again, so every change sets it; and nothing but a change, or
   * an open menu would close under the pointer.
   */
  show(status: StatusView): void {
    const { platform, emergencyKeys } = this.#options;
    const items = trayMenu(status, emergencyKeys);
    const shown = JSON.stringify([trayImageFile(status, platform), items]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setImage(this.#imageOf(status));
    this.#tray.setToolTip(trayTooltip(status));
    const menu = Menu.buildFromTemplate(items.map((item) => this.#template(item)));
    this.#tray.setContextMenu(menu);
    app.dock?.setMenu(menu);
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #imageOf(status: StatusView): Electron.NativeImage {
    const { imageFolder, platform } = this.#options;
    return nativeImage.createFromPath(join(imageFolder, trayImageFile(status, platform)));
  }

  #template(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'label':
        return { label: item.label, enabled: false };
      case 'separator':
        return { type: 'separator' };
      case 'command':
        return {
          label: item.label,
          enabled: item.enabled,
          click: () => this.#options.run(item.command),
          // Shown only: they are listened to wherever the focus is.
          ...(item.keys === undefined ? {} : { accelerator: item.keys, registerAccelerator: false }),
        };
    }
  }
}
