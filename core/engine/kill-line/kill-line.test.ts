import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { FakeContractService, statusOf } from '../../../tests/contracts/fake-contract-service.ts';
import { CallError } from '../../contract/index.ts';
import { ManualClock, SILENT_LOGGER } from '../../domain/index.ts';
import { KillSwitch } from '../../safety/index.ts';
import { MACHINE_CLOCK, SYSTEM_TIMERS } from '../installation/system-timers.ts';
import { openKillLine, portFault } from './kill-line.ts';
import { type KillAction, killPath, killSignature, SIGNATURE_HEADER, TIMESTAMP_HEADER } from './signature.ts';

const secret = 'a secret of thirty-two characters';

async function open(reset: () => void = () => undefined) {
  const directory = mkdtempSync(join(tmpdir(), 'kill-line-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const service = new FakeContractService({
    'killSwitch.activate': () => statusOf().killSwitch,
    'killSwitch.reset': () => {
      reset();
      return statusOf().killSwitch;
    },
  });
  const alerts: string[] = [];
  const threads: Worker[] = [];
  const line = await openKillLine({
    ...{ service, log: SILENT_LOGGER, directory, secret, port: 0, timers: SYSTEM_TIMERS },
    alert: (severity, title) => alerts.push(`${severity}: ${title}`),
    start: (workerData) => {
      const thread = new Worker(new URL('./kill-line-worker.ts', import.meta.url), { workerData });
      threads.push(thread);
      return thread;
    },
  });
  onTestFinished(() => line.close());
  const send = async (action: KillAction): Promise<{ status: number; body: unknown }> => {
    const time = MACHINE_CLOCK.now();
    const headers = {
      [TIMESTAMP_HEADER]: String(time),
      [SIGNATURE_HEADER]: killSignature(secret, action, time),
    };
    const response = await fetch(`http://127.0.0.1:${line.port}${killPath(action)}`, {
      method: 'POST',
      headers,
    });
    return { status: response.status, body: await response.json() };
  };
  const latch = () => new KillSwitch({ directory, clock: new ManualClock(1) }).state();
  return { ...line, directory, service, send, latch, alerts, threads };
}

describe('the listener for signed requests', () => {
  it('latches by itself, and tells the engine', async () => {
    const { send, latch, service } = await open();
    expect(await send('activate')).toEqual({ status: 200, body: { engaged: true, durable: true } });
    expect(latch()).toMatchObject({ by: 'a signed request', from: 'signed-request' });
    await expect
      .poll(() => service.calls)
      .toEqual([
        { method: 'killSwitch.activate', params: { reason: 'a signed request', from: 'signed-request' } },
      ]);
  });

  it('latches anew after the trader has reset what it latched', async () => {
    const { send, latch, directory } = await open();
    await send('activate');
    new KillSwitch({ directory, clock: new ManualClock(1) }).reset();
    expect(latch()).toBeUndefined();
    // Another millisecond, another signature.
    await expect.poll(async () => (await send('activate')).status).toBe(200);
    expect(latch()).toBeDefined();
  });

  it('latches while the program computes and answers nobody', async () => {
    const { port, directory, latch } = await open();
    const time = MACHINE_CLOCK.now();
    const { spawn } = await import('node:child_process');
    const headers = {
      [TIMESTAMP_HEADER]: String(time),
      [SIGNATURE_HEADER]: killSignature(secret, 'activate', time),
    };
    const asking = `fetch(${JSON.stringify(`http://127.0.0.1:${port}${killPath('activate')}`)}, { method: 'POST', headers: ${JSON.stringify(headers)} })`;
    const child = spawn(process.execPath, ['-e', asking], { stdio: 'ignore' });
    onTestFinished(() => void child.kill());
    // This thread does nothing else until it is latched: not even what arrived is read.
    const until = performance.now() + 30_000;
    while (latch() === undefined && performance.now() < until)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    expect(new KillSwitch({ directory, clock: new ManualClock(1) }).engaged()).toBe(true);
  });

  it('is started again on its port when its thread dies, and says so', async () => {
    const { send, latch, alerts, threads, close } = await open();
    await threads[0]?.terminate();
    await expect.poll(() => alerts, { timeout: 20_000 }).toHaveLength(2);
    expect(alerts).toEqual([
      'critical: Nobody listens for signed requests',
      'info: Signed requests are listened for again',
    ]);
    expect((await send('activate')).status).toBe(200);
    expect(latch()).toBeDefined();
    await close();
    expect([threads.length, alerts.length]).toEqual([2, 2]);
  });

  it('releases by the reset that the trader has, and nothing else', async () => {
    const { send, service } = await open();
    expect(await send('deactivate')).toEqual({ status: 200, body: { engaged: false } });
    expect(service.calls).toEqual([{ method: 'killSwitch.reset', params: { confirmation: 'RESET' } }]);
  });

  it('releases nothing while something stands against it, and says what', async () => {
    const { send } = await open(() => {
      throw new CallError('CONFLICT', 'the kill switch stays engaged: our books and the venue do not agree');
    });
    expect(await send('deactivate')).toEqual({
      status: 409,
      body: {
        error: {
          code: 'CONFLICT',
          message: 'the kill switch stays engaged: our books and the venue do not agree',
        },
      },
    });
  });

  it('does not say what broke', async () => {
    const { send } = await open(() => {
      throw new Error('a bug with /a/path in it');
    });
    const { status, body } = await send('deactivate');
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('/a/path');
  });

  it('says which setting to change when its port is taken', async () => {
    const other = createServer();
    onTestFinished(() => void other.close());
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const service = new FakeContractService({});
    const opening = openKillLine({
      ...{ service, log: SILENT_LOGGER, directory: tmpdir(), secret, port, timers: SYSTEM_TIMERS },
      alert: () => undefined,
    });
    await expect(opening).rejects.toThrow(`port ${port}, for signed requests to the kill switch, is in use`);
    await expect(opening).rejects.toThrow('api.killPort');
  });
});

test.each([
  [
    'linux',
    81,
    'EACCES',
    'port 81 is for the system alone: choose one above 1023 with --port, whose next one is',
  ],
  ['win32', 5174, 'EACCES', 'Hyper-V'],
  ['linux', 5174, 'EADDRINUSE', 'is in use'],
  ['linux', 5174, 'EADDRNOTAVAIL', 'cannot be listened on (EADDRNOTAVAIL)'],
] as const)(
  'on %s a port %s that cannot be had (%s) is told with what it is for',
  (platform, port, code, words) => {
    const { message } = portFault(port, code, platform);
    expect(message).toContain(words);
    expect(message).toContain('for signed requests to the kill switch');
    expect(message).toMatch(/with the setting api\.killPort$/);
  },
);
