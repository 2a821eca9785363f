import type { SafetySettings } from '../contract/index.ts';
import { tightened } from './limit-change.ts';

/** The limits that hold now. Whoever judges an entry asks for them at that moment. */
export class LimitsInForce {
  #settings: SafetySettings;
  #tightenings = 0;

  constructor(settings: SafetySettings) {
    this.#settings = settings;
  }

  get settings(): SafetySettings {
    return this.#settings;
  }

  /** Counted up by each change that lets less happen: what was planned before it is not to leave any more. */
  get tightenings(): number {
    return this.#tightenings;
  }

  use(settings: SafetySettings): void {
    if (tightened(this.#settings, settings)) this.#tightenings += 1;
    this.#settings = settings;
  }
}
