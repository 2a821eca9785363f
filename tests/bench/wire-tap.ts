import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** A request that has reached a server of this process. */
export interface Arrival {
  readonly method: string;
  readonly url: string;
  /** By `performance.now()`. */
  readonly at: number;
}

const CHANNEL = 'http.server.request.start';

/** Notes when requests reach the servers of this process: before any of them is read. */
export class WireTap {
  #arrivals: Arrival[] = [];

  constructor() {
    subscribe(CHANNEL, this.#note);
  }

  /** What has come since it was last asked. */
  take(): readonly Arrival[] {
    const taken = this.#arrivals;
    this.#arrivals = [];
    return taken;
  }

  close(): void {
    unsubscribe(CHANNEL, this.#note);
  }

  // Node hands out what it documents for this channel.
  readonly #note = (message: unknown): void => {
    const { request } = message as { readonly request: IncomingMessage };
    this.#arrivals.push({ method: request.method ?? '', url: request.url ?? '', at: performance.now() });
  };
}
