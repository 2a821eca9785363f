import { Worker } from 'node:worker_threads';
import { CallError } from '../../contract/index.ts';
import { type Logger, TraderError } from '../../domain/index.ts';
import type { ContractService } from '../service/client-session.ts';
import type { KillDeeds, Release } from './kill-answers.ts';
import {
  type FromKillLine,
  type KillLineData,
  SIGNED_REASON,
  type ToKillLine,
} from './kill-line-protocol.ts';

const WORKER_FILE = new URL('./kill-line-worker.ts', import.meta.url);

export interface KillLineOptions extends KillLineData {
  readonly service: ContractService;
  readonly log: Logger;
}

export interface KillLine {
  readonly port: number;
  close(): Promise<void>;
}

/** What a signed request does in the running program. */
export function killDeeds(service: ContractService, log: Logger): KillDeeds {
  return {
    engage: async () => {
      const { failures } = await service.call('killSwitch.activate', {
        reason: SIGNED_REASON,
        from: 'signed-request',
      });
      return failures.length === 0;
    },
    release: () => release(service, log),
  };
}

/**
 * Listens for signed requests on a port of the loopback address, in a thread of its own.
 *
 * @throws TraderError when the port cannot be had.
 */
export async function openKillLine({ service, log, ...data }: KillLineOptions): Promise<KillLine> {
  const { engage, release } = killDeeds(service, log);
  const worker = new Worker(WORKER_FILE, { workerData: data });
  worker.unref();
  let closing = false;
  const listening = new Promise<number>((resolve, reject) => {
    worker.on('message', (message: FromKillLine) => {
      if (message.kind === 'listening') resolve(message.port);
      if (message.kind === 'failed') reject(portFault(data.port, message.code));
      if (message.kind === 'engaged') void attempt(engage, log);
      if (message.kind === 'release')
        void release().then((answer) =>
          worker.postMessage({ id: message.id, release: answer } satisfies ToKillLine),
        );
    });
    worker.on('error', (error) => {
      log.error({ err: error }, 'the listener for signed requests failed');
      reject(error);
    });
    worker.on('exit', () => {
      if (!closing)
        log.error({}, 'nobody listens for signed requests any more: they still work on the port of the API');
    });
  });
  const close = async (): Promise<void> => {
    closing = true;
    await worker.terminate();
  };
  try {
    return { port: await listening, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The latch is on disk already: what fails here is found by the engine's own look at it. */
async function attempt(engage: KillDeeds['engage'], log: Logger): Promise<void> {
  try {
    await engage();
  } catch (error) {
    log.error({ err: error }, 'a signed request has latched, and the engine could not be told');
  }
}

async function release(service: ContractService, log: Logger): Promise<Release> {
  try {
    await service.call('killSwitch.reset', { confirmation: 'RESET' });
    log.warn({}, 'a signed request has reset the kill switch');
    return { ok: true };
  } catch (error) {
    if (error instanceof CallError && error.code === 'CONFLICT')
      return { ok: false, code: 'CONFLICT', message: error.message };
    log.error({ err: error }, 'a signed request could not reset the kill switch');
    const message = 'the kill switch could not be reset and stays engaged: see the log';
    return { ok: false, code: 'UNAVAILABLE', message };
  }
}

function portFault(port: number, code: string): Error {
  const setting = 'choose another with the setting api.killPort';
  if (code === 'EADDRINUSE')
    return new TraderError(
      'bad-input',
      `port ${port}, for signed requests to the kill switch, is in use: stop the other program or ${setting}`,
    );
  if (code === 'EACCES')
    return new TraderError('bad-input', `port ${port} needs more rights: ${setting}, above 1023`);
  return new TraderError('failure', `port ${port} cannot be listened on (${code}): ${setting}`);
}
