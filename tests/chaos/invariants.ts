import type { UtcMs } from '../../core/domain/index.ts';
import type { EngineUnderTest } from './engine-port.ts';
import { type Books, booksAgree } from './invariants/books.ts';
import { closesReduce, onlyReduces, staysFlat } from './invariants/latch.ts';
import { withinLimits } from './invariants/limits.ts';
import { ProtectionWatch, type Watched } from './invariants/protection.ts';
import { noOrphans, noTroubles, protectedAtRest } from './invariants/rest.ts';
import { sentOnce } from './invariants/sent-once.ts';
import type { NastyVenue } from './nasty-venue.ts';

/** Something that must not be, the first time it was seen. */
export interface Violation {
  readonly at: UtcMs;
  readonly rule: string;
  readonly detail: string;
}

/**
 * What must hold whatever happens, after every event and at rest. Truth is what the venue's own records say; what the
 * engine shows and its ledger holds is compared with it.
 */
export class Invariants {
  readonly violations: Violation[] = [];
  readonly #venue: NastyVenue;
  readonly #protection: ProtectionWatch;
  readonly #seen = new Set<string>();
  #checked = { orders: 0, fills: 0, sent: 0 };

  constructor(venue: NastyVenue) {
    this.#venue = venue;
    this.#protection = new ProtectionWatch(venue);
  }

  /** After every moment. `watched` is null while no process trades or all positions are being closed. */
  afterEvent(watched: Watched | null, latchedAt: UtcMs | null): void {
    if (this.#somethingNew()) {
      this.#report('nothing is sent twice', sentOnce(this.#venue));
      this.#report('within the limits', withinLimits(this.#venue));
      this.#report('closes only reduce', closesReduce(this.#venue));
      this.#report('the latch holds', onlyReduces(this.#venue, latchedAt));
    }
    if (watched === null) this.#protection.forget();
    else this.#report('protected within two seconds', this.#protection.look(watched));
  }

  /** When nothing fails any more and time has passed. */
  atRest(engine: EngineUnderTest, ledger: Books['ledger'], latchedAt: UtcMs | null): void {
    this.#report('books agree', booksAgree(this.#venue, { ledger, engine }));
    this.#report('no orphans', noOrphans(this.#venue));
    this.#report('no doubt is left', noTroubles(this.#venue, engine));
    if (latchedAt === null) this.#report('protected at rest', protectedAtRest(this.#venue, engine));
    else this.#report('flat after the latch', staysFlat(this.#venue));
  }

  report(rule: string, details: readonly string[]): void {
    this.#report(rule, details);
  }

  #report(rule: string, details: readonly string[]): void {
    for (const detail of details) {
      const key = `${rule}: ${detail}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.violations.push({ at: this.#venue.time.now(), rule, detail });
    }
  }

  #somethingNew(): boolean {
    const { matcher, sent } = this.#venue;
    const now = { orders: matcher.orders.length, fills: matcher.fills.length, sent: sent.length };
    const { orders, fills } = this.#checked;
    if (now.orders === orders && now.fills === fills && now.sent === this.#checked.sent) return false;
    this.#checked = now;
    return true;
  }
}
