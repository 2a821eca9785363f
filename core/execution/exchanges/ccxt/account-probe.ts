import { z } from 'zod';
import type { AccountSnapshot, KeyRights } from '../../../domain/index.ts';
import type { Dialect } from './dialect.ts';
import { askKeyRights } from './key-rights.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { parsed, readAssets } from './reading.ts';

const PositionMode = z.object({ hedged: z.boolean() });

/** Asks what has to be known of an account before it is traded with. Changes nothing there. */
export class AccountProbe {
  readonly #line: HardenedCcxt;
  readonly #dialect: Dialect;

  /** @param offsetMs the venue's clock minus ours, by which requests are dated. */
  constructor(line: HardenedCcxt, dialect: Dialect, offsetMs: number) {
    this.#line = line;
    this.#dialect = dialect;
    line.api.options['timeDifference'] = -offsetMs;
  }

  /** What the account holds: the answer shows that the keys are taken. @throws VenueError */
  async assets(): Promise<AccountSnapshot['assets']> {
    const { api, calls } = this.#line;
    return readAssets(await calls.make(() => api.fetchBalance()), this.#dialect.money);
  }

  /** @throws VenueError */
  rights(): Promise<KeyRights> {
    return askKeyRights(this.#line, this.#dialect);
  }

  /** Whether it holds long and short positions apart, which the books here cannot. @throws VenueError */
  async isHedged(): Promise<boolean> {
    const { api, calls } = this.#line;
    if (this.#dialect.markets === 'spot' || !this.#dialect.tellsPositionMode) return false;
    return parsed(PositionMode, 'position mode', await calls.make(() => api.fetchPositionMode())).hedged;
  }
}
