import type { Disposer } from '../../../core/domain/index.ts';
import type { VenueClock } from '../clock/venue-clock.ts';
import type { Fault, FaultName, FaultStrike } from './fault.ts';

interface Active {
  readonly fault: Fault;
  left: number;
}

/** What a fault does at once when it is raised, and what undoes it at its end. */
export type Effect = (fault: Fault) => Disposer | undefined;

/** Which faults are in force, and which have struck. */
export class FaultBoard {
  /** Every strike, oldest first: a test that waits for a fault sees here whether it came. */
  readonly strikes: FaultStrike[] = [];
  readonly #clock: VenueClock;
  readonly #opensAt: number;
  readonly #active = new Set<Active>();
  readonly #effects = new Map<FaultName, Effect>();

  constructor(clock: VenueClock) {
    this.#clock = clock;
    this.#opensAt = clock.now();
  }

  /** Faults of this name do something at once instead of waiting for somebody to run into them. */
  onRaise(name: FaultName, effect: Effect): void {
    this.#effects.set(name, effect);
  }

  schedule(faults: readonly Fault[]): void {
    for (const fault of faults)
      this.#clock.at(this.#opensAt + (fault.at ?? 0), () => {
        this.raise(fault);
      });
  }

  /** Puts a fault in force now, whatever its `at`. @returns what ends it. */
  raise(fault: Fault): Disposer {
    const effect = this.#effects.get(fault.name);
    if (effect !== undefined) {
      this.#strike(fault.name, fault.on ?? '');
      const undo = effect(fault) ?? (() => undefined);
      if (fault.forMs !== undefined) this.#clock.after(fault.forMs, undo);
      return undo;
    }
    const left = fault.times ?? (fault.forMs === undefined ? 1 : Number.POSITIVE_INFINITY);
    const active: Active = { fault, left };
    this.#active.add(active);
    const end = (): void => {
      this.#active.delete(active);
    };
    if (fault.forMs !== undefined) this.#clock.after(fault.forMs, end);
    return end;
  }

  /** The fault of this name that the subject runs into, if any; one more of its times is used up. */
  strike(name: FaultName, subject: string): Fault | undefined {
    const active = this.#find(name, subject);
    if (active === undefined) return undefined;
    active.left -= 1;
    if (active.left <= 0) this.#active.delete(active);
    this.#strike(name, subject);
    return active.fault;
  }

  /** The fault of this name that is in force for the subject; nothing is used up. */
  inForce(name: FaultName, subject: string): Fault | undefined {
    return this.#find(name, subject)?.fault;
  }

  /** Ends every fault that is in force. */
  clear(): void {
    this.#active.clear();
  }

  #find(name: FaultName, subject: string): Active | undefined {
    for (const active of this.#active)
      if (active.fault.name === name && subject.includes(active.fault.on ?? '')) return active;
    return undefined;
  }

  #strike(name: FaultName, subject: string): void {
    this.strikes.push({ at: this.#clock.now(), name, subject });
  }
}
