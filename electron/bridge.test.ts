import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServerFrame } from '../core/contract/index.ts';
import { SILENT_LOGGER } from '../core/domain/index.ts';
import { FakeContractService, statusOf } from '../tests/contracts/fake-contract-service.ts';

const ipcMain = await vi.hoisted(async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return new Emitter();
});
vi.mock('electron', () => ({ ipcMain }));

const { connectWindow } = await import('./bridge.ts');
const CHANNEL = 'tradebot:frame';

/** As much of a window as the bridge looks at. */
class FakeContents extends EventEmitter {
  readonly mainFrame = { url: 'app://tradebot/index.html' };
  readonly sent: ServerFrame[] = [];
  readonly channels = new Set<string>();
  destroyed = false;

  isDestroyed(): boolean {
    return this.destroyed;
  }

  send(channel: string, frame: ServerFrame): void {
    this.channels.add(channel);
    this.sent.push(frame);
  }
}

function connect() {
  const service = new FakeContractService({ 'status.get': () => statusOf() });
  const contents = new FakeContents();
  const warnings: unknown[] = [];
  const log = { ...SILENT_LOGGER, warn: (fields: unknown) => warnings.push(fields) };
  // The bridge touches nothing of the window but its contents.
  const disconnect = connectWindow({ webContents: contents } as unknown as BrowserWindow, service, log);
  const send = (frame: unknown, event: object = {}): void => {
    ipcMain.emit(CHANNEL, { sender: contents, senderFrame: contents.mainFrame, ...event }, frame);
  };
  return { service, contents, warnings, disconnect, send };
}

const answered = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const CALL = { type: 'call', id: 1, method: 'status.get' };

afterEach(() => {
  ipcMain.removeAllListeners();
});

describe('the desktop bridge', () => {
  it('answers the calls of its own window', async () => {
    const { contents, send } = connect();
    send(CALL);
    await answered();
    expect(contents.sent).toMatchObject([{ type: 'result', id: 1, result: { mode: 'demo' } }]);
    expect([...contents.channels]).toEqual([CHANNEL]);
  });

  it.each([
    ['another window', { sender: new FakeContents() }],
    ['a frame that is gone', { senderFrame: null }],
    ['a frame within the page', { senderFrame: { url: 'app://tradebot/index.html' } }],
  ])('drops and logs a frame of %s', async (_sender, event) => {
    const { contents, service, warnings, send } = connect();
    send(CALL, event);
    send({ type: 'call', id: 2, method: 'killSwitch.reset', params: { confirmation: 'RESET' } }, event);
    await answered();
    expect(contents.sent).toEqual([]);
    expect(service.calls).toEqual([]);
    expect(warnings).toHaveLength(2);
  });

  it.each(['https://evil.example/', 'app://evil/index.html', 'file:///index.html', 'about:blank', ''])(
    'drops and logs what its own frame sends while it shows %s',
    async (url) => {
      const { contents, warnings, send } = connect();
      contents.mainFrame.url = url;
      send(CALL);
      await answered();
      expect(contents.sent).toEqual([]);
      expect(warnings).toEqual([{ url }]);
    },
  );

  it('answers a malformed frame', () => {
    const { contents, send } = connect();
    send({ type: 'order' });
    expect(contents.sent).toMatchObject([{ type: 'error', id: null, error: { code: 'BAD_REQUEST' } }]);
  });

  it('forgets the subscriptions of the old page when the window is reloaded', () => {
    const { contents, service, send } = connect();
    send({ type: 'subscribe', topic: 'status' });
    expect(service.openSubscriptions).toBe(1);
    contents.emit('did-navigate');
    expect(service.openSubscriptions).toBe(0);
    send({ type: 'subscribe', topic: 'alerts' });
    expect(service.openSubscriptions).toBe(1);
  });

  it('sends nothing to a window that is destroyed', async () => {
    const { contents, send } = connect();
    send(CALL);
    contents.destroyed = true;
    await answered();
    expect(contents.sent).toEqual([]);
  });

  it('hears nothing and holds nothing after it was disconnected', async () => {
    const { contents, service, disconnect, send } = connect();
    send({ type: 'subscribe', topic: 'status' });
    disconnect();
    contents.emit('did-navigate');
    send(CALL);
    await answered();
    expect(service.openSubscriptions).toBe(0);
    expect(service.calls).toEqual([]);
    expect(contents.listenerCount('did-navigate')).toBe(0);
  });
});
