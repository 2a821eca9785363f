import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Frame, Page } from 'playwright';
import { PreventableEvent } from './application.ts';
import { chromiumUrl, electronUrl, type StandInBrowser } from './browser.ts';
import { DELIVER, pageScript, SEND } from './page-script.ts';

/** A frame as the main process sees it. */
export class WebFrame {
  readonly #frame: Frame;

  constructor(frame: Frame) {
    this.#frame = frame;
  }

  get url(): string {
    return electronUrl(this.#frame.url());
  }
}

type WindowOpenHandler = (details: { readonly url: string }) => { readonly action: 'deny' };

export const ipcMain = new EventEmitter();

/** Electron's `webContents`: one page of the browser, the preload in it and the channel between. */
export class WebContents extends EventEmitter {
  /** Chromium's own name of the page; Playwright asks by it. */
  targetId: string | undefined;
  #page: Page | undefined;
  #mainFrame: WebFrame | undefined;
  #destroyed = false;
  #commanded: string | undefined;
  #openHandler: WindowOpenHandler = () => ({ action: 'deny' });
  #outbox: Promise<void> = Promise.resolve();
  readonly #opened: Promise<Page>;

  constructor(browser: Promise<StandInBrowser>, preload: string) {
    super();
    this.#opened = this.#open(browser, preload);
    // Whoever loads a URL is told.
    this.#opened.catch(() => undefined);
  }

  get mainFrame(): WebFrame {
    if (this.#mainFrame === undefined) throw new Error('the page is not open yet');
    return this.#mainFrame;
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#opened;
    this.#commanded = url;
    await page.goto(chromiumUrl(url));
    this.emit('did-finish-load');
  }

  getURL(): string {
    return this.#mainFrame?.url ?? '';
  }

  /** In the order of the calls, as Electron does. */
  send(channel: string, ...values: unknown[]): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
    this.#outbox = this.#outbox.then(async () => this.#deliver(channel, values));
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#openHandler = handler;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  async setSize(width: number, height: number): Promise<void> {
    await (await this.#opened).setViewportSize({ width, height });
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.emit('destroyed');
    this.#opened.then(async (page) => page.close()).catch(() => undefined);
  }

  async #open(browser: Promise<StandInBrowser>, preload: string): Promise<Page> {
    const page = await (await browser).newPage((url) => this.#mayNavigate(url));
    this.#page = page;
    this.#mainFrame = new WebFrame(page.mainFrame());
    const devTools = await page.context().newCDPSession(page);
    this.targetId = (await devTools.send('Target.getTargetInfo')).targetInfo.targetId;
    await devTools.send('Page.enable');
    // Not Playwright's "framenavigated": that one counts changes within the page, such as of the address's hash.
    devTools.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId === undefined)
        this.emit('did-navigate', new PreventableEvent(), electronUrl(frame.url));
    });
    devTools.on('Page.windowOpen', ({ url }) => this.#openHandler({ url }));
    // Chromium opens it first; no handler of ours ever allows one.
    page.on('popup', (popup) => void popup.close().catch(() => undefined));
    page.on('close', () => this.destroy());
    await page.exposeBinding(SEND, ({ frame }, channel: string, values: unknown[]) => {
      const senderFrame = frame === page.mainFrame() ? this.#mainFrame : new WebFrame(frame);
      ipcMain.emit(channel, { sender: this, senderFrame }, ...values);
    });
    await page.addInitScript({ content: pageScript(readFileSync(preload, 'utf8')) });
    return page;
  }

  /** Electron asks about what the page starts, not about what the program commands. */
  #mayNavigate(url: string): boolean {
    if (url === this.#commanded) {
      this.#commanded = undefined;
      return true;
    }
    const event = Object.assign(new PreventableEvent(), { url });
    this.emit('will-navigate', event);
    return !event.defaultPrevented;
  }

  async #deliver(channel: string, values: unknown[]): Promise<void> {
    const message = { name: DELIVER, channel, values };
    try {
      await this.#page?.evaluate(({ name, channel, values }) => {
        const deliver = (globalThis as unknown as Record<string, unknown>)[name];
        if (typeof deliver === 'function') deliver(channel, values);
      }, message);
    } catch {
      // The page went away under the message, as pages may.
    }
  }
}
