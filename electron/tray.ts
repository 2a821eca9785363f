import { join } from 'node:path';
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import type { StatusView } from '../core/contract/index.ts';
import { type TrayCommand, type TrayItem, trayImage, trayMenu, trayTooltip } from './tray-menu.ts';

/** The tray icon: state at a glance, emergency stop one click away. Keep a reference or it disappears. */
export class StatusTray {
  readonly #tray: Tray;
  readonly #imageFolder: string;
  readonly #run: (command: TrayCommand) => void;
  #shown = '';

  constructor(imageFolder: string, run: (command: TrayCommand) => void) {
    this.#imageFolder = imageFolder;
    this.#run = run;
    this.#tray = new Tray(nativeImage.createFromPath(join(imageFolder, 'running.png')));
    this.#tray.on('click', () => run('show'));
  }

  /**
   * On Linux a changed menu shows only after it was set again, so every change sets it; and nothing but a change, or
   * an open menu would close under the pointer.
   */
  show(status: StatusView): void {
    const image = trayImage(status);
    const menu = trayMenu(status);
    const shown = JSON.stringify([image, menu]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#tray.setImage(nativeImage.createFromPath(join(this.#imageFolder, `${image}.png`)));
    this.#tray.setToolTip(trayTooltip(status));
    this.#tray.setContextMenu(Menu.buildFromTemplate(menu.map((item) => this.#template(item))));
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #template(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'label':
        return { label: item.label, enabled: false };
      case 'separator':
        return { type: 'separator' };
      case 'command':
        return { label: item.label, enabled: item.enabled, click: () => this.#run(item.command) };
    }
  }
}
