import type { ClientFrame } from '../../core/contract/index.ts';
import type { Transport, TransportListener } from './transport.ts';

/** What the desktop's preload script gives the page. */
export interface DesktopBridge {
  send(frame: ClientFrame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
}

declare global {
  interface Window {
    readonly tradebot?: DesktopBridge;
  }
}

/** The desktop's bridge lives and dies with the window: it is always connected. */
export class DesktopTransport implements Transport {
  readonly #bridge: DesktopBridge;
  #stop: (() => void) | undefined;

  constructor(bridge: DesktopBridge) {
    this.#bridge = bridge;
  }

  open(listener: TransportListener): void {
    this.#stop = this.#bridge.onFrame((frame) => listener.onFrame(frame));
    listener.onState({ kind: 'connected' });
  }

  send(frame: ClientFrame): void {
    this.#bridge.send(frame);
  }

  retryNow(): void {
    // There is nothing to wait for.
  }

  close(): void {
    this.#stop?.();
  }
}
