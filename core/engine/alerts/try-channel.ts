import { AlertDesk, openChannels } from '../../alerts/index.ts';
import type { AlertChannelName, AlertSettings, AlertTest } from '../../contract/index.ts';
import type { Clock, Timers } from '../../domain/index.ts';
import type { Secrets } from '../installation/secrets.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface TryChannelOptions {
  readonly settings: AlertSettings;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly fetch?: typeof globalThis.fetch;
}

const STEP_MS = 100;

/** Sends a test message by a channel where no program runs that could. */
export async function tryChannel(
  channel: AlertChannelName,
  { settings, secrets, clock, timers, fetch = globalThis.fetch }: TryChannelOptions,
): Promise<AlertTest> {
  const desk = new AlertDesk({
    ...{ settings, clock, channels: openChannels({ settings, secrets, fetch }) },
    store: { write: () => undefined, recent: () => [], waiting: () => [] },
    open: () => [],
    clean: withoutSecrets(secrets),
    onTrouble: () => undefined,
  });
  const over = new AbortController();
  const result = desk.test(channel).finally(() => over.abort());
  while (!over.signal.aborted) {
    await timers.wait(STEP_MS, over.signal);
    desk.step();
  }
  await desk.close();
  return result;
}
