import { describe, expect, test } from 'vitest';
import { type AlertChannel, DeliveryFailure } from '../channel.ts';
import { message, queueScene, START } from '../testing/queue-scene.ts';
import { backOffMs } from './back-off.ts';
import { SEND_TIMEOUT_MS } from './channel-queue.ts';

/** A channel that answers as the test tells it. */
function scripted(answer: (id: string) => Promise<string>) {
  const sent: string[] = [];
  const channel: AlertChannel = {
    name: 'slack',
    send: ({ id }) => {
      sent.push(id);
      return answer(id);
    },
  };
  return { sent, ...queueScene(channel) };
}

const refused = new DeliveryFailure('answered 403: invalid_token', { passing: false });
const down = new DeliveryFailure('answered 503', { passing: true });

test('waits grow from 5 s to 5 min', () => {
  expect([1, 2, 3, 4, 7, 20].map(backOffMs)).toEqual([5_000, 10_000, 20_000, 40_000, 300_000, 300_000]);
});

test('messages leave one a step, critical ones first', async () => {
  const { queue, sent, tried, fates } = scripted(async () => 'ok');
  queue.add(message('a'));
  queue.add(message('b'));
  queue.add(message('c', { severity: 'critical' }));
  await tried();
  await tried();
  await tried();
  await tried();
  expect(sent).toEqual(['c', 'a', 'b']);
  expect(fates().map(({ state, attempts }) => [state, attempts])).toEqual(Array(3).fill(['sent', 1]));
  expect(queue.lastSentAt).toBe(START);
});

test('what fails is tried again after waits that grow, until it is taken; the trader is told of both once', async () => {
  let works = false;
  const { queue, sent, tried, fates, troubles } = scripted(async () => {
    if (works) return 'ok';
    throw down;
  });
  queue.add(message('a'));
  await tried();
  await tried(4_999);
  expect(sent).toHaveLength(1);
  await tried(1);
  await tried(9_999);
  expect(sent).toHaveLength(2);
  expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 2, problem: 'answered 503' }]);
  works = true;
  await tried(1);
  expect(fates()).toEqual([{ id: 'a', state: 'sent', attempts: 3, problem: null }]);
  expect(troubles).toEqual(['answered 503', null]);
  expect(queue.problem).toBeNull();
});

test('what is refused for good is not tried again, and keeps nothing else', async () => {
  const { queue, sent, tried, fates } = scripted(async (id) => {
    if (id === 'a') throw refused;
    return 'ok';
  });
  queue.add(message('a'));
  queue.add(message('b'));
  await tried();
  await tried(5_000);
  expect(sent).toEqual(['a', 'b']);
  expect(fates().map(({ state }) => state)).toEqual(['refused', 'sent']);
});

test('a server that asks for more time gets it', async () => {
  const { queue, sent, tried } = scripted(async () => {
    throw new DeliveryFailure('answered 429', { passing: true, waitMs: 90_000 });
  });
  queue.add(message('a'));
  await tried();
  await tried(89_999);
  expect(sent).toHaveLength(1);
  await tried(1);
  expect(sent).toHaveLength(2);
});

test('a channel that never answers holds up nobody for longer than its time, whatever it makes of the signal', async () => {
  const { queue, clock, fates } = scripted(() => new Promise(() => undefined));
  queue.add(message('a'));
  queue.step();
  clock.advanceTo(START + SEND_TIMEOUT_MS - 1);
  queue.step();
  expect(fates()[0]?.attempts).toBe(0);
  clock.advanceTo(START + SEND_TIMEOUT_MS);
  queue.step();
  await queue.settled();
  expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 1, problem: 'no answer within 15 s' }]);
});

test('a channel that throws before it sends fails like any other', async () => {
  const { queue, tried, fates } = scripted(() => {
    throw new TypeError('a bug');
  });
  queue.add(message('a'));
  await tried();
  expect(fates()).toEqual([{ id: 'a', state: 'waiting', attempts: 1, problem: 'a bug' }]);
});

test('a day later it interests nobody any more', async () => {
  const { queue, tried, fates } = scripted(async () => {
    throw down;
  });
  queue.add(message('a'));
  await tried();
  await tried(24 * 3_600_000);
  expect(fates()).toEqual([{ id: 'a', state: 'given-up', attempts: 1, problem: 'answered 503' }]);
  expect(queue.waiting).toBe(0);
});

test('of too many the oldest of what weighs least go', () => {
  const { queue, fates } = scripted(async () => 'ok');
  queue.add(message('critical', { severity: 'critical' }));
  queue.add(message('info', { severity: 'info' }));
  for (let number = 0; number < 200; number += 1) queue.add(message(`${number}`));
  expect(queue.waiting).toBe(200);
  const gone = fates().filter(({ state }) => state === 'given-up');
  expect(gone.map(({ id }) => id)).toEqual(['info', '0']);
});

test('a restart goes on with what waited', async () => {
  const first = scripted(async () => {
    throw down;
  });
  first.queue.add(message('a'));
  await first.tried();
  const sent: string[] = [];
  const { ChannelQueue } = await import('./channel-queue.ts');
  const queue = new ChannelQueue({
    channel: {
      name: 'slack',
      send: async ({ id, title }) => {
        sent.push(`${id} ${title}`);
        return 'ok';
      },
    },
    ...{ clock: first.clock, store: first.store, clean: (text: string) => text },
    ...{ isQuiet: () => false, onTrouble: () => undefined },
  });
  queue.step();
  await queue.settled();
  expect(sent).toEqual(['a title a']);
  expect(first.fates()).toEqual([{ id: 'a', state: 'sent', attempts: 2, problem: null }]);
});

test('in the quiet hours only what is critical leaves, however long the rest has waited', async () => {
  const { queue, sent, tried, setQuiet } = scripted(async () => 'ok');
  setQuiet(true);
  queue.add(message('a'));
  queue.add(message('b', { severity: 'critical' }));
  await tried();
  await tried(60_000);
  expect(sent).toEqual(['b']);
  setQuiet(false);
  await tried();
  expect(sent).toEqual(['b', 'a']);
});

describe('a test', () => {
  test('goes before everything, at once, and once', async () => {
    const { queue, sent, tried, fates } = scripted(async () => {
      throw down;
    });
    queue.add(message('a', { severity: 'critical' }));
    await tried();
    const told: unknown[] = [];
    queue.add(message('test', { kind: 'test' }), (result) => told.push(result));
    await tried();
    expect(sent).toEqual(['a', 'test']);
    expect(told).toEqual([{ sent: false, message: 'answered 503' }]);
    expect(fates().at(-1)).toMatchObject({ id: 'test', state: 'refused' });
  });

  test('that is taken lets what waited go at once', async () => {
    let works = false;
    const { queue, sent, tried } = scripted(async () => {
      if (!works) throw down;
      return 'taken';
    });
    queue.add(message('a'));
    await tried();
    works = true;
    const told: unknown[] = [];
    queue.add(message('test', { kind: 'test' }), (result) => told.push(result));
    await tried();
    await tried();
    expect(told).toEqual([{ sent: true, message: 'taken' }]);
    expect(sent).toEqual(['a', 'test', 'a']);
  });
});
