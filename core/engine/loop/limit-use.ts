import { type QuoteAmount, sum, ZERO_QUOTE } from '../../domain/index.ts';
import { groupOf, type Moves } from '../../safety/index.ts';

/** What positions and open entry orders use of the limits. */
export interface LimitUse {
  readonly equity: QuoteAmount;
  readonly exposures: ReadonlyMap<string, QuoteAmount>;
  readonly strategies: ReadonlyMap<string, QuoteAmount>;
  /** Of what is exposed: symbols that move together, each symbol in one group. */
  readonly groups: readonly ExposedSymbols[];
  /** What all stops would cost. */
  readonly openRisk: QuoteAmount;
  readonly entriesLastHour: number;
  readonly entriesToday: number;
}

export interface ExposedSymbols {
  readonly symbols: readonly string[];
  readonly exposure: QuoteAmount;
  /** False: too little is known of how they move, and they count as one group for that. */
  readonly isKnown: boolean;
}

/** The groups among symbols that are exposed. */
export function groupsOf(
  exposures: ReadonlyMap<string, QuoteAmount>,
  moves: Moves,
): readonly ExposedSymbols[] {
  const groups: ExposedSymbols[] = [];
  const rest = new Set(exposures.keys());
  for (const first of rest) {
    const symbols = groupOf(first, rest, moves);
    for (const symbol of symbols) rest.delete(symbol);
    groups.push({ symbols, exposure: exposureOf(symbols, exposures), isKnown: moves.isKnown(first) });
  }
  return groups;
}

/** What is in several symbols together. */
export function exposureOf(
  symbols: readonly string[],
  exposures: ReadonlyMap<string, QuoteAmount>,
): QuoteAmount {
  return sum(
    ZERO_QUOTE,
    symbols.map((symbol) => exposures.get(symbol) ?? ZERO_QUOTE),
  );
}
