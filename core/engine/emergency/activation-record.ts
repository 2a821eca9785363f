import type { ClosedOutside, KillActivation, Mode, StopStep } from '../../contract/index.ts';
import type { Clock, Timers } from '../../domain/index.ts';
import type { FlattenResult } from '../../execution/index.ts';
import type { KillHistory, Latch } from '../../safety/index.ts';

export interface ActivationRecordOptions {
  readonly history: Pick<KillHistory, 'list' | 'note' | 'retry'>;
  readonly mode: Mode;
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
   * @param latchedMs since when it holds (monotonic).
   */
  open(latch: Latch, durable: boolean, pressedMs: number, latchedMs: number): void {
    const { history, mode, venue } = this.#options;
    const known = history.list().find((activation) => activation.id === activationId(latch));
    if (known !== undefined && known.outcome !== 'reset') {
      this.#current = { ...known, durable };
      return;
    }
    this.#pressedMs = pressedMs;
    this.#current = newActivation(latch, { durable, mode, venue });
    this.#reached('latched', latchedMs);
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
    this.#change((current) => ({
      outcome: flat ? 'flat' : 'failed',
      failures: [...failures],
      symbols: withAttempt(current.symbols, symbols),
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

function newActivation(latch: Latch, of: Pick<KillActivation, 'durable' | 'mode' | 'venue'>): KillActivation {
  return {
    id: activationId(latch),
    ...latch,
    ...of,
    ...{ steps: [], outcome: 'latched', symbols: [], outside: [], failures: [], again: [] },
    resetAt: null,
  };
}

/** What was sent in each attempt is told, and of the rest what the last one found: it finds nothing of what went before. */
function withAttempt(
  before: KillActivation['symbols'],
  attempt: FlattenResult['symbols'],
): KillActivation['symbols'] {
  const all = new Map(before.map((outcome) => [outcome.symbol, { ...outcome, failures: [] as string[] }]));
  for (const { symbol, cancels, closes, failures, left } of attempt) {
    const known = all.get(symbol) ?? { cancels: 0, closes: 0 };
    const sent = { cancels: known.cancels + cancels, closes: known.closes + closes };
    all.set(symbol, { symbol, ...sent, failures: [...failures], left });
  }
  return [...all.values()];
}

export interface OutsideRecord {
  readonly mode: Mode;
  readonly venue: string;
  readonly flat: boolean;
  readonly symbols: readonly Omit<ClosedOutside, 'mode'>[];
  readonly failures: readonly string[];
}

/** The activation with what was closed for it from outside, before and now. */
export function withOutside(
  latch: Latch,
  history: readonly KillActivation[],
  { mode, venue, flat, symbols, failures }: OutsideRecord,
): KillActivation {
  const known = history.find(({ id }) => id === activationId(latch));
  const activation = known ?? newActivation(latch, { durable: true, mode, venue });
  return {
    ...activation,
    outcome: flat ? 'flat' : 'failed',
    failures: [...failures],
    outside: [...activation.outside, ...symbols.map((symbol) => ({ mode, ...symbol }))],
  };
}

/** The activation with a press that its program did not hear; undefined for the one that latched. */
export function withPress(
  latch: Latch,
  history: readonly KillActivation[],
  press: Press & { readonly at: number },
  of: Pick<KillActivation, 'mode' | 'venue'>,
): KillActivation | undefined {
  const known = history.find(({ id }) => id === activationId(latch));
  const activation = known ?? newActivation(latch, { durable: true, ...of });
  if (isOf(activation, press, press.at)) return undefined;
  return { ...activation, again: [...activation.again, press] };
}

/** A press arrives twice, by the latch file and by word; the word may be under way for so long on a machine that is busy. */
const SAME_PRESS_MS = 15_000;

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
