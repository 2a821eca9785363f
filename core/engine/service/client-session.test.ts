import { describe, expect, it } from 'vitest';
import { FakeContractService, statusOf } from '../../../tests/contracts/fake-contract-service.ts';
import { CallError, type ServerFrame } from '../../contract/index.ts';
import { SILENT_LOGGER, TraderError } from '../../domain/index.ts';
import { ClientSession, serveCall } from './client-session.ts';

function connect(service = new FakeContractService({ 'status.get': () => statusOf() })) {
  const frames: ServerFrame[] = [];
  const session = new ClientSession(service, (frame) => frames.push(frame), SILENT_LOGGER);
  return { service, session, frames };
}

/** Calls are answered after the promise jobs that are queued now. */
async function answered(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('serveCall', () => {
  it('fills in the defaults of the parameters', async () => {
    const service = new FakeContractService({ 'orders.list': () => [] });
    await expect(serveCall(service, 'orders.list', {}, SILENT_LOGGER)).resolves.toEqual([]);
    expect(service.calls).toEqual([{ method: 'orders.list', params: { limit: 200 } }]);
  });

  it.each([
    ['no such method', 'money.print', {}, 'NOT_FOUND', 'there is no method money.print'],
    [
      "a method's name from Object.prototype",
      'constructor',
      {},
      'NOT_FOUND',
      'there is no method constructor',
    ],
    ['a wrong parameter', 'orders.list', { limit: 'all' }, 'BAD_REQUEST', 'orders.list.limit'],
    ['an unknown parameter', 'orders.list', { colour: 1 }, 'BAD_REQUEST', 'orders.list.colour: unknown key'],
    ['no word of confirmation', 'killSwitch.reset', { confirmation: 'yes' }, 'BAD_REQUEST', 'RESET'],
  ])('refuses %s before the engine sees it', async (_fault, method, params, code, message) => {
    const service = new FakeContractService();
    const call = serveCall(service, method, params, SILENT_LOGGER);
    await expect(call).rejects.toMatchObject({ name: 'CallError', code });
    await expect(call).rejects.toThrow(message);
    expect(service.calls).toEqual([]);
  });

  it('tells an expected failure as it is', async () => {
    const call = serveCall(new FakeContractService(), 'status.get', {}, SILENT_LOGGER);
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', retryable: true });
  });

  it.each([
    ['bad-input', 'BAD_REQUEST'],
    ['failure', 'UNAVAILABLE'],
  ] as const)('tells what is meant for the trader as it is: %s is %s', async (kind, code) => {
    const service = new FakeContractService({
      'status.get': () => {
        throw new TraderError(kind, ['one fault', 'another']);
      },
    });
    const call = serveCall(service, 'status.get', {}, SILENT_LOGGER);
    await expect(call).rejects.toMatchObject({ name: 'CallError', code, message: 'one fault; another' });
  });

  it('says nothing of the inside when something breaks, and logs it', async () => {
    const logged: unknown[] = [];
    const log = { ...SILENT_LOGGER, error: (fields: unknown) => logged.push(fields) };
    const cause = new Error('secret path /home/someone');
    const service = new FakeContractService({
      'status.get': () => {
        throw cause;
      },
    });
    const call = serveCall(service, 'status.get', {}, log);
    await expect(call).rejects.toEqual(new CallError('INTERNAL', 'status.get failed: see the log'));
    expect(logged).toEqual([{ err: cause, method: 'status.get' }]);
  });
});

describe('ClientSession', () => {
  it('answers a call under the number it came with', async () => {
    const { session, frames } = connect();
    void session.receive({ type: 'call', id: 7, method: 'status.get' });
    await answered();
    expect(frames).toEqual([{ type: 'result', id: 7, result: statusOf() }]);
  });

  it('answers a failed call with its error', async () => {
    const { session, frames } = connect(new FakeContractService());
    void session.receive({ type: 'call', id: 8, method: 'status.get', params: {} });
    await answered();
    expect(frames).toEqual([
      {
        type: 'error',
        id: 8,
        error: { code: 'UNAVAILABLE', message: 'status.get is not ready', retryable: true },
      },
    ]);
  });

  it.each([
    ['text that is no JSON', 'hello'],
    ['nothing', null],
    ['a frame of no type', {}],
    ['an unknown type', { type: 'order', symbol: 'BTC/USDT' }],
    ['a call without a number', { type: 'call', method: 'status.get' }],
    ['a negative number', { type: 'call', id: -1, method: 'status.get' }],
    ['a key too many', { type: 'subscribe', topic: 'status', admin: true }],
    ['a topic beyond length', { type: 'subscribe', topic: 'x'.repeat(101) }],
  ])('answers %s with an error without a number', (_fault, frame) => {
    const { session, frames, service } = connect();
    void session.receive(frame);
    expect(frames).toMatchObject([{ type: 'error', id: null, error: { code: 'BAD_REQUEST' } }]);
    expect(service.calls).toEqual([]);
  });

  it('streams a topic until it is unsubscribed', () => {
    const { session, frames, service } = connect();
    service.hub.set('status', statusOf());
    void session.receive({ type: 'subscribe', topic: 'status' });
    service.hub.set('status', statusOf({ trading: 'paused' }));
    service.hub.flush();
    void session.receive({ type: 'unsubscribe', topic: 'status' });
    void session.receive({ type: 'unsubscribe', topic: 'status' });
    service.hub.set('status', statusOf({ trading: 'halted' }));
    service.hub.flush();
    expect(frames).toMatchObject([
      { type: 'stream', message: { topic: 'status', kind: 'snapshot', sequence: 1 } },
      {
        type: 'stream',
        message: { topic: 'status', kind: 'update', sequence: 2, content: { trading: 'paused' } },
      },
    ]);
    expect(service.openSubscriptions).toBe(0);
  });

  it('gives a second subscriber of the same connection a new snapshot, not a second stream', () => {
    const { session, frames, service } = connect();
    void session.receive({ type: 'subscribe', topic: 'alerts' });
    void session.receive({ type: 'subscribe', topic: 'alerts' });
    expect(frames.map((frame) => frame.type === 'stream' && frame.message.kind)).toEqual([
      'snapshot',
      'snapshot',
    ]);
    expect(service.openSubscriptions).toBe(1);
  });

  it.each(['weather', 'candles', 'constructor', 'candles:NOT/TRADED'])('refuses the topic %s', (topic) => {
    const { session, frames } = connect();
    void session.receive({ type: 'subscribe', topic });
    expect(frames).toMatchObject([{ type: 'error', id: null, error: { code: 'NOT_FOUND' } }]);
  });

  it('outlives a stream that breaks: one bad page must not end the engine', () => {
    const service = new FakeContractService();
    service.subscribe = () => {
      throw new TypeError('a bug');
    };
    const { session, frames } = connect(service);
    void session.receive({ type: 'subscribe', topic: 'status' });
    expect(frames).toMatchObject([{ type: 'error', id: null, error: { code: 'INTERNAL' } }]);
  });

  it('ends every stream when it closes', () => {
    const { session, service, frames } = connect();
    void session.receive({ type: 'subscribe', topic: 'status' });
    void session.receive({ type: 'subscribe', topic: 'alerts' });
    expect(service.openSubscriptions).toBe(2);
    session.close();
    expect(service.openSubscriptions).toBe(0);
    service.hub.set('status', statusOf());
    service.hub.flush();
    expect(frames).toHaveLength(2);
  });
});
