import type { UtcMs } from '../../../../core/domain/index.ts';
import { Refusal } from '../../orders/refusal.ts';
import { keyed, type Route } from '../../rest/route.ts';
import type { StreamConnection } from '../../streams/stream-connection.ts';
import { madeUpId, type World } from '../../world.ts';

interface ListenKey {
  readonly key: string;
  readonly account: string;
  validUntil: UtcMs;
}

const VALID_MS = 60 * 60_000;
const REVIEW_MS = 60_000;

/** Keys to user streams. They need no signature, live an hour, and the stream of one that ended is open and silent. */
export class ListenKeys {
  readonly #world: World;
  readonly #keys = new Map<string, ListenKey>();
  readonly #connections = new Set<StreamConnection>();

  constructor(world: World) {
    this.#world = world;
    world.clock.every(REVIEW_MS, () => {
      for (const key of this.#keys.values()) if (key.validUntil <= world.clock.now()) this.#end(key);
    });
  }

  routes(): readonly Route[] {
    const path = '/fapi/v1/listenKey';
    return [
      keyed(`POST ${path}`, (_request, { name }) => ({ listenKey: this.#renewed(name, true).key })),
      keyed(`PUT ${path}`, (_request, { name }) => ({ listenKey: this.#renewed(name, false).key })),
      keyed(`DELETE ${path}`, (_request, { name }) => {
        this.#keys.delete(this.#renewed(name, false).key);
        return {};
      }),
    ];
  }

  connect(connection: StreamConnection, key: string): boolean {
    const listenKey = this.#keys.get(key);
    if (listenKey === undefined) return false;
    connection.user = { account: listenKey.account, wrap: (event) => event };
    this.#connections.add(connection);
    return true;
  }

  expire(account: string): void {
    for (const key of this.#keys.values()) if (key.account === account) this.#end(key);
  }

  #renewed(account: string, mayMake: boolean): ListenKey {
    const validUntil = this.#world.clock.now() + VALID_MS;
    const known = [...this.#keys.values()].find((key) => key.account === account);
    if (known !== undefined) {
      known.validUntil = validUntil;
      return known;
    }
    if (!mayMake) throw new Refusal('no-listen-key');
    const made: ListenKey = { key: madeUpId(this.#world.random, '', 64), account, validUntil };
    this.#keys.set(made.key, made);
    return made;
  }

  #end({ key, account }: ListenKey): void {
    this.#keys.delete(key);
    for (const connection of this.#connections) {
      if (connection.user?.account !== account) continue;
      connection.send({ e: 'listenKeyExpired', E: this.#world.clock.now(), listenKey: key });
      connection.user = null;
      this.#connections.delete(connection);
    }
  }
}
