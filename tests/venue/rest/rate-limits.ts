import type { VenueClock } from '../clock/venue-clock.ts';

export interface RateTerms {
  /** Weight that one address may use in a minute. */
  readonly weightPerMinute: number;
  readonly ordersPerTenSeconds: number;
}

export type RateVerdict =
  | { readonly kind: 'fine' }
  | { readonly kind: 'too-many' | 'banned'; readonly retryAfterSeconds: number };

const MINUTE_MS = 60_000;
const TEN_SECONDS_MS = 10_000;
/** Who goes on asking after so many 429s is shut out for a while. */
const PATIENCE = 10;
const BAN_MS = 120_000;

/** Counts what is asked for, and shuts out who does not listen. All clients are one address. */
export class RateLimits {
  readonly terms: RateTerms;
  readonly #clock: VenueClock;
  #minute = 0;
  #weight = 0;
  #window = 0;
  #orders = 0;
  #warnings = 0;
  #bannedUntil = 0;

  constructor(terms: RateTerms, clock: VenueClock) {
    this.terms = terms;
    this.#clock = clock;
  }

  get usedWeight(): number {
    return this.#weight;
  }

  get orderCount(): number {
    return this.#orders;
  }

  ban(ms: number): void {
    this.#bannedUntil = this.#clock.now() + ms;
  }

  ask(weight: number, isOrder: boolean): RateVerdict {
    const now = this.#clock.now();
    if (now < this.#bannedUntil) return refused('banned', this.#bannedUntil - now);
    this.#turn(now);
    this.#weight += weight;
    if (isOrder) this.#orders += 1;
    const isHeavy = this.#weight > this.terms.weightPerMinute;
    if (!isHeavy && this.#orders <= this.terms.ordersPerTenSeconds) return { kind: 'fine' };
    this.#warnings += 1;
    if (this.#warnings > PATIENCE) {
      this.ban(BAN_MS);
      return refused('banned', BAN_MS);
    }
    const endsAt = isHeavy ? (this.#minute + 1) * MINUTE_MS : (this.#window + 1) * TEN_SECONDS_MS;
    return refused('too-many', endsAt - now);
  }

  #turn(now: number): void {
    const minute = Math.floor(now / MINUTE_MS);
    const window = Math.floor(now / TEN_SECONDS_MS);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#weight = 0;
      this.#warnings = 0;
    }
    if (window !== this.#window) {
      this.#window = window;
      this.#orders = 0;
    }
  }
}

const refused = (kind: 'too-many' | 'banned', ms: number): RateVerdict => ({
  kind,
  retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
});
