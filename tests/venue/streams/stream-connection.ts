import type { WebSocket } from 'ws';

/** One open socket. */
export class StreamConnection {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Public streams that were subscribed to here. */
  readonly streams = new Set<string>();
  /** Whose user events go here, and in what wrapping; null: nobody's. */
  user: { readonly account: string; readonly wrap: (event: unknown) => unknown } | null = null;
  /** True: it looks open and nothing comes or goes, answers to pings included. */
  silent = false;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, url: string) {
    const [path = '', query = ''] = url.split('?', 2);
    this.path = path;
    this.query = new URLSearchParams(query);
    this.#socket = socket;
  }

  /** Whether frames name their stream. */
  get isCombined(): boolean {
    return this.path.split('/').includes('stream');
  }

  send(message: unknown): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(frame: string): void {
    if (!this.silent && this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  pong(data: Buffer): void {
    if (!this.silent) this.#socket.pong(data);
  }

  /** Resolves when the other end has read all that was said to it before; at once where nothing gets there. */
  heard(): Promise<void> {
    const socket = this.#socket;
    if (this.silent || socket.readyState !== socket.OPEN) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        socket.off('pong', done).off('close', done);
        resolve();
      };
      // Frames stay in their order: who answers this has read what came before.
      socket.on('pong', done).on('close', done).ping();
    });
  }

  /** Ends it without a goodbye. */
  drop(): void {
    this.#socket.terminate();
  }
}
