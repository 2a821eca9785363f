import type { AlertChannel } from '../channel.ts';
import type { AlertMessage } from '../message.ts';
import type { TelegramApi } from '../telegram/telegram-api.ts';

const MARKS = { info: 'ℹ️', warning: '⚠️', critical: '🚨' } as const;

/** A message to the configured chat, as plain text: nothing in it can be taken for a format. */
export class TelegramChannel implements AlertChannel {
  readonly name = 'telegram';
  readonly #api: TelegramApi;
  readonly #chatId: string;

  constructor(api: TelegramApi, chatId: string) {
    this.#api = api;
    this.#chatId = chatId;
  }

  async send({ title, text, severity }: AlertMessage, signal: AbortSignal): Promise<string> {
    const words = `${MARKS[severity]} ${title}\n${text}`;
    // What is mere information makes no sound.
    const silent = severity === 'info';
    await this.#api.call(
      'sendMessage',
      { chat_id: this.#chatId, text: words, disable_notification: silent },
      signal,
    );
    return 'Telegram has taken it';
  }
}
