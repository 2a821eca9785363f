import type { ClosedOutside, KillActivation, StopStep } from '../../contract/index.ts';
import type { Clock, Timers } from '../../domain/index.ts';
import type { FlattenResult } from '../../execution/index.ts';
import type { KillHistory, Latch } from '../../safety/index.ts';

export interface ActivationRecordOptions {
  readonly history: Pick<KillHistory, 'list' | 'note' | 'retry'>;
  readonly venue: string;
  readonly clock: Clock;
  readonly timers: Timers;
}

type Press = KillActivation['again'][number];

/**
 * Keeps the history of the emergency stop: one activation from the press to the reset, over restarts. Writing it never
 * goes before what it tells of.
 */
export class ActivationRecord {
  readonly #options: ActivationRecordOptions;
  #current: KillActivation | undefined;
  /** The moment of the press (monotonic); null after a restart, when nobody knows how long ago it was. */
  #pressedMs: number | null = null;

  constructor(options: ActivationRecordOptions) {
    this.#options = options;
  }

  /** Whether an activation is under way. */
  get isOpen(): boolean {
    return this.#current !== undefined;
  }

  /**
   * The latch holds. One that an earlier run has noted goes on.
   *
   * @param pressedMs when it was pressed, or found (monotonic).
   */
  open(latch: Latch, durable: boolean, pressedMs: number): void {
    const { history, venue } = this.#options;
    const known = history.list().find((activation) => activation.id === activationId(latch));
    if (known !== undefined && known.outcome !== 'reset') {
      this.#current = { ...known, durable };
      return;
    }
    this.#pressedMs = pressedMs;
    this.#current = newActivation(latch, durable, venue);
    this.#reached('latched', this.#options.timers.monotonicMs());
  }

  /** Notes a press; the one that opened it, or that comes with it, is no other. */
  pressed(press: Omit<Press, 'at'>): void {
    const at = this.#options.clock.now();
    this.#change((current) =>
      isOf(current, press, at) ? {} : { again: [...current.again, { at, ...press }] },
    );
  }

  durable(durable: boolean): void {
    if (this.#current?.durable !== durable) this.#change(() => ({ durable }));
  }

  /** An attempt to get out has ended. */
  ended({ flat, failures, symbols, cancelsSentMs, closesSentMs }: FlattenResult): void {
    this.#reached('cancels-sent', cancelsSentMs);
    this.#reached('closes-sent', closesSentMs);
    if (flat) this.#reached('flat', this.#options.timers.monotonicMs());
    this.#change(() => ({
      outcome: flat ? 'flat' : 'failed',
      failures: [...failures],
      symbols: symbols.map((symbol) => ({ ...symbol, failures: [...symbol.failures] })),
    }));
  }

  /** The trader has released it. */
  reset(): void {
    this.#change(() => ({ outcome: 'reset', resetAt: this.#options.clock.now() }));
    this.#current = undefined;
    this.#pressedMs = null;
  }

  /** Writes it down as it is now. */
  write(): void {
    if (this.#current !== undefined) this.#options.history.note(this.#current);
  }

  #reached(step: StopStep, atMs: number | null): void {
    const from = this.#pressedMs;
    if (from === null || atMs === null) return;
    this.#current &&= withStep(this.#current, step, atMs - from);
  }

  #change(change: (current: KillActivation) => Partial<KillActivation>): void {
    this.#current &&= { ...this.#current, ...change(this.#current) };
    this.write();
  }
}

function activationId({ at, by }: Latch): string {
  return at === null ? 'unreadable' : `${at} ${by}`;
}

function newActivation(latch: Latch, durable: boolean, venue: string): KillActivation {
  return {
    id: activationId(latch),
    ...latch,
    ...{ durable, venue, steps: [], outcome: 'latched', symbols: [], outside: [], failures: [], again: [] },
    resetAt: null,
  };
}

export interface OutsideRecord {
  readonly venue: string;
  readonly flat: boolean;
  readonly symbols: readonly ClosedOutside[];
  readonly failures: readonly string[];
}

/** The activation with what was closed for it from outside, before and now. */
export function withOutside(
  latch: Latch,
  history: readonly KillActivation[],
  { venue, flat, symbols, failures }: OutsideRecord,
): KillActivation {
  const known = history.find(({ id }) => id === activationId(latch));
  const activation = known ?? newActivation(latch, true, venue);
  return {
    ...activation,
    outcome: flat ? 'flat' : 'failed',
    failures: [...failures],
    outside: [...activation.outside, ...symbols],
  };
}

/** A press that arrives twice: by the latch file, and by word. */
const SAME_PRESS_MS = 1_000;

function isOf(activation: KillActivation, { by, from, reason }: Omit<Press, 'at'>, now: number): boolean {
  const { at } = activation;
  const isSame = activation.by === by && activation.from === from && activation.reason === reason;
  return isSame && at !== null && Math.abs(now - at) < SAME_PRESS_MS;
}

/** The first time counts. */
function withStep(activation: KillActivation, step: StopStep, afterMs: number): KillActivation {
  const { steps } = activation;
  return steps.some((known) => known.step === step)
    ? activation
    : { ...activation, steps: [...steps, { step, afterMs }] };
}
