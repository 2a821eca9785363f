import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type KillSwitchView,
  KillSwitchViewSchema,
  ModeSchema,
  type StatusView,
} from '../../contract/index.ts';
import type { Clock, Logger, Timers } from '../../domain/index.ts';
import { thisMachine, writeWhole } from '../../platform/index.ts';
import { every } from '../loop/every.ts';
import { requireOwn, requireOwnFolder } from './runtime-folder.ts';

const InstanceSchema = z.object({
  version: z.literal(1),
  pid: z.number().int(),
  /** Counted up as long as the program's event loop runs: one that hangs does not. */
  beat: z.number().int(),
  startedAt: z.number().int(),
  directory: z.string().min(1),
  mode: ModeSchema,
  host: z.enum(['desktop', 'headless']),
  /** How far the emergency stop has come; null while the program is still opening. */
  killSwitch: KillSwitchViewSchema.pick({ stage: true, failures: true, verifiedAt: true }).nullable(),
});

/** One running program, as it says itself. Nothing secret is in it. */
export type Instance = z.infer<typeof InstanceSchema>;

export interface InstanceFacts {
  readonly directory: string;
  readonly mode: Instance['mode'];
  readonly host: StatusView['host'];
}

export interface InstanceFileOptions extends InstanceFacts {
  readonly folder: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

const { userId: USER } = thisMachine();

/** How often a program says that it still runs. */
export const BEAT_MS = 500;

/**
 * Notes a running program where `tradebot kill` looks for it, from another folder as well, and says there how far its
 * emergency stop has come, by which no port is needed. A folder that cannot be written keeps no program from running.
 */
export class InstanceFile {
  readonly #options: InstanceFileOptions;
  readonly #path: string;
  readonly #startedAt: number;
  readonly #end = new AbortController();
  #beat = 0;
  #writtenAtMs: number | null = null;
  #killSwitch: Instance['killSwitch'] = null;
  #fails = false;

  /** To be opened while the data directory is held: of one directory there is one file. */
  constructor(options: InstanceFileOptions) {
    this.#options = options;
    this.#path = fileOf(options.folder, options.directory);
    this.#startedAt = options.clock.now();
    this.#write();
    const onFailure = (error: unknown): void => this.#failed(error);
    void every(options.timers, { everyMs: BEAT_MS, run: () => this.#write(), onFailure }, this.#end.signal);
  }

  /** How long ago it was written, and how often it is; null: it never was. */
  get heartbeat(): { readonly ageMs: number; readonly everyMs: number } | null {
    if (this.#writtenAtMs === null) return null;
    return { ageMs: this.#options.timers.monotonicMs() - this.#writtenAtMs, everyMs: BEAT_MS };
  }

  /** Takes note of how far the emergency stop has come. */
  tell({ stage, failures, verifiedAt }: KillSwitchView): void {
    const before = JSON.stringify(this.#killSwitch);
    this.#killSwitch = { stage, failures: [...failures], verifiedAt };
    if (JSON.stringify(this.#killSwitch) !== before) this.#write();
  }

  close(): void {
    this.#end.abort();
    rmSync(this.#path, { force: true });
  }

  #write(): void {
    if (this.#end.signal.aborted) return;
    const { folder, directory, mode, host } = this.#options;
    this.#beat += 1;
    const instance: Instance = {
      version: 1,
      pid: process.pid,
      beat: this.#beat,
      startedAt: this.#startedAt,
      ...{ directory, mode, host, killSwitch: this.#killSwitch },
    };
    try {
      requireOwnFolder(folder, USER);
      writeWhole(this.#path, `${JSON.stringify(instance)}\n`, { isFlushed: false, isPatient: false });
      this.#fails = false;
      this.#writtenAtMs = this.#options.timers.monotonicMs();
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    if (this.#fails) return;
    this.#fails = true;
    this.#options.log.warn({ error }, '`tradebot kill` does not find this program without its --data-dir');
  }
}

/** What is noted, of programs that run, hang or have crashed. A folder of others, or none, holds nothing. */
export function noted(folder: string): readonly Instance[] {
  try {
    requireOwn(folder, USER);
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .flatMap((name) => readFile(join(folder, name)) ?? []);
  } catch {
    // Who looks for programs goes on with the directories that he knows of.
    return [];
  }
}

/** What is noted of the program on a directory; undefined: nothing, or nothing that can be read. */
export function notedOn(folder: string, directory: string): Instance | undefined {
  return noted(folder).find((instance) => instance.directory === directory);
}

/** Forgets a program that has crashed. */
export function forget(folder: string, directory: string): void {
  rmSync(fileOf(folder, directory), { force: true });
}

function fileOf(folder: string, directory: string): string {
  return join(folder, `${createHash('sha256').update(directory).digest('hex').slice(0, 16)}.json`);
}

function readFile(path: string): Instance | undefined {
  try {
    return InstanceSchema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    // Gone meanwhile, or not ours.
    return undefined;
  }
}
