import type { ClientFrame } from '../../core/contract/index.ts';
import { backOffMs } from './back-off.ts';
import { PLATFORM_TIMERS, type Timers, type Transport, type TransportListener } from './transport.ts';

/** What is used of a WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

export interface SocketListener {
  onOpen(): void;
  onMessage(data: unknown): void;
  onClose(code: number): void;
}

export interface WebSocketTransportOptions {
  readonly connect: (listener: SocketListener) => Socket;
  /** Whether the host knows this browser; rejects when the host cannot be reached. */
  readonly isLoggedIn: () => Promise<boolean>;
  readonly timers?: Timers;
  readonly random?: () => number;
}

/** The code with which a host ends the connection of a client it does not know. */
const UNAUTHORISED_CODE = 4401;

/** A WebSocket that comes back: after a loss it tries again, later each time. */
export class WebSocketTransport implements Transport {
  readonly #options: WebSocketTransportOptions;
  readonly #timers: Timers;
  readonly #random: () => number;
  #listener: TransportListener | undefined;
  #socket: Socket | undefined;
  #stopWaiting: (() => void) | undefined;
  #attempt = 0;
  #closed = false;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
    this.#timers = options.timers ?? PLATFORM_TIMERS;
    this.#random = options.random ?? Math.random;
  }

  open(listener: TransportListener): void {
    this.#listener = listener;
    this.#connect();
  }

  send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }

  retryNow(): void {
    if (this.#socket !== undefined || this.#closed) return;
    this.#stopWaiting?.();
    this.#attempt = 0;
    this.#connect();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting?.();
    this.#socket?.close();
  }

  #connect(): void {
    this.#listener?.onState({ kind: 'connecting' });
    this.#socket = this.#options.connect({
      onOpen: () => {
        this.#attempt = 0;
        this.#listener?.onState({ kind: 'connected' });
      },
      onMessage: (data) => this.#listener?.onFrame(parseJson(data)),
      onClose: (code) => {
        this.#socket = undefined;
        if (!this.#closed) void this.#lost(code);
      },
    });
  }

  /** A refused upgrade looks to a browser like any other loss: only the session can tell. */
  async #lost(code: number): Promise<void> {
    this.#wait();
    if (code !== UNAUTHORISED_CODE && (await this.#mayBeLoggedIn())) return;
    if (this.#socket !== undefined || this.#closed) return;
    this.#stopWaiting?.();
    this.#listener?.onState({ kind: 'unauthorised' });
  }

  #wait(): void {
    const delayMs = backOffMs(this.#attempt, this.#random());
    this.#attempt += 1;
    this.#listener?.onState({ kind: 'disconnected', retryAt: this.#timers.now() + delayMs });
    this.#stopWaiting = this.#timers.after(delayMs, () => this.#connect());
  }

  async #mayBeLoggedIn(): Promise<boolean> {
    try {
      return await this.#options.isLoggedIn();
    } catch {
      // The host cannot be reached: that is no reason to ask the trader for a token.
      return true;
    }
  }
}

/** Opens a WebSocket of the browser, with the page's key as its second protocol. */
export function browserSocket(url: URL, key: string, listener: SocketListener): Socket {
  const socket = new WebSocket(url, key === '' ? ['tradebot'] : ['tradebot', key]);
  socket.onopen = () => listener.onOpen();
  socket.onmessage = ({ data }) => listener.onMessage(data);
  socket.onclose = ({ code }) => listener.onClose(code);
  return socket;
}

/** The parsed document, or what arrived, which no frame schema accepts. */
function parseJson(data: unknown): unknown {
  if (typeof data !== 'string') return data;
  try {
    return JSON.parse(data);
  } catch {
    return data;
  }
}
