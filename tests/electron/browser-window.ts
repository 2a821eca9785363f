import { EventEmitter } from 'node:events';
import { app, PreventableEvent } from './application.ts';
import type { StandInBrowser } from './browser.ts';
import { WebContents } from './web-contents.ts';

interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface WindowOptions extends Bounds {
  readonly show?: boolean;
  readonly webPreferences: Readonly<Record<string, unknown>> & { readonly preload: string };
}

const browser = Promise.withResolvers<StandInBrowser>();

/** Windows that were opened before Chromium is up wait for it. */
export function provideBrowser(started: StandInBrowser): void {
  browser.resolve(started);
}

const windows = new Set<BrowserWindow>();

/** Electron's window: its bounds and its state are kept here, its page is the browser's. */
export class BrowserWindow extends EventEmitter {
  readonly options: WindowOptions;
  readonly #webContents: WebContents;
  #bounds: Bounds;
  #state: 'normal' | 'minimised' | 'maximised' = 'normal';
  #visible: boolean;
  #focused = false;
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    this.options = options;
    const { x, y, width, height } = options;
    this.#bounds = { x, y, width, height };
    this.#visible = options.show ?? true;
    this.#webContents = new WebContents(browser.promise, options.webPreferences.preload);
    this.#webContents.once('did-finish-load', () => this.emit('ready-to-show'));
    // A page that Playwright or the browser closed takes its window along.
    this.#webContents.on('destroyed', () => this.destroy());
    this.#resizePage();
    windows.add(this);
    app.addWindow(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...windows];
  }

  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return [...windows].find((window) => window.webContents === contents) ?? null;
  }

  get webContents(): WebContents {
    this.#mustLive();
    return this.#webContents;
  }

  async loadURL(url: string): Promise<void> {
    this.#mustLive();
    await this.#webContents.loadURL(url);
  }

  show(): void {
    this.#mustLive();
    this.#visible = true;
  }

  hide(): void {
    this.#mustLive();
    this.#visible = false;
  }

  focus(): void {
    this.#mustLive();
    this.#focused = true;
  }

  blur(): void {
    this.#mustLive();
    this.#focused = false;
  }

  minimize(): void {
    this.#mustLive();
    this.#state = 'minimised';
    this.#focused = false;
  }

  maximize(): void {
    this.#mustLive();
    this.#state = 'maximised';
  }

  restore(): void {
    this.#mustLive();
    this.#state = 'normal';
  }

  isVisible(): boolean {
    this.#mustLive();
    return this.#visible;
  }

  isFocused(): boolean {
    this.#mustLive();
    return this.#focused;
  }

  isMinimized(): boolean {
    this.#mustLive();
    return this.#state === 'minimised';
  }

  isMaximized(): boolean {
    this.#mustLive();
    return this.#state === 'maximised';
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getBounds(): Bounds {
    this.#mustLive();
    return { ...this.#bounds };
  }

  getNormalBounds(): Bounds {
    return this.getBounds();
  }

  setBounds(bounds: Partial<Bounds>): void {
    this.#mustLive();
    this.#bounds = { ...this.#bounds, ...bounds };
    this.#resizePage();
  }

  close(): void {
    this.#mustLive();
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#webContents.destroy();
    windows.delete(this);
    this.emit('closed');
    app.removeWindow(this);
  }

  #resizePage(): void {
    // A page that is gone needs no size.
    this.#webContents.setSize(this.#bounds.width, this.#bounds.height).catch(() => undefined);
  }

  #mustLive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }
}

/** What Playwright calls to close a page. */
export const webContents = {
  fromDevToolsTargetId(targetId: string): (WebContents & { close(): void }) | undefined {
    const window = [...windows].find((each) => each.webContents.targetId === targetId);
    return window === undefined
      ? undefined
      : Object.assign(window.webContents, { close: () => window.close() });
  },
};
