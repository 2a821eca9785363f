import { z } from 'zod';
import type { Settings } from '../../contract/index.ts';
import { StateDocument, type StateStore, TraderError } from '../../domain/index.ts';

/** Where the account is that a database's books are about. */
export interface AccountPlace {
  /** The venue's id. */
  readonly exchange: string;
  /** Its own network, its test network, or the address that stands for it. */
  readonly at: string;
}

export type VenueSettings = Pick<Settings, 'mode' | 'exchange'>;

const PlaceSchema = z.object({ exchange: z.string().min(1), at: z.string().min(1) });

/** Where a mode that trades at a venue has its account by these settings. */
export function accountPlaceOf({ mode, exchange: { id, endpoint } }: VenueSettings): AccountPlace {
  const own = mode === 'sandbox' ? 'its test network' : 'its own network';
  return { exchange: id, at: endpoint === null ? own : new URL(endpoint.rest).origin };
}

/**
 * Refuses to open a book on another account than its own: every fill in it would be taken for one of the other's.
 * Changes nothing.
 *
 * @throws TraderError with what to do.
 */
export function requireSameAccount(state: StateStore, settings: VenueSettings): void {
  const { mode } = settings;
  const reading = accountPlace(state).read();
  if (!reading.ok) {
    const instead = `restore a backup of ${mode}.sqlite, or choose another --data-dir`;
    throw new TraderError(
      'failure',
      `whose books ${mode}.sqlite holds is not known, ${reading.fault}: ${instead}`,
    );
  }
  const place = accountPlaceOf(settings);
  const bound = reading.value;
  if (bound === null || isSamePlace(bound, place)) return;
  const setting = bound.exchange === place.exchange ? 'exchange.endpoint' : 'exchange.id';
  const words = (each: AccountPlace): string => `${each.exchange} at ${each.at}`;
  throw new TraderError(
    'bad-input',
    `${setting}: ${mode}.sqlite holds the books of ${words(bound)}, not of ${words(place)}: set it back, or choose another --data-dir for the other account`,
  );
}

/** Whose books these are, as far as it was noted and can be read. */
export function boundPlace(state: StateStore): AccountPlace | null {
  return accountPlace(state).readOr(() => null);
}

export function isSamePlace(one: AccountPlace, other: AccountPlace): boolean {
  return one.exchange === other.exchange && one.at === other.at;
}

/** Notes whose books these are from now on. To be called once the account has answered. */
export function bindAccount(state: StateStore, settings: VenueSettings): void {
  if (boundPlace(state) === null) accountPlace(state).write(accountPlaceOf(settings));
}

/** Null: the books have not begun, or are of a version that did not note it. */
function accountPlace(state: StateStore): StateDocument<AccountPlace | null> {
  return new StateDocument<AccountPlace | null>(state, 'account-place', {
    version: 1,
    initial: null,
    parse: (stored) => PlaceSchema.safeParse(stored).data,
  });
}
