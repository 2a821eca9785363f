import { expect, test, vi } from 'vitest';
import { DesktopTransport } from './desktop-transport.ts';

test('the bridge is connected from the start, carries frames both ways, and lets go when closed', () => {
  const stop = vi.fn();
  const send = vi.fn();
  let arrive: (frame: unknown) => void = () => undefined;
  const transport = new DesktopTransport({
    send,
    onFrame: (listener) => {
      arrive = listener;
      return stop;
    },
  });
  const onState = vi.fn();
  const onFrame = vi.fn();
  transport.open({ onState, onFrame });
  transport.send({ type: 'subscribe', topic: 'status' });
  arrive({ type: 'result', id: 1, result: null });
  transport.retryNow();
  transport.close();
  expect(onState.mock.calls).toEqual([[{ kind: 'connected' }]]);
  expect(send).toHaveBeenCalledWith({ type: 'subscribe', topic: 'status' });
  expect(onFrame).toHaveBeenCalledWith({ type: 'result', id: 1, result: null });
  expect(stop).toHaveBeenCalledOnce();
});
