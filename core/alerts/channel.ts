import type { AlertChannelName } from '../contract/index.ts';
import type { AlertMessage } from './message.ts';

/** One way out of the program. */
export interface AlertChannel {
  readonly name: AlertChannelName;
  /**
   * Hands a message over. Resolves with what the other side said of it, when that was clearly yes.
   *
   * @throws DeliveryFailure when it was not taken; anything else counts as a failure that may pass.
   */
  send(message: AlertMessage, signal: AbortSignal): Promise<string>;
}

/** A message was not taken. */
export class DeliveryFailure extends Error {
  override readonly name = 'DeliveryFailure';
  /** Whether another attempt may succeed although nobody changes anything. */
  readonly passing: boolean;
  /** How long the other side wants to be left alone. */
  readonly waitMs: number;

  constructor(
    message: string,
    { passing, waitMs = 0 }: { readonly passing: boolean; readonly waitMs?: number },
  ) {
    super(message);
    this.passing = passing;
    this.waitMs = waitMs;
  }
}
