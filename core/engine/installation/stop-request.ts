import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock, Disposer, Timers, UtcMs } from '../../domain/index.ts';
import { writeWhole } from '../../platform/index.ts';
import { every } from '../loop/every.ts';

/** Of a file in the data directory: under Windows no program can send another a signal to end by. */
const STOP_FILE = 'stop-request.json';
const LOOK_MS = 250;

const RequestSchema = z.object({
  version: z.literal(1),
  /** Whom it is for: nobody who is started later. */
  pid: z.number().int(),
  at: z.number().int(),
});

/** Asks the program with this number to end as on Ctrl-C. @throws Error when it cannot be written. */
export function requestStop(directory: string, pid: number, at: UtcMs): void {
  const request: z.input<typeof RequestSchema> = { version: 1, pid, at };
  writeWhole(join(directory, STOP_FILE), `${JSON.stringify(request)}\n`);
}

/** Takes back what nobody has heard, so that nobody does later. Never throws. */
export function withdrawStop(directory: string): void {
  try {
    rmSync(join(directory, STOP_FILE), { force: true });
  } catch {
    // It names a process, and a time before whoever comes later: nobody else hears it.
  }
}

export interface StopWatchOptions {
  readonly directory: string;
  readonly pid: number;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Told once. */
  readonly onAsked: () => void;
}

/** Looks for a request for this process, made from now on. Looking fails quietly: there are other ways to end a program. */
export function hearStopRequests({ directory, pid, clock, timers, onAsked }: StopWatchOptions): Disposer {
  const end = new AbortController();
  const since = clock.now();
  const run = (): void => {
    const request = readRequest(directory);
    if (request === undefined || request.pid !== pid || request.at < since) return;
    end.abort();
    withdrawStop(directory);
    onAsked();
  };
  void every(timers, { everyMs: LOOK_MS, run, onFailure: () => undefined }, end.signal);
  return () => end.abort();
}

function readRequest(directory: string): z.infer<typeof RequestSchema> | undefined {
  try {
    return RequestSchema.safeParse(JSON.parse(readFileSync(join(directory, STOP_FILE), 'utf8'))).data;
  } catch {
    // None, or one that is being written.
    return undefined;
  }
}
