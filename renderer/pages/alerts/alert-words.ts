import {
  ALERT_CHANNEL_WORDS,
  type AlertChannelName,
  type AlertChannelView,
  type AlertsView,
  type AlertView,
  type DeliveryView,
  type Severity,
} from '../../../core/contract/index.ts';
import { clock, dateTime } from '../../format/index.ts';

/** Words of the Alerts page. What stands between backticks is to be typed or is a name in the settings file. */

export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  info: 'information',
  warning: 'warning',
  critical: 'critical',
};

export const CHANNEL_STATE_WORDS: Readonly<Record<AlertChannelView['state'], string>> = {
  off: 'off',
  lacking: 'not ready',
  ready: 'ready',
  failing: 'failing',
};

export const DELIVERY_STATE_WORDS: Readonly<Record<DeliveryView['state'], string>> = {
  waiting: 'waiting',
  sent: 'sent',
  refused: 'refused',
  'given-up': 'given up',
};

export const DELIVERY_KIND_WORDS: Readonly<Record<DeliveryView['kind'], string>> = {
  alert: 'alert',
  digest: 'several as one',
  reminder: 'reminder',
  test: 'test',
};

/** What has to be done for a channel that is off. */
const SET_UP: Readonly<Record<AlertChannelName, string>> = {
  slack:
    'Set `alerts.slack.enabled` to `true` and keep the address of its webhook: `tradebot keys set slack.webhookUrl`',
  email:
    'Set `host`, `from`, `to` and `enabled` of `alerts.email`; where the server asks for a password, `user` too, and keep it: `tradebot keys set email.password`',
  telegram:
    "Set `chatId` and `enabled` of `alerts.telegram` and keep the bot's token: `tradebot keys set telegram.botToken`",
  webhook:
    'ntfy, Discord, Gotify or a server of your own: set `template` and `enabled` of `alerts.webhook` and keep its address: `tradebot keys set webhook.url`',
};

/** Where a channel sends to, or what it lacks and what to do about it. */
export function channelWords({ channel, state, message }: AlertChannelView): string {
  switch (state) {
    case 'off':
      return SET_UP[channel];
    case 'lacking':
      return sentence(message);
    case 'ready':
      return `Has all that it needs, and sends ${message}`;
    case 'failing':
      return `Has all that it needs, but the last message did not get out: ${message}`;
  }
}

/** When something last got out by a channel, as far back as is known; null: it never did. */
export function lastSentAt(
  { channel, lastSentAt: since }: AlertChannelView,
  deliveries: readonly DeliveryView[],
): number | null {
  const ends = deliveries
    .filter((delivery) => delivery.channel === channel && delivery.state === 'sent')
    .map(({ endedAt, time }) => endedAt ?? time);
  const latest = Math.max(since ?? Number.NEGATIVE_INFINITY, ...ends);
  return Number.isFinite(latest) ? latest : null;
}

/** The last message that failed, or fails still; null: none of those that are shown. */
export function lastFailure(
  channel: AlertChannelName,
  deliveries: readonly DeliveryView[],
): { readonly at: number; readonly problem: string } | null {
  const failures = deliveries.flatMap(({ channel: by, endedAt, time, problem }) =>
    by === channel && problem !== null ? [{ at: endedAt ?? time, problem }] : [],
  );
  const at = Math.max(...failures.map((failure) => failure.at));
  return failures.find((failure) => failure.at === at) ?? null;
}

/** What a rule weighs. */
export function weightWords({ sent, severity }: AlertsView['rules'][number]): string {
  if (!sent) return 'off';
  return severity === null ? 'as usual' : SEVERITY_WORDS[severity];
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** By which channels a rule's alerts get out. */
export function routeWords(
  { rule, sent, severity }: AlertsView['rules'][number],
  channels: readonly AlertChannelView[],
): string {
  if (!sent) return `Only shown here: \`alerts.rules.${rule}\` is \`off\``;
  const on = channels.filter(({ state }) => state !== 'off');
  if (on.length === 0) return 'Only shown here: no channel is turned on';
  const takers = on.filter(({ least }) => severity === null || WEIGHT[severity] >= WEIGHT[least]);
  if (takers.length === 0) return 'Only shown here: every channel takes only what weighs more';
  const named = (each: AlertChannelView): string =>
    `${ALERT_CHANNEL_WORDS[each.channel]}${severity === null ? leastWords(each.least) : ''}`;
  const list = (of: readonly AlertChannelView[]): string => of.map(named).join(', ');
  const ready = takers.filter(({ state }) => state !== 'lacking');
  const lacking = takers.filter(({ state }) => state === 'lacking');
  if (lacking.length === 0) return list(ready);
  const later = `${list(lacking)} once ${lacking.length === 1 ? 'it is' : 'they are'} ready`;
  return ready.length === 0 ? `Nowhere yet: ${later}` : `${list(ready)}; ${later}`;
}

function leastWords(least: Severity): string {
  if (least === 'info') return '';
  return least === 'critical' ? ' (critical ones)' : ' (from warnings on)';
}

/** What became of a message: how often it was tried, why that failed, when it is tried again. */
export function outcomeWords({ state, attempts, nextAt, endedAt, problem }: DeliveryView): string {
  const tried = attempts > 1 ? `after ${attempts} attempts` : '';
  if (state === 'sent')
    return [endedAt === null ? '' : `at ${clock(endedAt)}`, tried].filter(Boolean).join(', ');
  const next =
    state === 'waiting' && attempts > 0 && nextAt !== null ? `tried again at ${clock(nextAt)}` : '';
  return [problem ?? '', tried, next].filter(Boolean).join(', ');
}

/** Whether somebody has to say that he has seen it, and who did. */
export function seenWords({ severity, acknowledged }: AlertView): string {
  if (acknowledged !== null) return `${acknowledged.by}, ${dateTime(acknowledged.at)}`;
  return severity === 'critical' ? 'waits for you' : '';
}

/** Words as the program gives them, in lower case, as a sentence begins. */
function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
