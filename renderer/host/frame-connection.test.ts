import { describe, expect, test, vi } from 'vitest';
import type { ClientFrame, PortfolioView, ServerFrame } from '../../core/contract/index.ts';
import { FrameConnection } from './frame-connection.ts';
import type { ConnectionState } from './host-connection.ts';
import type { Timers, Transport, TransportListener } from './transport.ts';

class ManualTransport implements Transport {
  readonly sent: ClientFrame[] = [];
  listener: TransportListener | undefined;

  open(listener: TransportListener): void {
    this.listener = listener;
  }
  send(frame: ClientFrame): void {
    this.sent.push(frame);
  }
  retryNow(): void {
    // Nothing waits here.
  }
  close(): void {
    this.become({ kind: 'disconnected', retryAt: 0 });
  }
  become(state: ConnectionState): void {
    this.listener?.onState(state);
  }
  arrive(frame: ServerFrame | string): void {
    this.listener?.onFrame(frame);
  }
}

class ManualTimers implements Timers {
  lastDelayMs: number | null = null;
  readonly #tasks = new Set<() => void>();
  now(): number {
    return 0;
  }
  after(delayMs: number, task: () => void): () => void {
    this.lastDelayMs = delayMs;
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }
  get waiting(): number {
    return this.#tasks.size;
  }
  fire(): void {
    for (const task of [...this.#tasks]) task();
  }
}

const CONNECTED = { kind: 'connected' } as const;
const LOST = { kind: 'disconnected', retryAt: 1_000 } as const;
const point = (time: number, equity = 1) => ({ time, equity });
const stream = (
  kind: 'snapshot' | 'update',
  sequence: number,
  content: unknown,
  topic = 'equity',
): ServerFrame => ({
  type: 'stream',
  message: { topic, kind, sequence, content },
});

function connected() {
  const transport = new ManualTransport();
  const timers = new ManualTimers();
  const onFault = vi.fn();
  const connection = new FrameConnection(transport, { timers, onFault });
  transport.become(CONNECTED);
  return { transport, timers, onFault, connection };
}

describe('calls', () => {
  test('a call fails at once when disconnected, and nothing is sent later', async () => {
    const transport = new ManualTransport();
    const connection = new FrameConnection(transport);
    await expect(connection.call('killSwitch.activate', {})).rejects.toMatchObject({ code: 'DISCONNECTED' });
    transport.become(CONNECTED);
    expect(transport.sent).toEqual([]);
  });

  test('an answer reaches the call that asked', async () => {
    const { transport, timers, connection } = connected();
    const first = connection.call('health.get', {});
    const second = connection.call('health.get', {});
    transport.arrive({ type: 'result', id: 2, result: { ready: false, problems: ['feed'], components: [] } });
    transport.arrive({ type: 'result', id: 1, result: { ready: true, problems: [], components: [] } });
    await expect(first).resolves.toEqual({ ready: true, problems: [], components: [] });
    await expect(second).resolves.toEqual({ ready: false, problems: ['feed'], components: [] });
    expect(timers.waiting).toBe(0);
  });

  test('a refusal carries the code and words of the program', async () => {
    const { transport, connection } = connected();
    const call = connection.call('trading.resume', {});
    transport.arrive({
      type: 'error',
      id: 1,
      error: { code: 'CONFLICT', message: 'halted', retryable: false },
    });
    await expect(call).rejects.toMatchObject({ code: 'CONFLICT', message: 'halted' });
  });

  test('a call under way when the connection is lost fails, and says that it may have taken effect', async () => {
    const { transport, connection } = connected();
    const call = connection.call('trading.pause', {});
    transport.become(LOST);
    await expect(call).rejects.toMatchObject({
      code: 'DISCONNECTED',
      message: expect.stringContaining('took effect'),
    });
  });

  test('a call without an answer ends after its time, and a late answer is ignored', async () => {
    const { transport, timers, connection } = connected();
    const call = connection.call('status.get', {});
    timers.fire();
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
    transport.arrive({ type: 'result', id: 1, result: {} });
  });

  test('a test of a channel has the time that a channel has, and that of the message before it', () => {
    const { timers, connection } = connected();
    void connection.call('alerts.test', { channel: 'slack' }).catch(() => undefined);
    expect(timers.lastDelayMs).toBeGreaterThan(2 * 15_000);
    connection.close();
  });

  test('an answer of another shape is an error, not a surprise further on', async () => {
    const { transport, connection } = connected();
    const call = connection.call('health.get', {});
    transport.arrive({ type: 'result', id: 1, result: { ready: 'yes' } });
    await expect(call).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('closing fails what is under way', async () => {
    const { connection } = connected();
    const call = connection.call('health.get', {});
    connection.close();
    await expect(call).rejects.toMatchObject({ code: 'DISCONNECTED' });
  });
});

describe('subscriptions', () => {
  test('snapshot and consecutive updates are passed on', () => {
    const { transport, connection } = connected();
    const listener = vi.fn();
    connection.subscribe('equity', listener);
    transport.arrive(stream('snapshot', 7, [point(1)]));
    transport.arrive(stream('update', 8, [point(2)]));
    expect(listener.mock.calls).toEqual([
      [{ kind: 'snapshot', content: [point(1)] }],
      [{ kind: 'update', content: [point(2)] }],
    ]);
  });

  test('a gap in the sequence asks for a new snapshot and passes nothing on before it', () => {
    const { transport, connection } = connected();
    const listener = vi.fn();
    connection.subscribe('equity', listener);
    transport.arrive(stream('snapshot', 1, []));
    transport.arrive(stream('update', 3, [point(3)]));
    transport.arrive(stream('update', 4, [point(4)]));
    expect(listener).toHaveBeenCalledTimes(1);
    expect(transport.sent.slice(1)).toEqual([
      { type: 'unsubscribe', topic: 'equity' },
      { type: 'subscribe', topic: 'equity' },
    ]);
    transport.arrive(stream('snapshot', 4, [point(4)]));
    transport.arrive(stream('update', 5, [point(5)]));
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test('an update before any snapshot is ignored', () => {
    const { transport, connection } = connected();
    const listener = vi.fn();
    connection.subscribe('equity', listener);
    transport.arrive(stream('update', 1, [point(1)]));
    expect(listener).not.toHaveBeenCalled();
  });

  test('after a reconnect everything is subscribed again and starts from a snapshot', () => {
    const { transport, connection } = connected();
    const listener = vi.fn();
    connection.subscribe('equity', listener);
    transport.arrive(stream('snapshot', 1, []));
    transport.become(LOST);
    transport.become({ kind: 'connecting' });
    transport.become(CONNECTED);
    expect(transport.sent).toEqual([
      { type: 'subscribe', topic: 'equity' },
      { type: 'subscribe', topic: 'equity' },
    ]);
    transport.arrive(stream('update', 2, [point(2)]));
    expect(listener).toHaveBeenCalledTimes(1);
    transport.arrive(stream('snapshot', 40, [point(9)]));
    expect(listener).toHaveBeenLastCalledWith({ kind: 'snapshot', content: [point(9)] });
  });

  test('what is subscribed to while disconnected is asked for on connecting', () => {
    const transport = new ManualTransport();
    const connection = new FrameConnection(transport);
    connection.subscribe('candles:BTC/USDT', () => undefined);
    expect(transport.sent).toEqual([]);
    transport.become(CONNECTED);
    expect(transport.sent).toEqual([{ type: 'subscribe', topic: 'candles:BTC/USDT' }]);
  });

  test('the last listener that goes ends the subscription, once', () => {
    const { transport, connection } = connected();
    const first = connection.subscribe('equity', vi.fn());
    const second = connection.subscribe('equity', vi.fn());
    first();
    expect(transport.sent.at(-1)).toEqual({ type: 'subscribe', topic: 'equity' });
    second();
    second();
    expect(transport.sent.filter(({ type }) => type === 'unsubscribe')).toHaveLength(2);
    transport.arrive(stream('snapshot', 1, []));
  });

  test('a value that the program has not got yet is null', () => {
    const { transport, connection } = connected();
    const listener = vi.fn<(message: { content: PortfolioView | null }) => void>();
    connection.subscribe('portfolio', listener);
    transport.arrive(stream('snapshot', 0, null, 'portfolio'));
    expect(listener).toHaveBeenCalledWith({ kind: 'snapshot', content: null });
  });

  test.each([
    ['content of another shape', stream('snapshot', 1, [{ time: 'noon' }])],
    ['a frame that is none', 'hello'],
    [
      'a complaint that belongs to no call',
      {
        type: 'error',
        id: null,
        error: { code: 'NOT_FOUND', message: 'no topic', retryable: false },
      } as const,
    ],
  ])('%s is reported and reaches no listener', (_name, frame) => {
    const { transport, onFault, connection } = connected();
    const listener = vi.fn();
    connection.subscribe('equity', listener);
    transport.arrive(frame);
    expect(listener).not.toHaveBeenCalled();
    expect(onFault).toHaveBeenCalledOnce();
  });
});

test('state listeners hear every change until they leave', () => {
  const { transport, connection } = connected();
  const listener = vi.fn();
  const leave = connection.onState(listener);
  transport.become(LOST);
  leave();
  transport.become(CONNECTED);
  expect(listener.mock.calls).toEqual([[LOST]]);
  expect(connection.state).toEqual(CONNECTED);
});
