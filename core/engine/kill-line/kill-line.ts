import { Worker } from 'node:worker_threads';
import { CallError, type Severity } from '../../contract/index.ts';
import { type Logger, type Timers, TraderError } from '../../domain/index.ts';
import { PLATFORM, type Platform, refusedPortAdvice } from '../../platform/index.ts';
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
  readonly timers: Timers;
  readonly alert: (severity: Severity, title: string, message: string) => void;
  readonly log: Logger;
  /** Starts the thread; its own file when absent. */
  readonly start?: (data: KillLineData) => Worker;
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
 * Listens for signed requests on a port of the loopback address, in a thread of its own, which is started again when it
 * dies.
 *
 * @throws TraderError when the port cannot be had.
 */
export async function openKillLine(options: KillLineOptions): Promise<KillLine> {
  const listener = new Listener(options);
  try {
    return { port: await listener.listen(options.port), close: () => listener.close() };
  } catch (error) {
    await listener.close();
    throw error;
  }
}

/** Before the thread is started again; each time twice as long, until it has listened for a while. */
const FIRST_RESTART_MS = 500;
const LONGEST_RESTART_MS = 60_000;
const STEADY_AFTER_MS = 600_000;

class Listener {
  readonly #options: KillLineOptions;
  readonly #deeds: KillDeeds;
  readonly #end = new AbortController();
  #worker: Worker | undefined;
  #restartMs = FIRST_RESTART_MS;
  #ends = 0;

  constructor(options: KillLineOptions) {
    this.#options = options;
    this.#deeds = killDeeds(options.service, options.log);
  }

  /** Resolves with the port; from then on it is listened on until `close`. */
  async listen(wanted: number): Promise<number> {
    const { timers } = this.#options;
    const gone = Promise.withResolvers<void>();
    const port = await this.#started(wanted, gone.resolve);
    const listenedFrom = timers.monotonicMs();
    void gone.promise.then(() => {
      if (timers.monotonicMs() - listenedFrom > STEADY_AFTER_MS) this.#restartMs = FIRST_RESTART_MS;
      return this.#again(port);
    });
    return port;
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.#worker?.terminate();
  }

  /** On the port that others were told. */
  async #again(port: number): Promise<void> {
    const { signal } = this.#end;
    const { timers, alert, log } = this.#options;
    if (signal.aborted) return;
    const title = 'Nobody listens for signed requests';
    this.#ends += 1;
    // Each time another word: the same one soon after would not be told, and the last one told be that all is well.
    const nth = `end ${this.#ends} of the listener`;
    alert('critical', title, `they still work on the port of the API; it is started again (${nth})`);
    while (!signal.aborted) {
      await timers.wait(this.#restartMs, signal);
      if (signal.aborted) return;
      this.#restartMs = Math.min(2 * this.#restartMs, LONGEST_RESTART_MS);
      try {
        await this.listen(port);
        alert('info', 'Signed requests are listened for again', `on port ${port} (after ${nth})`);
        return;
      } catch (error) {
        log.error({ err: error }, 'the listener for signed requests could not be started again');
        await this.#worker?.terminate();
      }
    }
  }

  /** @throws TraderError when the port cannot be had; else what ended the thread. */
  async #started(port: number, onGone: () => void): Promise<number> {
    const { directory, secret, log, start = startThread } = this.#options;
    const worker = start({ directory, secret, port });
    this.#worker = worker;
    worker.unref();
    return new Promise<number>((resolve, reject) => {
      worker.on('message', (message: FromKillLine) => {
        if (message.kind === 'listening') resolve(message.port);
        else if (message.kind === 'failed') reject(portFault(port, message.code));
        else if (message.kind === 'engaged') void attempt(this.#deeds.engage, log);
        else
          void this.#deeds.release().then((answer) => {
            worker.postMessage({ id: message.id, release: answer } satisfies ToKillLine);
          });
      });
      worker.on('error', (error) => {
        log.error({ err: error }, 'the listener for signed requests failed');
        reject(error);
      });
      worker.on('exit', () => {
        reject(new Error('the listener for signed requests has ended'));
        onGone();
      });
    });
  }
}

const startThread = (data: KillLineData): Worker => new Worker(WORKER_FILE, { workerData: data });

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

/** Why the port for signed requests cannot be had, which the trader may never have named: it is the one after the API's. */
export function portFault(port: number, code: string, platform: Platform = PLATFORM): TraderError {
  const ways =
    'with --port, whose next one is for signed requests to the kill switch, or with the setting api.killPort';
  if (code === 'EACCES') return new TraderError('bad-input', `${refusedPortAdvice(platform, port)} ${ways}`);
  const what = `port ${port}, for signed requests to the kill switch,`;
  const setting = 'choose another with the setting api.killPort';
  if (code === 'EADDRINUSE')
    return new TraderError('bad-input', `${what} is in use: stop the other program or ${setting}`);
  return new TraderError('failure', `${what} cannot be listened on (${code}): ${setting}`);
}
