/** How alerts get out of the program: rules, channels, and what became of each message. */
export { AlertDesk, type AlertDeskOptions, type OpenedChannel } from './alert-desk.ts';
export {
  CHANNEL_SECRETS,
  type ChannelSecrets,
  openChannels,
  openTelegram,
  usesChannels,
} from './open-channels.ts';
export { type AlertRaiser, BOOKS_KEY, RuleWatch, VENUE_KEY } from './rules/rule-watch.ts';
export type { WatchedFacts } from './rules/standing.ts';
export { TradeWatch } from './rules/trade-watch.ts';
export { TELEGRAM_HELP, type TelegramCommand } from './telegram/command.ts';
export { TelegramListener } from './telegram/telegram-listener.ts';
