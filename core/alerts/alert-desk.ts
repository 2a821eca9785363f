import {
  ALERT_CHANNELS,
  ALERT_RULE_WORDS,
  ALERT_RULES,
  type AlertChannelName,
  type AlertChannelView,
  type AlertSettings,
  type AlertsView,
  type AlertTest,
  type Severity,
} from '../contract/index.ts';
import type { AlertRecord, Clock, DeliveryStore, UtcMs } from '../domain/index.ts';
import type { AlertChannel } from './channel.ts';
import { ChannelQueue } from './delivery/channel-queue.ts';
import { type MessageWords, reminderMessage, weighs } from './message.ts';
import { ChannelGate } from './routing/channel-gate.ts';
import { isQuiet } from './routing/quiet-hours.ts';

/** A channel that is turned on, or what it lacks. */
export type OpenedChannel =
  | {
      readonly name: AlertChannelName;
      readonly least: Severity;
      readonly channel: AlertChannel;
      readonly to: string;
    }
  | { readonly name: AlertChannelName; readonly least: Severity; readonly lacks: string };

export interface AlertDeskOptions {
  readonly settings: AlertSettings;
  readonly channels: readonly OpenedChannel[];
  /** The wall's. */
  readonly clock: Clock;
  readonly store: DeliveryStore;
  /** Critical alerts that nobody has acknowledged, oldest first. */
  readonly open: () => readonly AlertRecord[];
  /** Takes out of a text what must not be told. */
  readonly clean: (text: string) => string;
  /** Told when a channel begins to fail, and, with null, when it works again. */
  readonly onTrouble: (channel: AlertChannelName, problem: string | null) => void;
}

interface Line {
  readonly name: AlertChannelName;
  readonly least: Severity;
  readonly to: string;
  readonly gate: ChannelGate;
  readonly queue: ChannelQueue;
}

const RECENT = 100;
const MINUTE_MS = 60_000;

/**
 * Takes alerts and gets them out by every channel that is turned on. Taking one only notes it: everything else happens
 * in `step`, which waits for nobody either.
 */
export class AlertDesk {
  readonly #options: AlertDeskOptions;
  readonly #lines: readonly Line[];
  /** When the trader was last reminded of what he has not acknowledged. */
  #remindedAt: UtcMs;
  #count = 0;

  constructor(options: AlertDeskOptions) {
    this.#options = options;
    const { settings, clock, store, clean, onTrouble } = options;
    this.#remindedAt = clock.now();
    this.#lines = options.channels.flatMap((opened) => {
      if ('lacks' in opened) return [];
      const { name, least, channel, to } = opened;
      const gate = new ChannelGate({ ...settings, least });
      const queue = new ChannelQueue({
        ...{ channel, clock, store, clean },
        isQuiet: () => isQuiet(settings.quietHours, clock.now()),
        onTrouble: (problem) => onTrouble(name, problem),
      });
      return [{ name, least, to, gate, queue }];
    });
  }

  take(alert: AlertRecord): void {
    const now = this.#options.clock.now();
    // The first critical one has its whole time to be seen.
    if (this.#options.open().length <= 1) this.#remindedAt = now;
    for (const line of this.#lines) this.#add(line, line.gate.take(alert, now), now);
  }

  /** To be called every second or so. Never throws, and waits for nothing. */
  step(): void {
    const now = this.#options.clock.now();
    const reminder = this.#reminder(now);
    for (const line of this.#lines) {
      this.#add(line, line.gate.step(now), now);
      if (reminder !== null && weighs('critical', line.least)) this.#add(line, [reminder], now);
      line.queue.step();
    }
  }

  /** Sends a test message by one channel, ahead of whatever waits there. Needs `step`, as everything does. */
  test(name: AlertChannelName): Promise<AlertTest> {
    const line = this.#lines.find((each) => each.name === name);
    if (line === undefined) {
      const opened = this.#options.channels.find((each) => each.name === name);
      const message =
        opened !== undefined && 'lacks' in opened ? opened.lacks : `turned off: set alerts.${name}.enabled`;
      return Promise.resolve({ channel: name, sent: false, message });
    }
    const now = this.#options.clock.now();
    const words: MessageWords = {
      kind: 'test',
      severity: 'info',
      title: 'LLM-TradeBot: a test',
      text: 'This is how alerts look here.',
    };
    return new Promise((resolve) => {
      line.queue.add({ ...words, ...this.#nextId(name, now), time: now }, (result) =>
        resolve({ channel: name, ...result }),
      );
      line.queue.step();
    });
  }

  view(): Pick<AlertsView, 'channels' | 'rules' | 'isQuiet' | 'deliveries'> {
    const { settings, clock, store } = this.#options;
    return {
      channels: ALERT_CHANNELS.map((name) => this.#channelView(name)),
      rules: ALERT_RULES.map((rule) => {
        const as = settings.rules[rule];
        const severity = as === undefined || as === 'off' ? null : as;
        return { rule, name: ALERT_RULE_WORDS[rule], sent: as !== 'off', severity };
      }),
      isQuiet: isQuiet(settings.quietHours, clock.now()),
      deliveries: [...store.recent(RECENT)],
    };
  }

  /** Sends what is due, and is done when nothing is. What then still waits is found by the next start. */
  async drain(): Promise<void> {
    const now = this.#options.clock.now();
    for (const line of this.#lines) this.#add(line, line.gate.empty(), now);
    await Promise.all(
      this.#lines.map(async ({ queue }) => {
        while (queue.isDue && queue.problem === null) {
          queue.step();
          await queue.settled();
        }
      }),
    );
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    for (const { queue } of this.#lines) queue.close();
    await Promise.all(this.#lines.map(({ queue }) => queue.settled()));
  }

  #channelView(name: AlertChannelName): AlertChannelView {
    const line = this.#lines.find((each) => each.name === name);
    const opened = this.#options.channels.find((each) => each.name === name);
    if (line !== undefined) {
      const { problem, waiting, lastSentAt } = line.queue;
      return {
        ...{ channel: name, least: line.least, lastSentAt },
        state: problem === null ? 'ready' : 'failing',
        message: problem ?? line.to,
        waiting: waiting + line.gate.waiting,
      };
    }
    const nothing = { channel: name, waiting: 0, lastSentAt: null };
    if (opened !== undefined && 'lacks' in opened)
      return { ...nothing, state: 'lacking', message: opened.lacks, least: opened.least };
    return {
      ...nothing,
      state: 'off',
      message: `turned off: set alerts.${name}.enabled`,
      least: this.#options.settings[name].least,
    };
  }

  /** What nobody has acknowledged is told again, after a while and whatever the hour. */
  #reminder(now: UtcMs): MessageWords | null {
    const { settings, open } = this.#options;
    const alerts = open();
    if (settings.repeatMinutes === null || alerts.length === 0) {
      this.#remindedAt = now;
      return null;
    }
    if (now - this.#remindedAt < settings.repeatMinutes * MINUTE_MS) return null;
    this.#remindedAt = now;
    const sent = alerts.filter(
      ({ rule }) => settings.rules[rule] === undefined || settings.rules[rule] === 'critical',
    );
    return sent.length === 0 ? null : reminderMessage(sent);
  }

  #add(line: Line, messages: readonly MessageWords[], now: UtcMs): void {
    for (const words of messages) line.queue.add({ ...words, ...this.#nextId(line.name, now), time: now });
  }

  #nextId(name: AlertChannelName, now: UtcMs): { readonly id: string } {
    this.#count += 1;
    return { id: `${name}-${now}-${this.#count}` };
  }
}
