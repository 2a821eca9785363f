import { mean } from '../domain/index.ts';

/** Days of returns that are compared. */
export const CORRELATION_DAYS = 60;
/** With fewer days in common two symbols cannot be told apart. */
export const MIN_CORRELATION_DAYS = 30;
/** Above it two symbols are one bet. */
export const MOVES_TOGETHER = 0.7;

/**
 * Pearson's correlation of returns of the same days; NaN where one of them never moved, null of fewer than
 * `MIN_CORRELATION_DAYS`.
 */
export function correlationOf(pairs: readonly (readonly [number, number])[]): number | null {
  if (pairs.length < MIN_CORRELATION_DAYS) return null;
  const [a, b] = [mean(pairs.map(([x]) => x)), mean(pairs.map(([, y]) => y))];
  let [together, ofA, ofB] = [0, 0, 0];
  for (const [x, y] of pairs) {
    together += (x - a) * (y - b);
    ofA += (x - a) ** 2;
    ofB += (y - b) ** 2;
  }
  return together / Math.sqrt(ofA * ofB);
}

/** What is known of how symbols move. */
export interface Moves {
  /** Whether a symbol has days enough to be compared. */
  isKnown(symbol: string): boolean;
  /** Of two symbols' daily returns; null where they have too few days in common. */
  correlation(a: string, b: string): number | null;
}

/**
 * The symbols that move together with one, itself included, directly or by way of others. Which side is held does not
 * matter. Symbols without history are one group of their own: that they differ is not known.
 */
export function groupOf(symbol: string, others: Iterable<string>, moves: Moves): readonly string[] {
  const group = [symbol];
  const rest = new Set(others);
  rest.delete(symbol);
  // Grows while it is walked: those that came in bring their own.
  for (const member of group) {
    for (const other of rest) {
      if (!movesTogether(member, other, moves)) continue;
      rest.delete(other);
      group.push(other);
    }
  }
  return group;
}

function movesTogether(a: string, b: string, moves: Moves): boolean {
  const correlation = moves.correlation(a, b);
  return correlation === null ? moves.isKnown(a) === moves.isKnown(b) : correlation > MOVES_TOGETHER;
}
