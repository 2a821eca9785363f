import type { AlertChannelName, AlertSettings } from '../contract/index.ts';
import type { OpenedChannel } from './alert-desk.ts';
import type { AlertChannel } from './channel.ts';
import { EmailChannel } from './channels/email.ts';
import { SlackChannel } from './channels/slack.ts';
import { TelegramChannel } from './channels/telegram.ts';
import { WebhookChannel } from './channels/webhook.ts';
import { TelegramApi } from './telegram/telegram-api.ts';

/** What the program may ask for to open channels. */
export interface ChannelSecrets {
  read(name: string): string | undefined;
}

interface Opening {
  readonly settings: AlertSettings;
  readonly secrets: ChannelSecrets;
  readonly fetch: typeof globalThis.fetch;
}

/** A channel with where it sends to in words, or the name of the secret that it lacks. */
type Opened = { readonly channel: AlertChannel; readonly to: string } | { readonly lacks: string };

const OPEN: Readonly<Record<AlertChannelName, (opening: Opening) => Opened>> = {
  slack: ({ secrets, fetch }) => {
    const url = addressOf(secrets, 'slack.webhookUrl');
    return 'lacks' in url
      ? url
      : { channel: new SlackChannel(url.address, fetch), to: `to the webhook at ${url.host}` };
  },
  email: ({ settings, secrets }) => {
    const { email } = settings;
    const { host, from, user } = email;
    if (host === null || from === null) return { lacks: 'lacks alerts.email.host or alerts.email.from' };
    const password = secrets.read('email.password') ?? null;
    if (user !== null && password === null)
      // After a colon it would be taken for the password, and be told as redacted.
      return { lacks: 'lacks its password, which `tradebot keys set email.password` keeps' };
    const channel = new EmailChannel({ settings: { ...email, host, from }, password });
    return { channel, to: `to ${email.to.join(', ')} by ${host}` };
  },
  telegram: ({ settings, secrets, fetch }) => {
    const { chatId } = settings.telegram;
    const api = openTelegram({ settings, secrets, fetch });
    if (chatId === null) return { lacks: 'lacks alerts.telegram.chatId' };
    if (api === null) return { lacks: 'lacks its token, which `tradebot keys set telegram.botToken` keeps' };
    return { channel: new TelegramChannel(api, chatId), to: `to the chat ${chatId}` };
  },
  webhook: ({ settings, secrets, fetch }) => {
    const url = addressOf(secrets, 'webhook.url');
    if ('lacks' in url) return url;
    const token = secrets.read('webhook.token') ?? null;
    const { webhook } = settings;
    const channel = new WebhookChannel({ url: url.address, token, settings: webhook, fetch });
    return {
      channel,
      to: `as ${webhook.body === null ? webhook.template : 'JSON of your own'} to ${url.host}`,
    };
  },
};

/** Opens every channel that is turned on. Nothing is sent, and nobody is asked. */
export function openChannels(opening: Opening): readonly OpenedChannel[] {
  const names = Object.keys(OPEN) as readonly AlertChannelName[];
  return names.flatMap((name): OpenedChannel[] => {
    const { enabled, least } = opening.settings[name];
    return enabled ? [{ name, least, ...OPEN[name](opening) }] : [];
  });
}

/** Whether any channel is turned on: only then secrets are asked for. */
export function usesChannels(settings: AlertSettings): boolean {
  const names = Object.keys(OPEN) as readonly AlertChannelName[];
  return names.some((name) => settings[name].enabled);
}

/** The secrets that the channels ask for. */
export const CHANNEL_SECRETS = [
  'slack.webhookUrl',
  'webhook.url',
  'webhook.token',
  'email.password',
  'telegram.botToken',
] as const;

/** Telegram, where there is a token for it. */
export function openTelegram({ settings, secrets, fetch }: Opening): TelegramApi | null {
  const token = secrets.read('telegram.botToken');
  return token === undefined ? null : new TelegramApi({ apiRoot: settings.telegram.apiRoot, token, fetch });
}

/** A secret that is an address: of it only the host is ever said. */
function addressOf(
  secrets: ChannelSecrets,
  name: string,
): { readonly address: string; readonly host: string } | { readonly lacks: string } {
  const address = secrets.read(name);
  if (address === undefined) return { lacks: `lacks its address: \`tradebot keys set ${name}\`` };
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    return { lacks: `${name} is no address that begins with https://: \`tradebot keys set ${name}\`` };
  if (url.username !== '' || url.password !== '')
    return { lacks: `${name} must be without a name and password: a token belongs into webhook.token` };
  return { address, host: url.host };
}
