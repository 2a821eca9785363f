import { join } from 'node:path';
import { z } from 'zod';
import { DecimalTextSchema, type Mode } from '../contract/index.ts';
import { type BaseAmount, baseAmount, type Clock, type Logger, text, type UtcMs } from '../domain/index.ts';
import { read, writeDurablyMeanwhile } from './latch-file.ts';

const OwnedSchema = z.object({
  version: z.literal(1),
  at: z.number().int(),
  orderIdPrefix: z.string().min(1),
  owned: z.record(z.string().min(1), DecimalTextSchema),
});

/** What an account of ours held, as of a moment. */
export interface OwnedRecord {
  readonly at: UtcMs;
  /** What the ids of our orders begin with. */
  readonly orderIdPrefix: string;
  /** By symbol, signed; nothing that is 0. */
  readonly owned: ReadonlyMap<string, BaseAmount>;
}

/** `missing`: nothing was ever written here; else why what was written cannot be used. */
export type OwnedReading =
  | { readonly ok: true; readonly record: OwnedRecord }
  | { readonly ok: false; readonly missing: boolean; readonly fault: string };

export interface OwnedFileOptions {
  readonly directory: string;
  readonly mode: Mode;
  readonly orderIdPrefix: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Beside the latch. One for each mode: what a demo holds says nothing of the real account. */
export function ownedFileOf(directory: string, mode: Mode): string {
  return join(directory, `owned-${mode}.json`);
}

/**
 * What is ours by symbol, in a small file that needs no database to be read: on an account that others share, whoever
 * flattens it must not sell what is not ours. Written at each change while trading goes on: it never throws and never
 * waits, and of changes that come faster than the disk takes them the last one is written.
 */
export class OwnedFile {
  readonly #options: OwnedFileOptions;
  readonly #path: string;
  #written = '';
  #next: string | null = null;
  #writing: Promise<void> | null = null;
  #fails = false;

  constructor(options: OwnedFileOptions) {
    this.#options = options;
    this.#path = ownedFileOf(options.directory, options.mode);
  }

  /** Takes note of what is owned; what is written already is not written again. */
  note(owned: ReadonlyMap<string, BaseAmount>): void {
    const told = Object.fromEntries([...owned].map(([symbol, held]) => [symbol, text(held)]));
    const compared = JSON.stringify(told);
    if (compared === this.#written) return;
    this.#written = compared;
    const { orderIdPrefix, clock } = this.#options;
    const document: z.input<typeof OwnedSchema> = { version: 1, at: clock.now(), orderIdPrefix, owned: told };
    this.#next = `${JSON.stringify(document)}\n`;
    this.#writing ??= this.#write();
  }

  /** Resolves when everything noted so far is on disk, or could not be written. Never rejects. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    for (let next = this.#next; next !== null; next = this.#next) {
      this.#next = null;
      try {
        await writeDurablyMeanwhile(this.#path, next);
        this.#fails = false;
      } catch (error) {
        this.#failed(error);
      }
    }
    this.#writing = null;
  }

  /** The next change is another chance; until then the file says what was owned before, and when. */
  #failed(error: unknown): void {
    this.#written = '';
    if (this.#fails) return;
    this.#fails = true;
    this.#options.log.error({ error }, `what is owned could not be written to ${this.#path}`);
  }
}

/** What the file of a mode says. Never throws, and never waits for anything but a disk. */
export function readOwned(directory: string, mode: Mode): OwnedReading {
  const path = ownedFileOf(directory, mode);
  try {
    const { at, orderIdPrefix, owned } = OwnedSchema.parse(JSON.parse(read(path)));
    const held = Object.entries(owned).map(([symbol, amount]) => [symbol, baseAmount(amount)] as const);
    return { ok: true, record: { at, orderIdPrefix, owned: new Map(held) } };
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { ok: false, missing, fault: `${path} cannot be used: ${String(error)}` };
  }
}
