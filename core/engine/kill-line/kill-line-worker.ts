import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { KillSwitch } from '../../safety/index.ts';
import { presserOf } from '../emergency/presser.ts';
import { MACHINE_CLOCK } from '../installation/system-timers.ts';
import type { Release } from './kill-answers.ts';
import {
  type FromKillLine,
  type KillLineData,
  SIGNED_REASON,
  type ToKillLine,
} from './kill-line-protocol.ts';
import { createKillServer } from './kill-server.ts';
import { SignedRequests } from './signed-requests.ts';

/** A thread of its own: it latches while the program computes, hangs, or answers a hundred others. */

/** How long a release waits for the program. */
const PATIENCE_MS = 5_000;

if (parentPort !== null) listen(parentPort);

function listen(port: NonNullable<typeof parentPort>): void {
  // The program starts this thread, with just this.
  const { directory, secret, port: wanted } = workerData as KillLineData;
  const say = (message: FromKillLine): void => port.postMessage(message);
  const waiting = new Map<number, (release: Release) => void>();
  let asked = 0;
  port.on('message', ({ id, release }: ToKillLine) => waiting.get(id)?.(release));

  const askRelease = async (): Promise<Release> => {
    asked += 1;
    const id = asked;
    const answer = new Promise<Release>((resolve) => {
      waiting.set(id, resolve);
      const silence = 'the program does not answer, the kill switch stays engaged: try again';
      setTimeout(() => resolve({ ok: false, code: 'UNAVAILABLE', message: silence }), PATIENCE_MS);
    });
    say({ kind: 'release', id });
    return answer.finally(() => waiting.delete(id));
  };
  const server = createKillServer({
    signed: new SignedRequests({ directory, secret, clock: MACHINE_CLOCK }),
    deeds: {
      engage: () => {
        // Looked at anew each time: the program resets what this thread has latched.
        const killSwitch = new KillSwitch({ directory, clock: MACHINE_CLOCK });
        const { durable } = killSwitch.latch(SIGNED_REASON, presserOf('signed-request'), 'signed-request');
        say({ kind: 'engaged' });
        return durable;
      },
      release: askRelease,
    },
  });
  server.on('error', (error) => {
    say({ kind: 'failed', code: 'code' in error ? String(error.code) : error.message });
  });
  server.listen(wanted, '127.0.0.1', () => {
    // An address of this kind, since it listens on a port.
    say({ kind: 'listening', port: (server.address() as AddressInfo).port });
  });
}
