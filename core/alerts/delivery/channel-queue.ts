import type { AlertTest, DeliveryView } from '../../contract/index.ts';
import type { Clock, DeliveryStore, UtcMs } from '../../domain/index.ts';
import { type AlertChannel, DeliveryFailure } from '../channel.ts';
import type { AlertMessage } from '../message.ts';
import { backOffMs } from './back-off.ts';

export interface ChannelQueueOptions {
  readonly channel: AlertChannel;
  readonly clock: Clock;
  readonly store: DeliveryStore;
  /** Takes out of a text what must not be told. */
  readonly clean: (text: string) => string;
  /** Whether what is not critical waits now. */
  readonly isQuiet: () => boolean;
  /** Told when the channel begins to fail, and, with null, when it works again. */
  readonly onTrouble: (problem: string | null) => void;
}

/** An answer that has not come by then does not come. */
export const SEND_TIMEOUT_MS = 15_000;
/** What could not be delivered for so long interests nobody any more. */
const GIVEN_UP_MS = 24 * 3_600_000;
const MOST_WAITING = 200;
const TIMED_OUT = `no answer within ${SEND_TIMEOUT_MS / 1_000} s`;

interface Item extends DeliveryView {
  /** Tried once, whatever becomes of it, and told. */
  readonly onEnd?: (result: Pick<AlertTest, 'sent' | 'message'>) => void;
}

interface Attempt {
  readonly item: Item;
  readonly startedAt: UtcMs;
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/**
 * The messages of one channel, one after another: what is critical first, again and again until it is taken, with waits
 * that grow. Moved by `step` alone, so that nobody waits for it.
 */
export class ChannelQueue {
  readonly #options: ChannelQueueOptions;
  #items: readonly Item[];
  #attempt: Attempt | null = null;
  #failures = 0;
  #restUntil: UtcMs = 0;
  #problem: string | null = null;
  #lastSentAt: UtcMs | null = null;

  constructor(options: ChannelQueueOptions) {
    this.#options = options;
    const { store, channel } = options;
    this.#items = store
      .waiting()
      .filter((each) => each.channel === channel.name && each.kind !== 'test')
      .slice(-MOST_WAITING);
  }

  get waiting(): number {
    return this.#items.length;
  }

  /** Why the last attempt failed; null: it did not. */
  get problem(): string | null {
    return this.#problem;
  }

  get lastSentAt(): UtcMs | null {
    return this.#lastSentAt;
  }

  add(message: AlertMessage, onEnd?: Item['onEnd']): void {
    const { channel, clean } = this.#options;
    const { id, time, kind, severity } = message;
    const item: Item = {
      ...{ id, time, kind, severity, channel: channel.name, state: 'waiting' },
      ...{ title: clean(message.title), text: clean(message.text) },
      ...{ attempts: 0, nextAt: time, endedAt: null, problem: null },
      ...(onEnd === undefined ? {} : { onEnd }),
    };
    this.#items = [...this.#items, item];
    this.#note(item);
    if (this.#items.length > MOST_WAITING) this.#dropOne();
  }

  /** Begins the next attempt, or ends one that takes too long. To be called every second or so. */
  step(): void {
    const now = this.#options.clock.now();
    if (this.#attempt !== null) {
      if (now - this.#attempt.startedAt >= SEND_TIMEOUT_MS) this.#attempt.abort.abort();
      return;
    }
    this.#giveUpOld(now);
    const item = this.#next(now);
    if (item !== undefined) this.#attempt = this.#begin(item, now);
  }

  /** The attempt under way, if there is one. */
  async settled(): Promise<void> {
    await this.#attempt?.ended;
  }

  /** Ends the attempt under way; what waits is found by the next start. */
  close(): void {
    this.#attempt?.abort.abort();
  }

  /** Whether something could be sent now. */
  get isDue(): boolean {
    return this.#attempt !== null || this.#next(this.#options.clock.now()) !== undefined;
  }

  #next(now: UtcMs): Item | undefined {
    // A test is the trader's own word, and no reason to wait.
    const test = this.#items.find(({ onEnd }) => onEnd !== undefined);
    if (test !== undefined) return test;
    if (now < this.#restUntil) return undefined;
    const critical = this.#items.find(({ severity }) => severity === 'critical');
    return critical ?? (this.#options.isQuiet() ? undefined : this.#items[0]);
  }

  #begin(item: Item, startedAt: UtcMs): Attempt {
    const abort = new AbortController();
    const timedOut = new Promise<never>((_, reject) => {
      abort.signal.addEventListener('abort', () => reject(new DeliveryFailure(TIMED_OUT, { passing: true })));
    });
    const sent = (async () => this.#options.channel.send(item, abort.signal))();
    // Whichever loses the race fails for nobody.
    sent.catch(() => undefined);
    timedOut.catch(() => undefined);
    const ended = Promise.race([sent, timedOut]).then(
      (said) => this.#taken(item, said),
      (error: unknown) => this.#failed(item, error),
    );
    return { item, startedAt, abort, ended };
  }

  #taken(item: Item, said: string): void {
    const now = this.#options.clock.now();
    this.#attempt = null;
    this.#failures = 0;
    this.#restUntil = now;
    this.#lastSentAt = now;
    this.#end(item, { state: 'sent', attempts: item.attempts + 1, endedAt: now, problem: null });
    item.onEnd?.({ sent: true, message: this.#options.clean(said) });
    this.#tell(null);
  }

  #failed(item: Item, error: unknown): void {
    const now = this.#options.clock.now();
    const words = error instanceof Error ? error.message : String(error);
    const problem = this.#options.clean(words);
    const { passing, waitMs } = error instanceof DeliveryFailure ? error : { passing: true, waitMs: 0 };
    const attempts = item.attempts + 1;
    this.#attempt = null;
    this.#failures += 1;
    this.#restUntil = Math.max(this.#restUntil, now + Math.max(waitMs, backOffMs(this.#failures)));
    if (item.onEnd !== undefined || !passing) {
      this.#end(item, { state: 'refused', attempts, endedAt: now, problem });
      item.onEnd?.({ sent: false, message: problem });
    } else {
      const waiting: Item = { ...item, attempts, nextAt: this.#restUntil, problem };
      this.#items = this.#items.map((each) => (each.id === item.id ? waiting : each));
      this.#note(waiting);
    }
    this.#tell(problem);
  }

  #tell(problem: string | null): void {
    const changed = (this.#problem === null) !== (problem === null);
    this.#problem = problem;
    if (changed) this.#options.onTrouble(problem);
  }

  #giveUpOld(now: UtcMs): void {
    for (const item of this.#items) {
      if (now - item.time < GIVEN_UP_MS) continue;
      this.#end(item, { state: 'given-up', endedAt: now, problem: item.problem ?? 'it was too old' });
    }
  }

  /** Too much waits: the oldest of what weighs least goes. */
  #dropOne(): void {
    const [oldest] = this.#items;
    const least =
      this.#items.find(({ severity }) => severity === 'info') ??
      this.#items.find(({ severity }) => severity === 'warning') ??
      oldest;
    if (least === undefined || least.id === this.#attempt?.item.id) return;
    const endedAt = this.#options.clock.now();
    this.#end(least, { state: 'given-up', endedAt, problem: `more than ${MOST_WAITING} messages waited` });
  }

  #end(item: Item, end: Partial<DeliveryView>): void {
    this.#items = this.#items.filter(({ id }) => id !== item.id);
    this.#note({ ...item, ...end, nextAt: null });
  }

  #note({ onEnd: _, ...delivery }: Item): void {
    this.#options.store.write(delivery);
  }
}
