import { z } from 'zod';
import {
  AlertDesk,
  type OpenedChannel,
  openChannels,
  openTelegram,
  RuleWatch,
  TelegramListener,
  TradeWatch,
  type WatchedFacts,
} from '../../alerts/index.ts';
import {
  ALERT_CHANNEL_WORDS,
  type AlertSettings,
  type AlertsView,
  type AlertTest,
  CallError,
  type MethodParsedParams,
  ORIGIN_WORDS,
  type PositionView,
} from '../../contract/index.ts';
import type {
  Clock,
  DeliveryStore,
  Logger,
  Position,
  RoundTrip,
  StateStore,
  Timers,
} from '../../domain/index.ts';
import { type AlertCenter, shownAlert } from '../../monitoring/index.ts';
import type { Secrets } from '../installation/secrets.ts';
import { endsWithin } from '../loop/within.ts';
import type { EngineService } from '../service/client-session.ts';
import { tradeView } from '../views/account-views.ts';
import { telegramAnswer } from './telegram-answers.ts';
import { withoutSecrets } from './without-secrets.ts';

export interface AlertsAtWorkParts {
  readonly settings: AlertSettings;
  readonly secrets: Secrets;
  readonly center: AlertCenter;
  readonly deliveries: DeliveryStore;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly fetch: typeof globalThis.fetch;
  /** The account's currency. */
  readonly quote: string;
  /** What is open now, with and without a price. */
  readonly open: () => readonly Pick<Position, 'symbol' | 'openedAt'>[];
  readonly positions: () => readonly PositionView[];
  readonly facts: () => WatchedFacts;
  readonly log: Logger;
}

/** Where the messages of the chat were last looked at. */
const PLACE = 'telegram';
const PlaceSchema = z.number().int();

/** How long the end of the program waits for what is to be told. */
const DRAIN_MS = 3_000;

/** What the trader is to know, told by every channel that is turned on. */
export class AlertsAtWork {
  readonly #parts: AlertsAtWorkParts;
  readonly #channels: readonly OpenedChannel[];
  readonly #desk: AlertDesk;
  readonly #rules: RuleWatch;
  readonly #trades: TradeWatch;

  constructor(parts: AlertsAtWorkParts) {
    this.#parts = parts;
    const { settings, secrets, center, deliveries: store, clock, fetch, quote, open } = parts;
    this.#channels = openChannels({ settings, secrets, fetch });
    this.#desk = new AlertDesk({
      ...{ settings, clock, store },
      channels: this.#channels,
      open: () => center.open,
      clean: withoutSecrets(secrets),
      onTrouble: (channel, problem) => {
        const key = `channel ${channel}`;
        if (problem === null) {
          center.over(key);
          return;
        }
        const title = `Alerts do not get out by ${ALERT_CHANNEL_WORDS[channel]}`;
        center.raise('warning', title, problem, { key });
      },
    });
    this.#rules = new RuleWatch(center, settings);
    this.#trades = new TradeWatch(center, quote, open());
    center.onAlert((alert) => this.#desk.take(alert));
  }

  /** A round trip has ended. */
  closed(trip: RoundTrip): void {
    this.#trades.closed(tradeView(trip));
  }

  /** Says what keeps a channel that is turned on from working. */
  tellWhatLacks(): void {
    for (const channel of this.#channels) {
      if (!('lacks' in channel)) continue;
      const title = `Alerts do not get out by ${ALERT_CHANNEL_WORDS[channel.name]}`;
      this.#parts.center.raise('warning', title, channel.lacks, { key: `channel ${channel.name}` });
    }
  }

  /** To be called every second or so: looks, tells, and sends what is due. Waits for nothing. */
  step(): void {
    const { positions, open, facts, clock } = this.#parts;
    try {
      this.#trades.look(positions(), open());
      this.#rules.look(facts(), clock.now());
    } finally {
      // What cannot be looked at now keeps nothing from getting out.
      this.#desk.step();
    }
  }

  view(): AlertsView {
    const { center } = this.#parts;
    return { alerts: [...center.recent()], open: center.open.map(shownAlert), ...this.#desk.view() };
  }

  acknowledge({ id, from = 'api' }: MethodParsedParams<'alerts.acknowledge'>): AlertsView {
    const by = `the trader ${ORIGIN_WORDS[from]}`.trim();
    if (this.#parts.center.acknowledge(id, by) === 0 && id !== undefined)
      throw new CallError('NOT_FOUND', `no critical alert ${id} waits to be acknowledged`);
    return this.view();
  }

  test({ channel }: MethodParsedParams<'alerts.test'>): Promise<AlertTest> {
    return this.#desk.test(channel);
  }

  /** Hears what is asked for in the Telegram chat, until the signal aborts; at once where that is not turned on. */
  async listen(service: Pick<EngineService, 'call'>, state: StateStore, signal: AbortSignal): Promise<void> {
    const { settings, secrets, fetch, clock, timers, log } = this.#parts;
    const { enabled, commands, chatId } = settings.telegram;
    const api = openTelegram({ settings, secrets, fetch });
    if (!enabled || !commands || chatId === null || api === null) return;
    const listener = new TelegramListener({
      ...{ api, chatId, clock, timers, log },
      act: (command, by) => telegramAnswer(service, command, by),
      place: {
        read: () => PlaceSchema.safeParse(state.read(PLACE)).data ?? null,
        write: (next) => state.write(PLACE, next),
      },
    });
    await listener.run(signal);
  }

  /** Sends what is due for a while, then ends; what is left goes out at the next start. */
  async close(): Promise<void> {
    await endsWithin(this.#parts.timers, DRAIN_MS, this.#desk.drain());
    await this.#desk.close();
  }
}
