import type { OrderRef, VenueOrder } from '../../../domain/index.ts';
import type { Params } from './ccxt-api.ts';
import type { LookUp } from './dialect.ts';
import type { KeptIds } from './kept-ids.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { listOf, type ReadingContext, readOrder } from './reading.ts';

type Lists = Extract<LookUp, { readonly by: 'lists' }>;
type Read = Pick<VenueOrder, 'clientOrderId' | 'venueOrderId'> & { readonly row: unknown };

/** What lists could not settle. */
export class Untold {
  /** Of what the venue does not tell. */
  readonly of: string;

  constructor(of: string) {
    this.of = of;
  }
}

/** How the lists are gone through once. */
interface Pass {
  /** What makes each a list of one order; null where nothing does. */
  readonly params: Params | null;
  readonly since: number | undefined;
  readonly isUrgent: boolean;
}

/** Our clock and the venue's may differ by so much. */
const MARGIN_MS = 10 * 60_000;

/** Looks for an order in the lists of its symbol, where it cannot be asked for by our id. */
export class OrderLists {
  readonly #ccxt: HardenedCcxt;
  readonly #context: ReadingContext;
  readonly #keptIds: KeptIds;

  constructor(ccxt: HardenedCcxt, context: ReadingContext, keptIds: KeptIds) {
    this.#ccxt = ccxt;
    this.#context = context;
    this.#keptIds = keptIds;
  }

  /** The order's row; undefined where lists that must have it do not; `Untold` where they need not have it. */
  async find(ref: OrderRef, lookUp: Lists, isUrgent: boolean): Promise<unknown> {
    const params = idParams(ref, lookUp);
    const since = params !== null || ref.since === undefined ? undefined : ref.since - MARGIN_MS;
    const found = await this.#pass(ref, lookUp, { params, since, isUrgent });
    const isSettled = this.#keptIds.areProven || since === undefined || isRow(found);
    // Orders from before show whether our ids are kept there.
    return isSettled ? found : this.#pass(ref, lookUp, { params, since: undefined, isUrgent });
  }

  async #pass(ref: OrderRef, lookUp: Lists, { params, since, isUrgent }: Pass): Promise<unknown> {
    let doubt: string | null = lookUp.ended.length === 0 ? 'orders that have ended' : null;
    for (const call of ['fetchOpenOrders', ...lookUp.ended] as const) {
      // Of the working ones all are wanted, however old.
      const from = call === 'fetchOpenOrders' ? undefined : since;
      const rows = await this.#rows(
        ref.symbol,
        call,
        from,
        params ?? this.#stopParams(ref, call),
        lookUp,
        isUrgent,
      );
      this.#keptIds.look(rows);
      const found = rows.find((row) => isIt(row, ref));
      if (found !== undefined) return found.row;
      if (rows.length >= lookUp.limit)
        doubt = `all orders at once, and ${lookUp.limit} are as many as it tells`;
      // It may be ours: then the venue does not tell our ids.
      else if (params === null && ref.venueOrderId === null && rows.some((row) => row.clientOrderId === null))
        doubt = 'whose all its orders are';
    }
    return doubt === null ? undefined : new Untold(doubt);
  }

  async #rows(
    symbol: string,
    call: 'fetchOpenOrders' | Lists['ended'][number],
    since: number | undefined,
    params: Params,
    { limit }: Lists,
    isUrgent: boolean,
  ): Promise<readonly Read[]> {
    const { api, calls } = this.#ccxt;
    const reply = await calls.make(() => api[call](symbol, since, limit, params), isUrgent);
    return listOf(reply, (row) => {
      const { clientOrderId, venueOrderId } = readOrder(row, this.#context);
      return { row, clientOrderId, venueOrderId };
    });
  }

  #stopParams({ type }: OrderRef, call: string): Params {
    return (type === 'stop' && call === 'fetchOpenOrders' ? this.#context.dialect.stopParams : null) ?? {};
  }
}

/** The parameters that make a list one of the order; null where there are none. */
function idParams({ venueOrderId, clientOrderId }: OrderRef, { idsIn }: Lists): Params | null {
  if (idsIn === null) return null;
  if (venueOrderId !== null) return { [idsIn.venue]: venueOrderId };
  // Whoever asks has one of the two.
  return { [idsIn.client]: `${clientOrderId}` };
}

const isRow = (found: unknown): boolean => found !== undefined && !(found instanceof Untold);

function isIt(row: Read, { venueOrderId, clientOrderId }: OrderRef): boolean {
  return venueOrderId === null ? row.clientOrderId === clientOrderId : row.venueOrderId === venueOrderId;
}
