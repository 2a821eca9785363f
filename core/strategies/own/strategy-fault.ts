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

/** Names and texts of the file are in it: it is written with every decision until the file is another one. */
const LONGEST_MESSAGE = 500;

/** A text of the file as it can be shown anywhere. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** A strategy's own fault, in words for its maker. Never the program's. */
export class StrategyFault extends Error {
  override readonly name = 'StrategyFault';
  readonly kind: FaultKind;
  readonly place: Place | null;

  constructor(kind: FaultKind, message: string, place: Place | null = null) {
    const short = onOneLine(message).slice(0, LONGEST_MESSAGE);
    super(place === null ? short : `line ${place.line}, column ${place.column}: ${short}`);
    this.kind = kind;
    this.place = place;
  }
}
