import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { FakeContractService, statusOf } from '../../tests/contracts/fake-contract-service.ts';
import { CallError, type ServerFrame } from '../contract/index.ts';
import { SILENT_LOGGER } from '../domain/index.ts';
import { ClientSocket } from './client-socket.ts';
import { FrameGate } from './frame-gate.ts';

/** A client that takes what it is sent only when told to. */
class Reader extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  isPaused = false;
  bufferedAmount = 0;
  readonly got: ServerFrame[] = [];
  readonly #taken: (() => void)[] = [];

  send(text: string, taken: () => void): void {
    this.got.push(JSON.parse(text) as ServerFrame);
    this.bufferedAmount += text.length;
    this.#taken.push(taken);
  }
  read(): void {
    this.bufferedAmount = 0;
    for (const taken of this.#taken.splice(0)) taken();
  }
  pause(): void {
    this.isPaused = true;
  }
  resume(): void {
    this.isPaused = false;
  }
  ask(frame: unknown): void {
    this.emit('message', JSON.stringify(frame));
  }
}

/** An answer that fills what may wait for a client. */
const LONG = 'x'.repeat(300_000);

function open(): { reader: Reader; service: FakeContractService; stops: () => number } {
  let stops = 0;
  const service = new FakeContractService({
    'status.get': () => statusOf({ version: LONG }),
    'killSwitch.activate': () => {
      stops += 1;
      return statusOf().killSwitch;
    },
  });
  const reader = new Reader();
  // Of a WebSocket this is all that is used.
  new ClientSocket(reader as unknown as WebSocket, service, new FrameGate(), SILENT_LOGGER);
  return { reader, service, stops: () => stops };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('a client that does not read gets no second answer before it has taken the first', async () => {
  const { reader } = open();
  for (let id = 0; id < 20; id += 1) reader.ask({ type: 'call', id, method: 'status.get' });
  await settled();
  expect(reader.got).toHaveLength(1);
  reader.read();
  await settled();
  expect(reader.got).toHaveLength(2);
});

it('the engine is asked for one answer at a time where it is only read', async () => {
  const { reader, service } = open();
  for (let id = 0; id < 60; id += 1) reader.ask({ type: 'call', id, method: 'status.get' });
  await settled();
  expect(service.calls).toHaveLength(1);
});

it('what takes long holds up neither what only reads nor seven more of its kind', async () => {
  const done = Promise.withResolvers<[]>();
  const service = new FakeContractService({
    'llm.test': () => done.promise,
    'positions.list': () => [],
  });
  const reader = new Reader();
  new ClientSocket(reader as unknown as WebSocket, service, new FrameGate(), SILENT_LOGGER);
  for (let id = 0; id < 9; id += 1) reader.ask({ type: 'call', id, method: 'llm.test' });
  reader.ask({ type: 'call', id: 9, method: 'positions.list' });
  await settled();
  expect(service.calls.map(({ method }) => method)).toEqual([
    ...Array.from({ length: 8 }, () => 'llm.test'),
    'positions.list',
  ]);
  expect(reader.got).toMatchObject([{ type: 'result', id: 9 }]);
  done.resolve([]);
  await settled();
  expect(service.calls).toHaveLength(10);
});

it('every question is answered in the end, in the order of asking, when the client reads', async () => {
  const { reader } = open();
  for (let id = 0; id < 40; id += 1) reader.ask({ type: 'call', id, method: 'status.get' });
  for (let each = 0; each < 60; each += 1) {
    await settled();
    reader.read();
  }
  expect(reader.got.map((frame) => (frame.type === 'result' ? frame.id : -1))).toEqual(
    Array.from({ length: 40 }, (_, id) => id),
  );
});

it('nothing more is read from a client that has 64 questions waiting, until it takes answers', async () => {
  const { reader } = open();
  for (let id = 0; id < 100; id += 1) reader.ask({ type: 'call', id, method: 'status.get' });
  await settled();
  expect(reader.isPaused).toBe(true);
  for (let each = 0; each < 50; each += 1) {
    reader.read();
    await settled();
  }
  expect(reader.isPaused).toBe(false);
});

it('the emergency stop waits for no answer to be taken', async () => {
  const { reader, stops } = open();
  for (let id = 0; id < 60; id += 1) reader.ask({ type: 'call', id, method: 'status.get' });
  await settled();
  reader.ask({ type: 'call', id: 99, method: 'killSwitch.activate' });
  await settled();
  expect(stops()).toBe(1);
});

it('a stream that the client could not take starts anew with a snapshot once it reads', async () => {
  const { reader, service } = open();
  service.hub.set('status', statusOf());
  reader.ask({ type: 'subscribe', topic: 'status' });
  reader.ask({ type: 'call', id: 1, method: 'status.get' });
  await settled();
  for (const trading of ['halted', 'running'] as const) {
    service.hub.set('status', statusOf({ trading }));
    service.hub.flush();
  }
  expect(reader.got.map(({ type }) => type)).toEqual(['stream', 'result']);
  reader.read();
  await settled();
  expect(reader.got.slice(2)).toMatchObject([
    { message: { kind: 'snapshot', content: { trading: 'running' } } },
  ]);
});

it('a stream that the client left meanwhile does not come back', async () => {
  const { reader, service } = open();
  service.hub.set('status', statusOf());
  reader.ask({ type: 'subscribe', topic: 'status' });
  reader.ask({ type: 'call', id: 1, method: 'status.get' });
  await settled();
  service.hub.set('status', statusOf({ trading: 'halted' }));
  service.hub.flush();
  reader.ask({ type: 'unsubscribe', topic: 'status' });
  reader.read();
  await settled();
  service.hub.set('status', statusOf({ trading: 'running' }));
  service.hub.flush();
  reader.read();
  await settled();
  expect(
    reader.got.slice(2).filter((frame) => frame.type === 'stream' && frame.message.kind === 'update'),
  ).toEqual([]);
});

it('what comes after the client is gone is sent to nobody, and its streams end', async () => {
  const { reader, service } = open();
  service.hub.set('status', statusOf());
  reader.ask({ type: 'subscribe', topic: 'status' });
  await settled();
  reader.readyState = 3;
  reader.emit('close');
  expect(service.openSubscriptions).toBe(0);
  reader.ask({ type: 'call', id: 1, method: 'status.get' });
  await settled();
  expect(reader.got).toHaveLength(1);
});

it('malformed text is answered', async () => {
  const { reader } = open();
  reader.emit('message', 'not JSON');
  reader.emit('message', 'null');
  await settled();
  expect(reader.got).toMatchObject([
    { type: 'error', id: null },
    { type: 'error', id: null },
  ]);
});

it.each(['killSwitch.activate', 'trading.pause'])(
  'a client that takes no answers is not answered without end, however often it calls %s',
  async (method) => {
    let done = 0;
    const act = (): never => {
      done += 1;
      throw new CallError('FORBIDDEN', 'not with this token');
    };
    const service = new FakeContractService({
      'status.get': () => statusOf({ version: LONG }),
      'killSwitch.activate': act,
      'trading.pause': act,
    });
    const reader = new Reader();
    new ClientSocket(reader as unknown as WebSocket, service, new FrameGate(), SILENT_LOGGER);
    reader.ask({ type: 'call', id: 300, method: 'status.get' });
    await settled();
    for (let id = 0; id < 300; id += 1) {
      reader.ask({ type: 'call', id, method });
      await settled();
    }
    expect(done).toBeLessThanOrEqual(72);
    expect(reader.isPaused).toBe(true);
    for (let each = 0; each < 400; each += 1) {
      reader.read();
      await settled();
    }
    expect(reader.isPaused).toBe(false);
    expect(reader.got).toHaveLength(301);
  },
);
