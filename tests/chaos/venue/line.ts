import { type Clock, type UtcMs, VenueError } from '../../../core/domain/index.ts';
import type { Conditions } from '../conditions.ts';
import type { Dice } from '../dice.ts';
import { type FaultRates, type Scenario, SLOWEST_MS, type Traits } from '../scenario.ts';

export type CallKind =
  | 'open'
  | 'submit'
  | 'cancel'
  | 'order'
  | 'openOrders'
  | 'fills'
  | 'account'
  | 'accountEvents';

/** What becomes of one call, decided when it leaves. Times count from then. */
export interface Fate {
  readonly name: string;
  /** When the venue acts; null: never. */
  readonly arrivesMs: number | null;
  /** When the caller hears something. */
  readonly heardMs: number;
  /** What it hears in place of the venue's answer; null: that answer. */
  readonly failure: Error | null;
}

const QUICK_MS = 60;
const TEN_SECONDS = 10_000;
const LONGEST_BAN_MS = 60_000;

/** The line to the venue: what it loses, delays, doubles and mangles, and the venue's patience with callers. */
export class Line {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #conditions: Conditions;
  readonly #rates: FaultRates;
  readonly #traits: Traits;
  #recent: UtcMs[] = [];
  #bannedUntil = 0;
  #banMs = 0;
  /** Calls made although the venue had told how long to leave it alone, by ban. */
  callsDuringBan = 0;
  mostCallsDuringBan = 0;

  constructor(clock: Clock, dice: Dice, conditions: Conditions, { rates, traits }: Scenario) {
    this.#clock = clock;
    this.#dice = dice;
    this.#conditions = conditions;
    this.#rates = rates;
    this.#traits = traits;
  }

  fateOf(kind: CallKind): Fate {
    const now = this.#clock.now();
    const request = this.#latency();
    const answer = request + this.#latency();
    if (this.#conditions.outage.holds(now)) return this.#inOutage(request, answer);
    if (kind === 'submit' && this.#conditions.limbo.holds(now)) return this.#late();
    return this.#limited(answer) ?? this.#inStorm(kind, request, answer) ?? good(request, answer);
  }

  /** When an event reaches a listener: never, once, or more often. */
  eventDelays(): readonly number[] {
    const now = this.#clock.now();
    if (this.#conditions.outage.holds(now) || this.#conditions.deafness.holds(now)) return [];
    const delay = this.#dice.between(5, 2 * QUICK_MS);
    if (!this.#conditions.storm.holds(now)) return [delay];
    const { eventLost, eventLate, eventTwice } = this.#rates;
    if (this.#dice.chance(eventLost)) return [];
    const first = this.#dice.chance(eventLate) ? this.#dice.between(500, 15_000) : delay;
    return this.#dice.chance(eventTwice) ? [first, first + this.#dice.between(0, 10_000)] : [first];
  }

  #latency(): number {
    const bad = this.#conditions.storm.holds(this.#clock.now()) && this.#dice.chance(this.#rates.slow);
    return this.#dice.between(5, bad ? SLOWEST_MS / 2 : QUICK_MS);
  }

  #inOutage(request: number, answer: number): Fate {
    // Some calls get there, and it is the answer that does not come back.
    const arrivesMs = this.#dice.chance(0.2) ? request : null;
    const failure = this.#dice.chance(0.5) ? unavailable() : uncertain();
    return { name: 'outage', arrivesMs, heardMs: Math.min(answer, this.#traits.timeoutMs), failure };
  }

  /** A ban grows with every call made during it. */
  #limited(answer: number): Fate | null {
    const now = this.#clock.now();
    if (now < this.#bannedUntil) {
      this.callsDuringBan += 1;
      this.mostCallsDuringBan = Math.max(this.mostCallsDuringBan, this.callsDuringBan);
      if (this.callsDuringBan % 10 === 0) this.#ban(Math.min(LONGEST_BAN_MS, this.#banMs * 2));
      return this.#refusedAsTooMany(answer);
    }
    this.#recent = [...this.#recent.filter((at) => at > now - TEN_SECONDS), now];
    const many = this.#recent.length > this.#traits.callsPerTenSeconds;
    const unlucky = this.#conditions.storm.holds(now) && this.#dice.chance(this.#rates.rateLimited);
    if (!many && !unlucky) return null;
    this.callsDuringBan = 0;
    this.#ban(this.#dice.between(2_000, 10_000));
    return this.#refusedAsTooMany(answer);
  }

  #ban(ms: number): void {
    this.#banMs = ms;
    this.#bannedUntil = this.#clock.now() + ms;
  }

  #refusedAsTooMany(answer: number): Fate {
    const retryAfterMs = Math.ceil(this.#bannedUntil - this.#clock.now());
    const failure = new VenueError('rate-limited', 'too many requests', { retryAfterMs });
    return { name: '429', arrivesMs: null, heardMs: answer, failure };
  }

  /** After the sender has given up, and before the venue would not take it any more. */
  #late(): Fate {
    const { timeoutMs, receiveWindowMs } = this.#traits;
    const arrivesMs = this.#dice.between(timeoutMs + 100, receiveWindowMs);
    return { name: 'arrives late', arrivesMs, heardMs: timeoutMs, failure: uncertain() };
  }

  #inStorm(kind: CallKind, request: number, answer: number): Fate | null {
    if (!this.#conditions.storm.holds(this.#clock.now())) return null;
    const { timeoutMs } = this.#traits;
    const rates = this.#rates;
    const dice = this.#dice;
    if (dice.chance(rates.requestLost)) {
      return { name: 'request lost', arrivesMs: null, heardMs: timeoutMs, failure: uncertain() };
    }
    if (dice.chance(rates.answerLost)) {
      return { name: 'answer lost', arrivesMs: request, heardMs: timeoutMs, failure: uncertain() };
    }
    if ((kind === 'submit' || kind === 'cancel') && dice.chance(rates.arrivesLate)) return this.#late();
    if (dice.chance(rates.answerCut)) {
      return { name: 'answer cut', arrivesMs: request, heardMs: answer, failure: cut() };
    }
    if (dice.chance(rates.unavailable)) {
      const arrivesMs = dice.chance(0.3) ? request : null;
      return { name: 'unavailable', arrivesMs, heardMs: answer, failure: unavailable() };
    }
    return null;
  }
}

function good(arrivesMs: number, heardMs: number): Fate {
  return { name: 'answered', arrivesMs, heardMs, failure: null };
}

const uncertain = (): VenueError => new VenueError('uncertain', 'no answer in time');
const unavailable = (): VenueError => new VenueError('unavailable', 'bad gateway');
/** What a library throws that reads a field of half a document: no error of the venue's. */
const cut = (): TypeError =>
  new TypeError("Cannot use 'in' operator to search for 'code' in {\"orderId\":12");
