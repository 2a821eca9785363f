import type { VenueAccount } from '../accounts/venue-account.ts';
import type { VenueRequest } from './venue-request.ts';

interface Common {
  /** GET /api/v3/time */
  readonly route: string;
  readonly weight: Weight;
}

/** What a request costs; some cost more where they name no symbol. */
type Weight = number | ((request: VenueRequest) => number);

export const bySymbol =
  (one: number, all: number): Weight =>
  (request) =>
    request.text('symbol') === undefined ? all : one;

/** Public: anybody. Key: whoever names a key. Signed: who proves to have the secret. */
export type Route =
  | (Common & { readonly security: 'public'; readonly run: (request: VenueRequest) => unknown })
  | (Common & {
      readonly security: 'key' | 'signed';
      readonly isOrder?: boolean;
      readonly run: (request: VenueRequest, account: VenueAccount) => unknown;
    });

export const open = (route: string, weight: number, run: (request: VenueRequest) => unknown): Route => ({
  ...{ route, weight, run },
  security: 'public',
});

export const signed = (
  route: string,
  weight: Weight,
  run: (request: VenueRequest, account: VenueAccount) => unknown,
): Route => ({ ...{ route, weight, run }, security: 'signed' });

/** A signed request that counts against the limit of orders. */
export const ordering = (
  route: string,
  run: (request: VenueRequest, account: VenueAccount) => unknown,
): Route => ({ ...{ route, run }, weight: 1, security: 'signed', isOrder: true });

export const keyed = (
  route: string,
  run: (request: VenueRequest, account: VenueAccount) => unknown,
): Route => ({ ...{ route, run }, weight: 1, security: 'key' });
