import { ManualClock } from '../../domain/index.ts';
import type { AlertChannel } from '../channel.ts';
import { ChannelQueue } from '../delivery/channel-queue.ts';
import type { AlertMessage } from '../message.ts';
import { MemoryDeliveryStore } from './memory-delivery-store.ts';

export const START = Date.UTC(2026, 0, 5, 12);

export function message(id: string, change: Partial<AlertMessage> = {}): AlertMessage {
  const words = { title: `title ${id}`, text: `text ${id}` };
  return { id, time: START, kind: 'alert', severity: 'warning', ...words, ...change };
}

/** One channel behind its queue, with a clock that the test moves. */
export function queueScene(channel: AlertChannel, clean = (text: string) => text) {
  const clock = new ManualClock(START);
  const store = new MemoryDeliveryStore();
  const troubles: (string | null)[] = [];
  let quiet = false;
  const queue = new ChannelQueue({
    ...{ channel, clock, store, clean },
    isQuiet: () => quiet,
    onTrouble: (problem) => troubles.push(problem),
  });
  return {
    ...{ clock, store, troubles, queue },
    setQuiet(is: boolean): void {
      quiet = is;
    },
    /** Lets time pass and one attempt be made, to its end. */
    async tried(afterMs = 0): Promise<void> {
      clock.advanceTo(clock.now() + afterMs);
      queue.step();
      await queue.settled();
    },
    /** What became of each message, oldest first. */
    fates: () =>
      store
        .recent(999)
        .toReversed()
        .map(({ id, state, attempts, problem }) => ({ id, state, attempts, problem })),
  };
}
