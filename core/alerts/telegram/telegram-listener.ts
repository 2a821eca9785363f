import { z } from 'zod';
import type { Clock, Logger, Timers, UtcMs } from '../../domain/index.ts';
import { DeliveryFailure } from '../channel.ts';
import { backOffMs } from '../delivery/back-off.ts';
import { commandOf, TELEGRAM_HELP, type TelegramCommand } from './command.ts';
import type { TelegramApi } from './telegram-api.ts';

export interface TelegramListenerOptions {
  readonly api: Pick<TelegramApi, 'call'>;
  readonly chatId: string;
  /** Does what was asked for. @returns the answer. */
  readonly act: (command: TelegramCommand, by: string) => Promise<string>;
  /** The number of the first message that was not looked at, over restarts; null: none was. */
  readonly place: { read(): number | null; write(next: number): void };
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

/** How long Telegram waits for something to say before it says that there is nothing. */
const POLL_S = 25;
const POLL_TIMEOUT_MS = 40_000;
const ANSWER_TIMEOUT_MS = 15_000;
/** What was sent so long before the program began was meant for another moment. */
const STALE_MS = 120_000;

const UpdateSchema = z.object({ update_id: z.number().int(), message: z.unknown().optional() });
const MessageSchema = z.object({
  date: z.number(),
  text: z.string().optional(),
  chat: z.object({ id: z.number() }),
  from: z.object({ first_name: z.string().optional(), username: z.string().optional() }).optional(),
});
type Message = z.infer<typeof MessageSchema>;

/** Hears what is asked for in one chat, and in no other. Never throws. */
export class TelegramListener {
  readonly #options: TelegramListenerOptions;
  readonly #startedAt: UtcMs;
  #failures = 0;

  constructor(options: TelegramListenerOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { timers, log } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#poll(signal);
        this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        this.#failures += 1;
        if (this.#failures === 1)
          log.warn({ err: error }, 'Telegram cannot be listened to: it is tried again');
        const wanted = error instanceof DeliveryFailure ? error.waitMs : 0;
        await timers.wait(Math.max(backOffMs(this.#failures), wanted), signal);
      }
    }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const { place } = this.#options;
    const offset = place.read();
    const parameters = {
      ...{ timeout: POLL_S, allowed_updates: ['message'] },
      ...(offset === null ? {} : { offset }),
    };
    const found = await this.#within(POLL_TIMEOUT_MS, 'getUpdates', parameters, signal);
    const updates = z.array(UpdateSchema).parse(found);
    for (const { update_id: number, message } of updates) {
      const read = MessageSchema.safeParse(message);
      // What is no message of a person keeps no press that follows it.
      if (read.success) await this.#hear(read.data, signal);
      // Only what was looked at is behind us: a press that was cut off by a crash is heard again.
      place.write(number + 1);
    }
  }

  async #hear({ chat, from, text = '', date }: Message, signal: AbortSignal): Promise<void> {
    const { chatId, log, act } = this.#options;
    if (String(chat.id) !== chatId) {
      log.warn({}, 'a message of another Telegram chat was not listened to');
      return;
    }
    const command = commandOf(text);
    if (command === null) return this.#answer(TELEGRAM_HELP, signal);
    if (date * 1_000 < this.#startedAt - STALE_MS) {
      return this.#answer(`/${command} was sent while the program did not run, and was not done.`, signal);
    }
    let answer: string;
    try {
      answer = await act(command, nameOf(from));
    } catch (error) {
      log.error({ err: error, command }, 'a command by Telegram failed');
      const words = error instanceof Error ? error.message : String(error);
      answer = `/${command} was NOT done: ${words}`;
    }
    await this.#answer(answer, signal);
  }

  /** What was done stays done, whether its answer arrives or not. */
  async #answer(text: string, signal: AbortSignal): Promise<void> {
    try {
      await this.#within(ANSWER_TIMEOUT_MS, 'sendMessage', { chat_id: this.#options.chatId, text }, signal);
    } catch (error) {
      this.#options.log.warn({ err: error }, 'an answer to Telegram was not taken');
    }
  }

  async #within(ms: number, method: string, parameters: object, signal: AbortSignal): Promise<unknown> {
    const over = new AbortController();
    const ended = new AbortController();
    const timeout = this.#options.timers.wait(ms, ended.signal).then(() => {
      if (!ended.signal.aborted) over.abort();
    });
    try {
      return await this.#options.api.call(method, parameters, AbortSignal.any([signal, over.signal]));
    } finally {
      ended.abort();
      await timeout;
    }
  }
}

function nameOf(from: Message['from']): string {
  const { first_name: first, username } = from ?? {};
  const names = [first, username === undefined ? undefined : `@${username}`].filter(
    (name) => name !== undefined,
  );
  return names.length === 0
    ? 'somebody in the chat'
    : names
        .join(' ')
        .replace(/\p{Cc}/gu, ' ')
        .slice(0, 60);
}
