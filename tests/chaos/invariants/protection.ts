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
import { coverOf, inLots, isProtectable, trueUnits } from './open-units.ts';

/** The process that is looked at. */
export interface Watched {
  readonly engine: Pick<EngineUnderTest, 'protectionOf' | 'alarmed'>;
  readonly session: Pick<VenueSession, 'toldAt'>;
  /** What earlier processes of this installation had been told, and surely kept. */
  readonly kept: ReadonlySet<number>;
  /** When it began to trade. */
  readonly readyAt: UtcMs;
}

interface Bare {
  readonly symbol: string;
  readonly units: BaseAmount;
}

/** How long a position may be without a stop, a watching engine or an alarm, counted from when its fill was told. */
const LIMIT_MS = 2_000;
/** Where a close that ended left a rest, the limit runs from when that was told and its fills were asked for. */
const GRACE_MS = 1_000;
/** How long it may take to find out that a fill is nobody's we know: its order may only not be listed yet. */
const ATTRIBUTION_MS = 60_000;
/**
 * A stop that was taken away unheard is missed by a comparison of lists that may be 20 s old. Where the venue cannot tell
 * what became of it, it is over after 80 s of that, which calls that fail put off; the engine watches the price meanwhile.
 */
const UNHEARD_MS = 180_000;

/**
 * Every unit that the engine was told of rests under a stop at the venue within two seconds, or is watched by the
 * engine, or shows as unprotected with a critical alert.
 */
export class ProtectionWatch {
  readonly #venue: NastyVenue;
  /** Since when a symbol is bare and shows nothing, or claims a stop that is not there. */
  readonly #since = new Map<string, UtcMs>();
  readonly #claimedSince = new Map<string, UtcMs>();
  /** What is bare, as of what had happened and was told when it was computed. */
  #bare: readonly Bare[] = [];
  #computedAt = '';

  constructor(venue: NastyVenue) {
    this.#venue = venue;
  }

  /** Another process: it is told everything anew. */
  forget(): void {
    this.#since.clear();
    this.#claimedSince.clear();
    this.#computedAt = '';
  }

  look(watched: Watched): readonly string[] {
    const state = `${this.#venue.revision} ${watched.session.toldAt.size} ${watched.kept.size}`;
    if (state !== this.#computedAt) {
      this.#bare = this.#bareUnits(watched);
      for (const since of [this.#since, this.#claimedSince]) this.#dropCovered(since);
      this.#computedAt = state;
    }
    return this.#bare.flatMap((bare) => this.#lookAt(bare, watched));
  }

  #dropCovered(since: Map<string, UtcMs>): void {
    for (const symbol of since.keys()) {
      if (!this.#bare.some((bare) => bare.symbol === symbol)) since.delete(symbol);
    }
  }

  #bareUnits(watched: Watched): readonly Bare[] {
    return [...this.#venue.markets.keys()]
      .map((symbol) => ({ symbol, units: this.#knownUnits(symbol, watched) }))
      .filter(({ symbol, units }) => isProtectable(this.#venue, symbol, units))
      .filter(({ symbol, units }) =>
        coverOf(this.#venue, symbol, units).lt(inLots(this.#venue, symbol, units)),
      );
  }

  #lookAt({ symbol, units }: Bare, { engine }: Watched): readonly string[] {
    const now = this.#venue.time.now();
    const shown = engine.protectionOf(symbol);
    if (shown === 'venue') return this.#claimed(symbol, units, now);
    this.#claimedSince.delete(symbol);
    if (shown === 'engine' || engine.alarmed(symbol)) {
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

  /**
   * What is truly open and known to the engine: the smaller of the two, where they agree on the direction. Nothing
   * while it may still be finding out whose a fill is.
   */
  #knownUnits(symbol: string, watched: Watched): BaseAmount {
    const truth = trueUnits(this.#venue, symbol);
    const isSpot = this.#venue.markets.get(symbol)?.kind === 'spot';
    const fills = this.#venue.matcher.fills.filter(
      ({ fill, hand }) => fill.symbol === symbol && (hand === 'ours' || !isSpot),
    );
    if (fills.some((filled) => filled.hand !== 'ours' && !this.#isAttributed(filled, watched)))
      return ZERO_BASE;
    const known = fills
      .filter(({ sequence }) => watched.session.toldAt.has(sequence) || watched.kept.has(sequence))
      .reduce((sum, { fill }) => (fill.side === 'buy' ? add : subtract)(sum, fill.amount), ZERO_BASE);
    if (truth.isNegative() !== known.isNegative()) return ZERO_BASE;
    const size = minimum(absolute(truth), absolute(known));
    return truth.isNegative() ? negate(size) : size;
  }

  #isAttributed({ sequence }: TrueFill, { session, kept, readyAt }: Watched): boolean {
    const toldAt = session.toldAt.get(sequence) ?? (kept.has(sequence) ? readyAt : this.#venue.time.now());
    return this.#venue.time.now() - toldAt > ATTRIBUTION_MS;
  }
}
