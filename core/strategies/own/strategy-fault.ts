/** Where in a strategy's file, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * What is wrong with a strategy of the trader's own: it cannot be read (`not-understood`), runs too long, takes too much
 * memory, fails (`broken`), asks for what has not happened yet, or answers what cannot be acted on.
 */
export type FaultKind = 'not-understood' | 'too-long' | 'too-much' | 'broken' | 'look-ahead' | 'wrong-answer';

/** A strategy's own fault, in words for its maker. Never the program's. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
  readonly kind: FaultKind;
  readonly place: Place | null;

  constructor(kind: FaultKind, message: string, place: Place | null = null) {
    super(place === null ? message : `line ${place.line}, column ${place.column}: ${message}`);
    this.kind = kind;
    this.place = place;
  }
}
