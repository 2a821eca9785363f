import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';

/** Waits up to this are over at once, as if the time had passed: retries need nobody's help. */
const SHORT_MS = 5_000;

/** Time that passes when a test says so; short waits pass by themselves and are written down. */
export class ManualTimers extends VirtualTimers {
  /** The short waits so far, in ms. */
  readonly waits: number[] = [];

  override async wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms > SHORT_MS || signal?.aborted === true) return super.wait(ms, signal);
    this.waits.push(ms);
    await this.pass(ms);
  }
}
