import { z } from 'zod';
import type { KeyRights } from '../../../domain/index.ts';
import type { CcxtApi } from './ccxt-api.ts';
import type { Dialect } from './dialect.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { parsed } from './reading.ts';

const Reply = z.record(z.string(), z.unknown());
const UNTOLD: KeyRights = { trading: null, withdrawals: null, ipRestricted: null };

/** What the venue says that the key may do. @throws VenueError when it does not answer. */
export async function askKeyRights({ api, calls }: HardenedCcxt, { keyRights }: Dialect): Promise<KeyRights> {
  if (keyRights === null) return UNTOLD;
  const { call, trading, withdrawals, ipRestricted } = keyRights;
  const reply = await calls
    .make(() => ownCall(api, call))
    .catch((error: unknown) => {
      if (hasNoAddress(error)) return undefined;
      throw error;
    });
  if (reply === undefined) return UNTOLD;
  const told = parsed(Reply, 'rights of the key', reply);
  const flag = (name: string): boolean => parsed(z.boolean(), 'rights of the key', told[name]);
  return {
    trading: flag(trading),
    withdrawals: flag(withdrawals),
    ipRestricted: flag(ipRestricted),
  };
}

/** Whether ccxt knows no address for a call: test networks leave out what is about the account and not about trading. */
function hasNoAddress(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof Error && error.cause.name === 'NotSupported';
}

/** A call that only this venue has, which ccxt makes at run time from the venue's own paths. */
async function ownCall(api: CcxtApi, name: string): Promise<unknown> {
  const call: unknown = Reflect.get(api, name);
  if (typeof call !== 'function') throw new TypeError(`ccxt has no ${name}`);
  return Reflect.apply(call, api, []) as unknown;
}
