const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** A decimal number: no spaces, no hexadecimal, nothing that `Number()` would take out of kindness. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** No number is longer. */
const LONGEST_CELL = 100;

/** Of up to 15 digits, mantissa and power of ten are exact floats, so their quotient is rounded right (Clinger, 1990). */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * Reads numbers from the bytes of a CSV file, cell by cell, without making strings: a million rows a second.
 */
export class CellReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #cellStart: number;
  #lineStart: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#cellStart = start;
    this.#lineStart = start;
  }

  /** At the start of a line: whether there is another one. Blank lines at the end of the file are none. */
  beginLine(): boolean {
    this.#lineStart = this.#at;
    for (let at = this.#at; at < this.#bytes.length; at += 1) {
      const byte = this.#bytes[at];
      if (byte !== LINE_FEED && byte !== CARRIAGE_RETURN && byte !== SPACE) return true;
    }
    return false;
  }

  /** Whether the cell read last is the last of its line. */
  atLineEnd(): boolean {
    return this.#bytes[this.#at] !== COMMA;
  }

  /** Moves from the end of a cell to the next cell, or from the end of a line to the next line. */
  advance(): void {
    if (this.#bytes[this.#at] === CARRIAGE_RETURN) this.#at += 1;
    this.#at += 1;
  }

  /** The number in the cell that starts here; NaN when it is none or not finite. Stops at the cell's end. */
  readNumber(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    this.#cellStart = at;
    let mantissa = 0;
    let digits = 0;
    let pointAt = -1;
    for (;;) {
      const byte = bytes[at];
      if (byte !== undefined && byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        digits += 1;
      } else if (byte === POINT && pointAt < 0) {
        pointAt = at;
      } else {
        break;
      }
      at += 1;
    }
    this.#at = at;
    if (this.#atCellEnd() && digits > 0 && digits <= EXACT_DIGITS) {
      return pointAt < 0 ? mantissa : mantissa / (POWERS_OF_TEN[at - pointAt - 1] ?? Number.NaN);
    }
    while (!this.#atCellEnd()) this.#at += 1;
    const text = this.cellText();
    const isNumber = NUMBER.test(text) && this.#at - this.#cellStart <= LONGEST_CELL;
    const value = isNumber ? Number(text) : Number.NaN;
    return Number.isFinite(value) ? value : Number.NaN;
  }

  /** The text of the cell read last, up to its first 100 characters. */
  cellText(): string {
    const end = Math.min(this.#at, this.#cellStart + LONGEST_CELL);
    return Buffer.from(this.#bytes.subarray(this.#cellStart, end)).toString('latin1');
  }

  /** How many cells the current line has, for messages. */
  cellsInLine(): number {
    let cells = 1;
    for (let at = this.#lineStart; at < this.#bytes.length && this.#bytes[at] !== LINE_FEED; at += 1) {
      if (this.#bytes[at] === COMMA) cells += 1;
    }
    return cells;
  }

  #atCellEnd(): boolean {
    const byte = this.#bytes[this.#at];
    if (byte !== CARRIAGE_RETURN) return byte === COMMA || byte === LINE_FEED || byte === undefined;
    // Alone it ends nothing: what follows it would be lost.
    const following = this.#bytes[this.#at + 1];
    return following === LINE_FEED || following === undefined;
  }
}
