/** What may be asked for in the chat. Nothing that loosens is among it. */
export const TELEGRAM_COMMANDS = ['status', 'positions', 'pnl', 'pause', 'kill'] as const;
export type TelegramCommand = (typeof TELEGRAM_COMMANDS)[number];

export const TELEGRAM_HELP =
  '/status, /positions, /pnl: how things stand. /pause: nothing is entered any more. /kill: everything is cancelled and closed, at once. What lets more happen is done in the program.';

/** The command that a message begins with, its bot's name taken off; null where it is none. */
export function commandOf(text: string): TelegramCommand | null {
  const [, word] = /^\/([a-z]+)(?:@\w+)?(?:\s|$)/i.exec(text.trim()) ?? [];
  return TELEGRAM_COMMANDS.find((command) => command === word?.toLowerCase()) ?? null;
}
