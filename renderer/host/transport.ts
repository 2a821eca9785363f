import type { ClientFrame } from '../../core/contract/index.ts';
import type { ConnectionState } from './host-connection.ts';

export interface TransportListener {
  onState(state: ConnectionState): void;
  /** One frame as it arrived, not yet checked. */
  onFrame(frame: unknown): void;
}

/** Carries frames; knows nothing of what they mean. */
export interface Transport {
  /** Starts connecting, and keeps trying. Called once. */
  open(listener: TransportListener): void;
  /** Sends a frame. Only to be called while connected. */
  send(frame: ClientFrame): void;
  retryNow(): void;
  close(): void;
}

/** Time and timers of the platform, replaced in tests. */
export interface Timers {
  now(): number;
  /** Runs `task` once after `delayMs`; the disposer prevents it. */
  after(delayMs: number, task: () => void): () => void;
}

export const PLATFORM_TIMERS: Timers = {
  now: () => Date.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};
