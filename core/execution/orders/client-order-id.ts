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

const READABLE_CHARACTERS = 3;
const HASH_CHARACTERS = 8;
const TIME_CHARACTERS = 9;
const ORDINAL_CHARACTERS = 4;
const MAX_ORDINAL = 36 ** ORDINAL_CHARACTERS - 1;

/** What an order id is made from. */
export interface OrderIdParts {
  readonly symbol: string;
  /** Opening time of the bar that was decided on; for orders without a bar, the moment that caused them. */
  readonly time: UtcMs;
  readonly purpose: OrderPurpose;
  /** Tells apart several orders of the same symbol, time and purpose. */
  readonly ordinal: number;
}

/**
 * Client order ids that can be computed again: deciding the same bar twice, before and after a crash, gives the
 * same id, and so one order. `{prefix}{symbol code}{time}{purpose}{ordinal}`, letters and digits only, at most
 * 32 of them, which every large venue takes (OKX is the strictest). The prefix tells modes apart.
 */
export class ClientOrderIds {
  readonly #prefix: string;
  readonly #pattern: RegExp;
  readonly #codes = new Map<string, string>();

  /** @param prefix one to six lower-case letters, one prefix a mode. @throws TypeError for anything else. */
  constructor(prefix: string) {
    if (!/^[a-z]{1,6}$/.test(prefix)) {
      throw new TypeError(`order id prefix "${prefix}" must be one to six lower-case letters`);
    }
    this.#prefix = prefix;
    const code = `[A-Z0-9]{${READABLE_CHARACTERS}}[0-9a-z]{${HASH_CHARACTERS}}`;
    const time = `([0-9a-z]{${TIME_CHARACTERS}})`;
    this.#pattern = new RegExp(`^${prefix}${code}${time}([nxpe])([0-9a-z]{1,${ORDINAL_CHARACTERS}})$`);
  }

  /** @throws RangeError when the time or the ordinal is not a whole number that fits. */
  make({ symbol, time, purpose, ordinal }: OrderIdParts): ClientOrderId {
    if (!Number.isSafeInteger(time) || time < 0 || time >= 36 ** TIME_CHARACTERS) {
      throw new RangeError(`${time} is not a time that an order id can carry`);
    }
    if (!Number.isInteger(ordinal) || ordinal < 0 || ordinal > MAX_ORDINAL) {
      throw new RangeError(`order number ${ordinal} of one moment is out of range`);
    }
    const when = time.toString(36).padStart(TIME_CHARACTERS, '0');
    return clientOrderId(
      `${this.#prefix}${this.#code(symbol)}${when}${LETTERS[purpose]}${ordinal.toString(36)}`,
    );
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

  /** What an order was for, read from its id. Undefined when the id was not made with this prefix. */
  purposeOf(id: string): OrderPurpose | undefined {
    return PURPOSES.get(this.#pattern.exec(id)?.[2] ?? '');
  }

  /** Three readable characters and 40 bits of SHA-256: fifty symbols clash once in a thousand million sets. */
  #code(symbol: string): string {
    const known = this.#codes.get(symbol);
    if (known !== undefined) return known;
    const digest = createHash('sha256').update(symbol).digest().readUIntBE(0, 5);
    const readable = symbol
      .replaceAll(/[^A-Z0-9]/g, '')
      .slice(0, READABLE_CHARACTERS)
      .padEnd(READABLE_CHARACTERS, '0');
    const code = readable + digest.toString(36).padStart(HASH_CHARACTERS, '0');
    this.#codes.set(symbol, code);
    return code;
  }
}
