/**
 * The text of the script that runs in every page before the page's own: it gives the preload a sandboxed preload's
 * `require('electron')`. Real Electron keeps the preload in a world of its own; here it shares the page's, so nothing
 * about isolation is proven.
 *
 * @param preload source of the built preload, a CommonJS module.
 */
export function pageScript(preload: string): string {
  const names = JSON.stringify([SEND, DELIVER]);
  return `(${hostPreload.toString()})(${names}, (require, module, exports) => {\n${preload}\n});`;
}

/** Names under which page and process find each other. */
export const SEND = '__standInSend';
export const DELIVER = '__standInDeliver';

type Listener = (event: unknown, ...values: unknown[]) => void;
type Preload = (require: (name: string) => unknown, module: object, exports: object) => void;

/** Runs in the page: it may use nothing from outside itself. */
function hostPreload([sendName, deliverName]: readonly [string, string], preload: Preload): void {
  const world = globalThis as unknown as Record<string, unknown>;
  const send = world[sendName] as (channel: string, values: unknown[]) => void;
  const listeners = new Map<string, Set<Listener>>();
  const listenersOf = (channel: string): Set<Listener> => {
    const known = listeners.get(channel) ?? new Set();
    listeners.set(channel, known);
    return known;
  };
  Object.defineProperty(world, deliverName, {
    value: (channel: string, values: unknown[]) => {
      for (const listener of listenersOf(channel)) listener({}, ...values);
    },
  });
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, api: object) => {
        Object.defineProperty(world, name, { value: Object.freeze(api), enumerable: true });
      },
    },
    ipcRenderer: {
      send: (channel: string, ...values: unknown[]) => send(channel, values),
      on: (channel: string, listener: Listener) => listenersOf(channel).add(listener),
      removeListener: (channel: string, listener: Listener) => listenersOf(channel).delete(listener),
    },
  };
  const module = { exports: {} };
  preload(
    (name) => {
      if (name === 'electron') return electron;
      throw new Error(`a sandboxed preload cannot require ${name}`);
    },
    module,
    module.exports,
  );
}
