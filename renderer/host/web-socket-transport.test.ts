import { describe, expect, test, vi } from 'vitest';
import { backOffMs } from './back-off.ts';
import type { ConnectionState } from './host-connection.ts';
import type { Timers } from './transport.ts';
import { type SocketListener, WebSocketTransport } from './web-socket-transport.ts';

function setUp(isLoggedIn: () => Promise<boolean> = async () => true) {
  const sockets: SocketListener[] = [];
  const sent: string[] = [];
  const states: ConnectionState[] = [];
  const frames: unknown[] = [];
  let waiting: { delayMs: number; task: () => void } | undefined;
  const timers: Timers = {
    now: () => 1_000,
    after: (delayMs, task) => {
      waiting = { delayMs, task };
      return () => {
        waiting = undefined;
      };
    },
  };
  const close = vi.fn();
  const transport = new WebSocketTransport({
    connect: (listener) => {
      sockets.push(listener);
      return { send: (text) => sent.push(text), close };
    },
    isLoggedIn,
    timers,
    random: () => 1,
  });
  transport.open({ onState: (state) => states.push(state), onFrame: (frame) => frames.push(frame) });
  const socket = (): SocketListener => {
    const last = sockets.at(-1);
    if (last === undefined) throw new TypeError('no socket was opened');
    return last;
  };
  return { transport, sockets, socket, sent, states, frames, close, waiting: () => waiting };
}

/** Lets every promise that can settle do so. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
const ABNORMAL = 1006;

describe('a web socket', () => {
  test('frames go out and come in as JSON', () => {
    const { transport, socket, sent, frames } = setUp();
    socket().onOpen();
    transport.send({ type: 'subscribe', topic: 'status' });
    socket().onMessage('{"type":"result"}');
    socket().onMessage('not json');
    socket().onMessage(7);
    expect(sent).toEqual(['{"type":"subscribe","topic":"status"}']);
    expect(frames).toEqual([{ type: 'result' }, 'not json', 7]);
  });

  test('a lost connection is tried again, later each time, and a success starts over', async () => {
    const { socket, states, waiting } = setUp();
    const delays: (number | undefined)[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      socket().onClose(ABNORMAL);
      await settled();
      delays.push(waiting()?.delayMs);
      waiting()?.task();
    }
    expect(delays).toEqual([500, 1_000, 2_000]);
    socket().onOpen();
    socket().onClose(ABNORMAL);
    expect(waiting()?.delayMs).toBe(500);
    expect(states.at(-1)).toEqual({ kind: 'disconnected', retryAt: 1_500 });
  });

  test.each([
    ['the host closes with 4401', 4401, async () => true],
    ['the session is refused', ABNORMAL, async () => false],
  ])('%s: the trader must log in, and no attempt is made until then', async (_name, code, isLoggedIn) => {
    const { transport, socket, sockets, states, waiting } = setUp(isLoggedIn);
    socket().onClose(code);
    await settled();
    expect(states.at(-1)).toEqual({ kind: 'unauthorised' });
    expect(waiting()).toBeUndefined();
    transport.retryNow();
    expect(sockets).toHaveLength(2);
  });

  test('a host that cannot be reached is no reason to log in', async () => {
    const { socket, states } = setUp(async () => Promise.reject(new TypeError('fetch failed')));
    socket().onClose(ABNORMAL);
    await settled();
    expect(states.at(-1)).toMatchObject({ kind: 'disconnected' });
  });

  test('an answer about the session that comes after a new attempt began changes nothing', async () => {
    const { socket, states, waiting } = setUp(async () => false);
    socket().onClose(ABNORMAL);
    waiting()?.task();
    await settled();
    expect(states.at(-1)).toEqual({ kind: 'connecting' });
  });

  test('trying now does nothing while a connection is there', () => {
    const { transport, socket, sockets } = setUp();
    socket().onOpen();
    transport.retryNow();
    expect(sockets).toHaveLength(1);
  });

  test('after closing nothing is tried again', () => {
    const { transport, socket, sockets, close, waiting } = setUp();
    transport.close();
    socket().onClose(1000);
    transport.retryNow();
    expect(close).toHaveBeenCalledOnce();
    expect(waiting()).toBeUndefined();
    expect(sockets).toHaveLength(1);
  });
});

describe('waiting between attempts', () => {
  test.each([
    [0, 0, 250],
    [0, 1, 500],
    [3, 0.5, 3_000],
    [4, 1, 8_000],
    [5, 1, 10_000],
    [500, 0, 5_000],
  ])('attempt %i with luck %d waits %i ms', (attempt, random, expected) => {
    expect(backOffMs(attempt, random)).toBe(expected);
  });
});
