import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import type { ProtocolHandler } from './browser.ts';

/** The parts of a desktop that no page shows. They remember what they were told, for tests to ask and to act on. */

interface MenuItem {
  readonly label?: string;
  readonly type?: string;
  readonly enabled?: boolean;
  readonly click?: () => void;
  readonly accelerator?: string;
  readonly role?: string;
  readonly submenu?: readonly MenuItem[];
}

interface Image {
  readonly path: string;
}

export const protocolHandlers = new Map<string, ProtocolHandler>();
export const protocol = {
  privileged: [] as unknown[],
  registerSchemesAsPrivileged(schemes: unknown[]): void {
    protocol.privileged.push(...schemes);
  },
  handle(scheme: string, handler: ProtocolHandler): void {
    protocolHandlers.set(scheme, handler);
  },
};

export const nativeImage = {
  createFromPath(path: string): Image {
    if (!existsSync(path)) throw new Error(`there is no image at ${path}: Electron would show an empty one`);
    return { path };
  },
};

/** Electron shows a menu of its own, with reload and DevTools, to a program that has set none. */
let applicationMenu: readonly MenuItem[] | null | undefined;
export const Menu = {
  buildFromTemplate: (items: readonly MenuItem[]) => ({ items }),
  setApplicationMenu(menu: { readonly items: readonly MenuItem[] } | null): void {
    applicationMenu = menu === null ? null : menu.items;
  },
};

/** What the system would show. */
const notified: { readonly title: string; readonly body: string; emit(name: string): boolean }[] = [];
export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }

  readonly title: string;
  readonly body: string;

  constructor({ title, body }: { readonly title: string; readonly body: string }) {
    super();
    this.title = title;
    this.body = body;
  }

  show(): void {
    notified.push(this);
  }
}

export class Tray extends EventEmitter {
  image: Image;
  toolTip = '';
  menu: readonly MenuItem[] = [];
  #destroyed = false;

  constructor(image: Image) {
    super();
    this.image = image;
    trays.add(this);
  }

  setImage(image: Image): void {
    this.#mustLive();
    this.image = image;
  }

  setToolTip(text: string): void {
    this.#mustLive();
    this.toolTip = text;
  }

  setContextMenu({ items }: { readonly items: readonly MenuItem[] }): void {
    this.#mustLive();
    this.menu = items;
  }

  destroy(): void {
    this.#destroyed = true;
    trays.delete(this);
  }

  #mustLive(): void {
    if (this.#destroyed) throw new TypeError('Tray is destroyed');
  }
}

const trays = new Set<Tray>();
const shortcuts = new Map<string, () => void>();

export const globalShortcut = {
  /** False for a shortcut that "another program" holds: the environment says which. */
  register(accelerator: string, pressed: () => void): boolean {
    if (process.env['STAND_IN_TAKEN_SHORTCUT'] === accelerator) return false;
    shortcuts.set(accelerator, pressed);
    return true;
  },
  unregisterAll(): void {
    shortcuts.clear();
  },
};

export const dialog = {
  /** Nobody is there to answer: it is closed, as by Escape. Tests put an answer of their own in its place. */
  async showMessageBox({ cancelId }: { readonly cancelId: number }): Promise<{ response: number }> {
    return { response: cancelId };
  },
  showErrorBox(title: string, message: string): void {
    process.stderr.write(`${title}: ${message}\n`);
  },
};

export const powerMonitor = new EventEmitter();

const awake = new Map<number, string>();
export const powerSaveBlocker = {
  start(kind: string): number {
    const id = awake.size + 1;
    awake.set(id, kind);
    return id;
  },
  stop(id: number): boolean {
    return awake.delete(id);
  },
};
export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
};

type PermissionAnswer = (granted: boolean) => void;
const permissions = {
  request: undefined as
    | ((contents: unknown, permission: string, answer: PermissionAnswer) => void)
    | undefined,
  check: undefined as (() => boolean) | undefined,
};

export const session = {
  defaultSession: {
    setPermissionRequestHandler(handler: typeof permissions.request): void {
      permissions.request = handler;
    },
    setPermissionCheckHandler(handler: typeof permissions.check): void {
      permissions.check = handler;
    },
  },
};

const openedOutside: string[] = [];
export const shell = {
  async openExternal(url: string): Promise<void> {
    openedOutside.push(url);
  },
};

/** What only tests use: Electron has no such thing. */
export const standIn = {
  awake,
  notified,
  applicationMenu: () => applicationMenu,
  openedOutside,
  permissions,
  tray(): Tray | undefined {
    return [...trays][0];
  },
  clickTray(label: string): void {
    const item = standIn.tray()?.menu.find((each) => each.label === label);
    if (item?.enabled !== true || item.click === undefined) throw new Error(`the tray offers no "${label}"`);
    item.click();
  },
  press(accelerator: string): void {
    const pressed = shortcuts.get(accelerator);
    if (pressed === undefined) throw new Error(`nobody listens to ${accelerator}`);
    pressed();
  },
};
