import { EventEmitter } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Which application the stand-in runs: what Electron reads from the folder named on its command line. */
export interface Manifest {
  readonly main: string;
  readonly version: string;
  readonly productName: string;
}

export function readManifest(folder: string): Manifest {
  // The application's own manifest, whose main, version and name Electron needs as well.
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** An event of Electron's whose default can be prevented. */
export class PreventableEvent {
  defaultPrevented = false;

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

interface ClosableWindow {
  close(): void;
  isDestroyed(): boolean;
}

/** Electron's `app`, as far as one window's life needs it. */
class Application extends EventEmitter {
  readonly isPackaged = false;
  readonly #manifest = readManifest(process.env['STAND_IN_APPLICATION'] ?? '.');
  readonly #ready = Promise.withResolvers<void>();
  readonly #windows = new Set<ClosableWindow>();
  #lock: string | undefined;

  getLoginItemSettings(): { readonly wasOpenedAtLogin: boolean } {
    return { wasOpenedAtLogin: false };
  }

  becomeReady(): void {
    this.#ready.resolve();
    this.emit('ready');
  }

  async whenReady(): Promise<void> {
    return this.#ready.promise;
  }

  getVersion(): string {
    return this.#manifest.version;
  }

  getName(): string {
    return this.#manifest.productName;
  }

  /** As Electron does it on Linux. */
  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`the stand-in knows no path of ${name}`);
    const configuration = process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config');
    const path = join(configuration, this.#manifest.productName);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** The first process notes its number; a later one wakes it with a signal and gets no lock. */
  requestSingleInstanceLock(): boolean {
    const path = join(this.getPath('userData'), 'stand-in-lock');
    const holder = runningHolder(path);
    if (holder !== undefined) {
      process.kill(holder, 'SIGUSR2');
      return false;
    }
    writeFileSync(path, String(process.pid));
    this.#lock = path;
    process.on('SIGUSR2', () => this.emit('second-instance', new PreventableEvent(), [], process.cwd()));
    return true;
  }

  addWindow(window: ClosableWindow): void {
    this.#windows.add(window);
  }

  removeWindow(window: ClosableWindow): void {
    this.#windows.delete(window);
    if (this.#windows.size > 0) return;
    if (this.listenerCount('window-all-closed') === 0) this.quit();
    else this.emit('window-all-closed');
  }

  quit(): void {
    const event = new PreventableEvent();
    this.emit('before-quit', event);
    if (event.defaultPrevented) return;
    for (const window of this.#windows) window.close();
    if ([...this.#windows].some((window) => !window.isDestroyed())) return;
    this.emit('will-quit', new PreventableEvent());
    this.exit(0);
  }

  exit(code = 0): void {
    if (this.#lock !== undefined) rmSync(this.#lock, { force: true });
    this.emit('quit', new PreventableEvent(), code);
    process.exit(code);
  }
}

function runningHolder(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, 'utf8'));
    process.kill(holder, 0);
    return holder;
  } catch {
    // Nobody was here, or whoever was is gone.
    return undefined;
  }
}

export const app = new Application();
