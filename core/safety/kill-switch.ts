import { join } from 'node:path';
import { z } from 'zod';
import { type StopOrigin, StopOriginSchema } from '../contract/index.ts';
import {
  type Clock,
  type GateAnswer,
  type OrderGate,
  type OrderIntent,
  type UtcMs,
  utcText,
} from '../domain/index.ts';
import { exists, read, removeDurably, writeDurably } from './latch-file.ts';

export const LATCH_FILE = 'kill-switch.json';

export interface Latch {
  /** When it was engaged; null when the latch file cannot be read, which is an engaged switch all the same. */
  readonly at: UtcMs | null;
  readonly reason: string;
  /** Who engaged it: the trader, an API client, the guardian. */
  readonly by: string;
  readonly from: StopOrigin;
}

export interface LatchResult {
  readonly latch: Latch;
  /** True when the latch is on disk and holds over a restart. */
  readonly durable: boolean;
  /** Why it is not. */
  readonly failure: string | null;
}

/** What the trader must know before a reset. */
export interface ResetFacts {
  readonly reconciliationGreen: boolean;
  /** Symbols of positions that are still open. */
  readonly openPositions: readonly string[];
  /** The sequence that cancels and closes is still at work. */
  readonly flattening: boolean;
  /** The circuit breaker is tripped; a reset does not touch it. */
  readonly breakerTripped: boolean;
}

export interface ResetDescription {
  readonly allowed: boolean;
  readonly statement: string;
  readonly obstacles: readonly string[];
}

export type ResetResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

const LatchSchema = z.object({
  at: z.number().int(),
  reason: z.string(),
  by: z.string(),
  // Other versions know other ways in: no reason not to read the rest.
  from: StopOriginSchema.catch('unknown'),
});

/**
 * The emergency stop. Engaged means: no order leaves but the emergency orders that close positions. The latch is
 * a file, so it survives a crash, and another process can set it: its presence alone engages, readable or not.
 * Once seen it holds in memory too, until `reset`; deleting the file by hand does not release a running program.
 * Needs nothing but the file system, and without that still stops this process.
 */
export class KillSwitch implements OrderGate {
  readonly #path: string;
  readonly #clock: Clock;
  #latch: Latch | undefined;
  #durable = false;

  constructor({ directory, clock }: { readonly directory: string; readonly clock: Clock }) {
    this.#path = join(directory, LATCH_FILE);
    this.#clock = clock;
  }

  /**
   * Engages, first in memory, then on disk. Never throws. Again: the first reason stays, and a write that failed
   * is tried again. A latch that cannot be read is written anew.
   */
  latch(reason: string, by: string, from: StopOrigin = 'unknown'): LatchResult {
    const seen = this.state();
    const latch = seen === undefined || seen.at === null ? { at: this.#clock.now(), reason, by, from } : seen;
    this.#latch = latch;
    if (this.#durable) return { latch, durable: true, failure: null };
    try {
      writeDurably(this.#path, `${JSON.stringify(latch)}\n`);
      this.#durable = true;
      return { latch, durable: true, failure: null };
    } catch (error) {
      const failure = `the emergency stop holds until this program ends, but ${this.#path} cannot be written: ${String(error)}`;
      return { latch, durable: false, failure };
    }
  }

  /**
   * Writes and removes a file beside the latch, as `latch` would. Done at the start it shows whether the switch
   * could be latched before that is needed, and leaves the way there warm: the first latch then takes under 1 ms.
   * Answers what went wrong, or null.
   */
  rehearse(): string | null {
    const rehearsal = `${this.#path}.rehearsal`;
    try {
      writeDurably(
        rehearsal,
        `${JSON.stringify({ at: this.#clock.now(), reason: 'rehearsal', by: 'the start' })}\n`,
      );
      removeDurably(rehearsal);
      return null;
    } catch (error) {
      return `the emergency stop could not be kept over a restart, ${this.#path} cannot be written: ${String(error)}`;
    }
  }

  /** Asks memory, then the file: another process may have written it a moment ago. */
  engaged(): boolean {
    return this.state() !== undefined;
  }

  /** Who engaged it when and why; undefined while it is not engaged. */
  state(): Latch | undefined {
    if (this.#latch === undefined && exists(this.#path)) {
      this.#latch = this.#read();
      this.#durable = this.#latch.at !== null;
    }
    return this.#latch;
  }

  #read(): Latch {
    try {
      return LatchSchema.parse(JSON.parse(read(this.#path)));
    } catch {
      // Answered, not ignored: a latch that cannot be read is an engaged latch.
      return {
        at: null,
        reason: `${this.#path} is there but cannot be read`,
        by: 'unknown',
        from: 'unknown',
      };
    }
  }

  mayLeave(intent: OrderIntent): GateAnswer {
    const latch = this.state();
    if (latch === undefined || (intent.purpose === 'emergency' && intent.reduceOnly))
      return { allowed: true };
    return {
      allowed: false,
      code: 'kill-switch',
      message: `the emergency stop is engaged (${latch.reason}), only emergency orders that close positions may leave`,
    };
  }

  /** Says exactly what a reset would do and would not do, and what stands against it now. */
  describeReset(facts: ResetFacts): ResetDescription {
    const latch = this.state();
    if (latch === undefined) {
      const nothing = 'The emergency stop is not engaged: there is nothing to reset.';
      return { allowed: false, statement: nothing, obstacles: ['the emergency stop is not engaged'] };
    }
    const obstacles = [
      ...(facts.flattening
        ? ['orders are still being cancelled and positions closed, wait for the end of it']
        : []),
      ...(facts.reconciliationGreen
        ? []
        : [
            'our books and the venue do not agree, or were not compared yet: wait until reconciliation is green',
          ]),
    ];
    return { allowed: obstacles.length === 0, statement: statement(latch, facts), obstacles };
  }

  /**
   * Removes the latch from disk, then from memory. When the file cannot be removed the switch stays engaged.
   * Asking the trader and checking `describeReset` is the caller's duty.
   */
  reset(): ResetResult {
    try {
      removeDurably(this.#path);
    } catch (error) {
      return {
        ok: false,
        message: `${this.#path} cannot be removed, the emergency stop stays engaged: ${String(error)}`,
      };
    }
    this.#latch = undefined;
    this.#durable = false;
    return { ok: true };
  }
}

function statement(latch: Latch, facts: ResetFacts): string {
  const when = latch.at === null ? 'at an unknown time' : `at ${utcText(latch.at)}`;
  const { openPositions } = facts;
  return [
    `The emergency stop was engaged ${when} by ${latch.by}: ${latch.reason}.`,
    'A reset lets orders leave again, and does nothing else.',
    'It brings back no cancelled order, opens no closed position, does not start trading (it stays paused until you go on) and does not arm live mode.',
    openPositions.length === 0
      ? 'No position is open.'
      : `Still open: ${openPositions.join(', ')}. A reset does not close them; those whose entries had a stop get one again.`,
    ...(facts.breakerTripped ? ['The circuit breaker is tripped and stays tripped.'] : []),
  ].join(' ');
}
