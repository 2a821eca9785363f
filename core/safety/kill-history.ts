import { join } from 'node:path';
import { type KillActivation, KillActivationSchema } from '../contract/index.ts';
import type { Logger } from '../domain/index.ts';
import { appendDurably, readEnd, sizeOf, writeDurably } from './latch-file.ts';

export const HISTORY_FILE = 'kill-switch-history.jsonl';

/** What is kept; older ones are forgotten. */
const KEPT = 100;
/** Above that the file is written anew with what is kept. */
const MOST_BYTES = 1_048_576;
/** Nobody reads more of it, however long something else has made it. */
const READ_BYTES = 4 * MOST_BYTES;
/** So many lines of one kind are kept of one activation. */
const MOST_LINES = 50;

export interface KillHistoryOptions {
  readonly directory: string;
  readonly log: Logger;
  /** The file's length above which it is written anew. */
  readonly mostBytes?: number;
}

/**
 * What the emergency stop did each time, in an append-only file beside the latch, so that it needs no database. A later
 * line of an activation stands for the earlier ones. Nothing here throws: what it tells of must go on.
 */
export class KillHistory {
  readonly #path: string;
  readonly #log: Logger;
  readonly #mostBytes: number;
  #activations: readonly KillActivation[] = [];
  /** Of the file, as far as it was read or written by us. */
  #bytes = 0;
  /** Told and not written yet, by id. */
  readonly #unwritten = new Map<string, KillActivation>();

  constructor({ directory, log, mostBytes = MOST_BYTES }: KillHistoryOptions) {
    this.#path = join(directory, HISTORY_FILE);
    this.#log = log;
    this.#mostBytes = mostBytes;
    this.#refresh();
  }

  /** Newest first. */
  list(): readonly KillActivation[] {
    this.#refresh();
    return this.#activations.toReversed();
  }

  /** Takes note of an activation as it is now. What cannot be written is kept and tried again with `retry`. */
  note(activation: KillActivation): void {
    this.#refresh();
    const bounded = boundedOf(activation);
    this.#activations = merged(this.#activations, [bounded]);
    const { id } = bounded;
    for (const known of this.#activations) if (known.id === id) this.#unwritten.set(id, known);
    this.retry();
  }

  /** Writes what could not be written. */
  retry(): void {
    if (this.#unwritten.size === 0) return;
    // Begun on a line of its own: the last one may be half a line, from a crash.
    const text = `\n${linesOf(this.#unwritten.values())}`;
    try {
      if (this.#bytes + text.length > this.#mostBytes) this.#rewrite();
      else {
        appendDurably(this.#path, text);
        this.#bytes += Buffer.byteLength(text);
      }
      this.#unwritten.clear();
    } catch (error) {
      this.#log.warn({ error }, `what the emergency stop did could not be written to ${this.#path}`);
    }
  }

  #rewrite(): void {
    const text = linesOf(this.#activations);
    writeDurably(this.#path, text);
    this.#bytes = Buffer.byteLength(text);
  }

  /** Another process adds what it closed from outside. */
  #refresh(): void {
    const bytes = sizeOf(this.#path);
    if (bytes === this.#bytes) return;
    this.#bytes = bytes;
    this.#activations = merged(this.#read(), [...this.#unwritten.values()]);
  }

  #read(): readonly KillActivation[] {
    try {
      return merged([], readEnd(this.#path, READ_BYTES).split('\n').flatMap(activationIn));
    } catch (error) {
      this.#log.warn({ error }, `what the emergency stop did before cannot be read from ${this.#path}`);
      return [];
    }
  }
}

/** Nothing for half a line, or one that something else has written. */
function activationIn(line: string): readonly KillActivation[] {
  try {
    return [KillActivationSchema.parse(JSON.parse(line))];
  } catch {
    // Answered, not ignored: the other lines tell what they tell.
    return [];
  }
}

/**
 * A later one stands in the place of the earlier one of its id, and keeps what was closed and who pressed from outside: a
 * program that hung meanwhile does not know of it.
 */
function merged(
  before: readonly KillActivation[],
  changed: readonly KillActivation[],
): readonly KillActivation[] {
  const byId = new Map(before.map((activation) => [activation.id, activation]));
  for (const activation of changed) {
    const { outside, again } = activation;
    const known = byId.get(activation.id);
    byId.set(activation.id, {
      ...activation,
      outside: outside.length > 0 ? outside : (known?.outside ?? []),
      again: known === undefined ? again : allPresses(known.again, again),
    });
  }
  return [...byId.values()].slice(-KEPT);
}

type Presses = KillActivation['again'];

/** Each press once, in the order in which they came. */
function allPresses(before: Presses, changed: Presses): Presses {
  const all = new Map(
    [...before, ...changed].map((press) => [`${press.at} ${press.from} ${press.by} ${press.reason}`, press]),
  );
  return [...all.values()].sort((a, b) => timeOf(a) - timeOf(b)).slice(-MOST_LINES);
}

const timeOf = ({ at }: Presses[number]): number => at ?? 0;

function linesOf(activations: Iterable<KillActivation>): string {
  return [...activations].map((activation) => `${JSON.stringify(activation)}\n`).join('');
}

function boundedOf(activation: KillActivation): KillActivation {
  return {
    ...activation,
    failures: activation.failures.slice(0, MOST_LINES),
    symbols: activation.symbols.slice(0, MOST_LINES),
    outside: activation.outside.slice(-MOST_LINES),
    again: activation.again.slice(-MOST_LINES),
  };
}
