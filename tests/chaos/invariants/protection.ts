import {
  absolute,
  add,
  type BaseAmount,
  minimum,
  negate,
  subtract,
  text,
  type UtcMs,
  ZERO_BASE,
} from '../../../core/domain/index.ts';
import type { EngineUnderTest } from '../engine-port.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import type { VenueSession } from '../venue/session.ts';
import type { TrueFill } from '../venue/true-fill.ts';
import { coverOf, isTradable, trueUnits } from './open-units.ts';

/** The process that is looked at. */
export interface Watched {
  readonly engine: Pick<EngineUnderTest, 'protectionOf' | 'alarmed'>;
  readonly session: Pick<VenueSession, 'toldAt'>;
  /** What earlier processes of this installation had been told, and surely kept. */
  readonly kept: ReadonlySet<number>;
  /** When it began to trade. */
  readonly readyAt: UtcMs;
}

/** How long a position may be without a stop, a watching engine or an alarm, counted from when its fill was told. */
const LIMIT_MS = 2_000;
/** A tick of grace: alarms that are due at the limit are due at that millisecond. */
const GRACE_MS = 100;
/** A stop that was taken away unheard is missed by the next comparison of lists that may be 20 s old. */
const UNHEARD_MS = 90_000;

/**
 * Every unit that the engine was told of rests under a stop at the venue within two seconds, or is watched by the
 * engine, or shows as unprotected with a critical alert.
 */
export class ProtectionWatch {
  readonly #venue: NastyVenue;
  readonly #since = new Map<string, UtcMs>();
  readonly #claimedSince = new Map<string, UtcMs>();

  constructor(venue: NastyVenue) {
    this.#venue = venue;
  }

  /** Another process: it is told everything anew. */
  forget(): void {
    this.#since.clear();
    this.#claimedSince.clear();
  }

  look(watched: Watched): readonly string[] {
    return [...this.#venue.markets.keys()].flatMap((symbol) => this.#lookAt(symbol, watched));
  }

  #lookAt(symbol: string, watched: Watched): readonly string[] {
    const now = this.#venue.time.now();
    const units = this.#knownUnits(symbol, watched);
    const bare =
      isTradable(this.#venue, symbol, units) && coverOf(this.#venue, symbol, units).lt(absolute(units));
    if (!bare) {
      this.#since.delete(symbol);
      this.#claimedSince.delete(symbol);
      return [];
    }
    const shown = watched.engine.protectionOf(symbol);
    if (shown === 'venue') return this.#claimed(symbol, units, now);
    this.#claimedSince.delete(symbol);
    if (shown === 'engine' || watched.engine.alarmed(symbol)) {
      this.#since.delete(symbol);
      return [];
    }
    const since = this.#since.get(symbol) ?? now;
    this.#since.set(symbol, since);
    if (now - since <= LIMIT_MS + GRACE_MS) return [];
    return [`${text(units)} of ${symbol} have no stop, no watch and no alarm (since ${since})`];
  }

  #claimed(symbol: string, units: BaseAmount, now: UtcMs): readonly string[] {
    const since = this.#claimedSince.get(symbol) ?? now;
    this.#claimedSince.set(symbol, since);
    if (now - since <= UNHEARD_MS) return [];
    return [
      `${text(units)} of ${symbol} are said to be protected at the venue, and are not (since ${since})`,
    ];
  }

  /** What is truly open and known to the engine: the smaller of the two, where they agree on the direction. */
  #knownUnits(symbol: string, { session, kept }: Watched): BaseAmount {
    const truth = trueUnits(this.#venue, symbol);
    const known = this.#venue.matcher.fills
      .filter(
        ({ fill, sequence }) =>
          fill.symbol === symbol && (session.toldAt.has(sequence) || kept.has(sequence)),
      )
      .reduce((sum, filled) => add(sum, this.#changeBy(filled)), ZERO_BASE);
    if (truth.isNegative() !== known.isNegative()) return ZERO_BASE;
    const size = minimum(absolute(truth), absolute(known));
    return truth.isNegative() ? negate(size) : size;
  }

  #changeBy({ fill, hand }: TrueFill): BaseAmount {
    const isSpot = this.#venue.markets.get(fill.symbol)?.kind === 'spot';
    if (isSpot && hand !== 'ours') return ZERO_BASE;
    return fill.side === 'buy' ? fill.amount : subtract(ZERO_BASE, fill.amount);
  }
}
