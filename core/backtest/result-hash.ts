import { createHash } from 'node:crypto';
import { type Decision, type Fill, text } from '../domain/index.ts';

/** Characters. */
const BLOCK = 1 << 15;

/**
 * SHA-256 over everything a run decided and did, in order: the same data, settings and seed give the same hash
 * on every machine, whatever the data directory, the clock on the wall or the number of runs before.
 *
 * How much the voters support a side is told in hundredths: processors differ in the last bits of a model's probabilities.
 */
export class ResultHash {
  readonly #hash = createHash('sha256');
  #lines = '';

  decision(decision: Decision): void {
    const { symbol, barOpenTime, action, outcome, reasonCode, consensus } = decision;
    this.#line(
      'D',
      symbol,
      barOpenTime,
      action,
      outcome,
      reasonCode,
      coarse(consensus.support.BUY),
      coarse(consensus.support.SELL),
    );
  }

  fill(fill: Fill): void {
    this.#line(
      'F',
      fill.symbol,
      fill.side,
      fill.time,
      text(fill.price),
      text(fill.amount),
      fill.fee === null ? '' : text(fill.fee.quoteValue),
    );
  }

  digest(): string {
    return this.#hash.update(this.#lines).digest('hex');
  }

  #line(...fields: readonly (string | number)[]): void {
    this.#lines += `${fields.join('|')}\n`;
    // The sum is made of many lines at a time: so it costs little.
    if (this.#lines.length < BLOCK) return;
    this.#hash.update(this.#lines);
    this.#lines = '';
  }
}

function coarse(support: number): string {
  return support.toFixed(2);
}
