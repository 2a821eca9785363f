import { createHash } from 'node:crypto';
import type { OrderPurpose } from '../../contract/index.ts';
import { type ClientOrderId, clientOrderId, type UtcMs } from '../../domain/index.ts';

const LETTERS: Readonly<Record<OrderPurpose, string>> = {
  entry: 'n',
  exit: 'x',
  protection: 'p',
  emergency: 'e',
};
const PURPOSES = new Map(
  Object.entries(LETTERS).map(([purpose, letter]) => [letter, purpose as OrderPurpose]),
);

const PREFIX_CHARACTERS = 4;
const SYMBOL_CHARACTERS = 5;
const SECOND_CHARACTERS = 6;
const ORDINAL_CHARACTERS = 2;
const SYMBOL_CODES = 36 ** SYMBOL_CHARACTERS;
/** Since the Unix epoch: until the end of 2038. */
const SECONDS = 36 ** SECOND_CHARACTERS;
const ORDINALS = 36 ** ORDINAL_CHARACTERS;

/** An id as they are made here, and its prefix. */
const MADE = new RegExp(
  `^([a-z][0-9a-z]{${PREFIX_CHARACTERS - 1}})[0-9a-z]{${SYMBOL_CHARACTERS + SECOND_CHARACTERS}}[nxpe][0-9a-z]{${ORDINAL_CHARACTERS}}$`,
);

/** What an order id is made from. */
export interface OrderIdParts {
  readonly symbol: string;
  /** Opening time of the bar that was decided on; for orders without a bar, the moment that caused them. */
  readonly time: UtcMs;
  readonly purpose: OrderPurpose;
  /** Tells apart several orders of the same symbol, second and purpose. */
  readonly ordinal: number;
}

/**
 * Client order ids that can be computed again: deciding the same bar twice, before and after a crash, gives the
 * same id, and so one order. `{prefix}{symbol}{second}{purpose}{ordinal}`: 18 lower-case letters and digits, which is
 * what Kraken, the strictest venue, takes as free text. The prefix is the mode's letter and three characters of the
 * installation, so that neither another mode nor another computer on the same account takes an order for its own.
 */
export class ClientOrderIds {
  readonly #prefix: string;
  readonly #pattern: RegExp;
  readonly #codes = new Map<string, string>();

  /** @param prefix a lower-case letter and three letters or digits. @throws TypeError for anything else. */
  constructor(prefix: string) {
    if (!/^[a-z][0-9a-z]{3}$/.test(prefix)) {
      throw new TypeError(
        `order id prefix "${prefix}" must be a lower-case letter and three letters or digits`,
      );
    }
    this.#prefix = prefix;
    this.#pattern = new RegExp(
      `^${prefix}[0-9a-z]{${SYMBOL_CHARACTERS + SECOND_CHARACTERS}}([nxpe])[0-9a-z]{${ORDINAL_CHARACTERS}}$`,
    );
  }

  /** @throws RangeError when the time or the ordinal is not a whole number that fits. */
  make({ symbol, time, purpose, ordinal }: OrderIdParts): ClientOrderId {
    const second = Math.floor(time / 1000);
    if (!Number.isSafeInteger(time) || second < 0 || second >= SECONDS) {
      throw new RangeError(`${time} is not a time that an order id can carry`);
    }
    if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal >= ORDINALS) {
      throw new RangeError(`order number ${ordinal} of one second is out of range`);
    }
    const parts = [
      this.#prefix,
      this.#code(symbol),
      digits(second, SECOND_CHARACTERS),
      LETTERS[purpose],
      digits(ordinal, ORDINAL_CHARACTERS),
    ];
    return clientOrderId(parts.join(''));
  }

  /** The first id of its kind that is not taken, counting up from ordinal 0. */
  firstFree(parts: Omit<OrderIdParts, 'ordinal'>, taken: (id: ClientOrderId) => boolean): ClientOrderId {
    let ordinal = 0;
    let id = this.make({ ...parts, ordinal });
    while (taken(id)) {
      ordinal += 1;
      id = this.make({ ...parts, ordinal });
    }
    return id;
  }

  /** The time that an id carries, to the second. */
  timeOf(id: ClientOrderId): UtcMs {
    const start = PREFIX_CHARACTERS + SYMBOL_CHARACTERS;
    return Number.parseInt(id.slice(start, start + SECOND_CHARACTERS), 36) * 1000;
  }

  /** What an order was for, read from its id. Undefined when the id was not made with this prefix. */
  purposeOf(id: string | null): OrderPurpose | undefined {
    return PURPOSES.get(this.#pattern.exec(id ?? '')?.[1] ?? '');
  }

  /** 25 bits of SHA-256: of fifty symbols two clash once in fifty thousand sets, and then for the same second only. */
  #code(symbol: string): string {
    const known = this.#codes.get(symbol);
    if (known !== undefined) return known;
    const code = digits(
      createHash('sha256').update(symbol).digest().readUIntBE(0, 6) % SYMBOL_CODES,
      SYMBOL_CHARACTERS,
    );
    this.#codes.set(symbol, code);
    return code;
  }
}

/** Whether two ids were made with one prefix: by one mode of one installation. */
export function isOfOneHand(id: string, other: string): boolean {
  const prefix = (each: string): string | undefined => MADE.exec(each)?.[1];
  return prefix(id) !== undefined && prefix(id) === prefix(other);
}

function digits(value: number, characters: number): string {
  return value.toString(36).padStart(characters, '0');
}
