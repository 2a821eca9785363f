import { openChannels } from '../../alerts/index.ts';
import type { AlertChannelName, AlertSettings } from '../../contract/index.ts';
import { TraderError } from '../../domain/index.ts';
import type { Secrets } from '../installation/secrets.ts';

/**
 * Where a channel would send to, or that it is off. Nothing is sent, and nobody is asked.
 *
 * @throws TraderError that says what a channel lacks that is turned on, and what to do.
 */
export function channelReadiness(
  channel: AlertChannelName,
  settings: AlertSettings,
  secrets: Pick<Secrets, 'read'>,
): string {
  const opened = openChannels({ settings, secrets, fetch: globalThis.fetch }).find(
    ({ name }) => name === channel,
  );
  if (opened === undefined) return `off: set alerts.${channel}.enabled to turn it on`;
  if ('lacks' in opened) throw new TraderError('bad-input', opened.lacks);
  return `ready, ${opened.to}; \`tradebot alerts test ${channel}\` sends a test`;
}
