import {
  contracts,
  type GateAnswer,
  type Instrument,
  type OpenOrdersAsking,
  type OrderGate,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  ratio,
  text,
  VenueError,
  type VenueOrder,
} from '../../../domain/index.ts';
import type { Params } from './ccxt-api.ts';
import type { Dialect } from './dialect.ts';
import { saysUnknown } from './faults.ts';
import { KeptIds } from './kept-ids.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { OrderLists, Untold } from './order-lists.ts';
import { childOf, listOf, type ReadingContext, readOrder } from './reading.ts';

const NONE: Params = {};
const FREE: GateAnswer = { allowed: true };

/** Sends, cancels and looks up orders. */
export class OrderCalls {
  readonly #ccxt: HardenedCcxt;
  readonly #context: ReadingContext;
  readonly #dialect: Dialect;
  readonly #lists: OrderLists;
  readonly #keptIds: KeptIds;
  /** Whether an order came back without our id: at a venue that was not tried, nobody knows before. */
  #losesIds = false;

  constructor(ccxt: HardenedCcxt, context: ReadingContext) {
    this.#ccxt = ccxt;
    this.#context = context;
    this.#dialect = context.dialect;
    this.#keptIds = new KeptIds(this.#dialect.isProven);
    this.#lists = new OrderLists(ccxt, context, this.#keptIds);
  }

  /** Sends an order, once. @throws VenueError as `Exchange.submit` does. */
  async submit(intent: OrderIntent, gate?: OrderGate): Promise<VenueOrder> {
    const { api, calls } = this.#ccxt;
    const { symbol, side, type, amount, limitPrice, stopPrice, purpose } = intent;
    const making = this.#makingParams(intent);
    if (this.#losesIds && purpose === 'entry')
      throw new VenueError('rejected', `${api.name} tells orders without our ids: nothing is entered there`);
    this.#keptIds.name(intent.clientOrderId);
    const count = countOf(intent, this.#context.instrument(symbol));
    const reply = await calls.make(
      () =>
        api.createOrder(
          symbol,
          type === 'limit' ? 'limit' : 'market',
          side,
          count,
          // A price beside a market order would make an order of so much money of it.
          limitPrice === null ? undefined : text(limitPrice),
          {
            clientOrderId: intent.clientOrderId,
            ...(stopPrice === null ? NONE : { stopLossPrice: text(stopPrice) }),
            ...(intent.reduceOnly && this.#dialect.reduceOnlyFlag ? { reduceOnly: true } : NONE),
            ...making,
          },
        ),
      purpose !== 'entry',
      () => gate?.mayLeave(intent) ?? FREE,
    );
    const order = readOrder(
      { symbol, side, status: 'open', ...toldIn(reply), amount: countText(reply, count) },
      this.#context,
    );
    return { ...order, clientOrderId: intent.clientOrderId, amount, type, limitPrice, stopPrice };
  }

  /** Cancels, and asks what the order has come to: not every venue's answer to a cancel says what had filled. */
  async cancel(asked: OrderRef): Promise<VenueOrder> {
    const { api, calls } = this.#ccxt;
    const ref = await this.#withVenueId(asked);
    try {
      await calls.make(() => api.cancelOrder(this.#idOf(ref), ref.symbol, this.#paramsOf(ref)), true);
    } catch (error) {
      if (!saysUnknown(this.#dialect.codes, error)) throw error;
      const lookup = await this.find(ref);
      if (lookup.kind === 'found') return lookup.order;
      throw error;
    }
    const lookup = await this.find(ref, true);
    if (lookup.kind === 'found') return lookup.order;
    throw new VenueError('uncertain', `the order was cancelled, and the venue does not tell what had filled`);
  }

  async find(ref: OrderRef, isUrgent = false): Promise<OrderLookup> {
    const { symbol, venueOrderId, clientOrderId } = ref;
    if (venueOrderId === null && clientOrderId === null) return cannotTell('an order without an id');
    if (this.#context.instrument(symbol) === undefined) return cannotTell(`${symbol}, which is not listed`);
    this.#keptIds.name(clientOrderId);
    const { lookUp } = this.#dialect;
    const isListed = lookUp.by === 'lists' && (venueOrderId === null || !lookUp.asksByVenueId);
    const reply = isListed ? await this.#lists.find(ref, lookUp, isUrgent) : await this.#ask(ref, isUrgent);
    if (reply === undefined || reply instanceof Untold) return this.#untold(ref, reply);
    const order = readOrder(reply, this.#context);
    this.#keptIds.look([order]);
    if (venueOrderId !== null && order.venueOrderId !== venueOrderId)
      return cannotTell(`${venueOrderId}, and of ${order.venueOrderId} in its place`);
    if (!this.#dialect.isProven && clientOrderId !== null && order.clientOrderId !== clientOrderId)
      this.#losesIds = true;
    const child = childOf(reply, this.#dialect);
    if (child === null) return { kind: 'found', order };
    const became = await this.#ask(
      { ...ref, clientOrderId: null, venueOrderId: child, type: 'market' },
      isUrgent,
    );
    if (became === undefined) {
      return {
        kind: 'cannot-tell',
        reason: `the stop has become order ${child}, which the venue does not find`,
      };
    }
    // Where it was asked for as the stop, what the stop has become is the answer.
    const parentVenueOrderId = order.venueOrderId;
    const { reduceOnly, stopPrice } = order;
    return {
      kind: 'found',
      order: { ...readOrder(became, this.#context), parentVenueOrderId, reduceOnly, stopPrice },
    };
  }

  /** What it means that no order was found. */
  #untold({ venueOrderId, clientOrderId }: OrderRef, untold: Untold | undefined): OrderLookup {
    if (venueOrderId === null && !this.#keptIds.areProven) {
      const { name } = this.#ccxt.api;
      const reason = `${name} has told no order under an id of ours so far: whether ${clientOrderId} is there under another is to be seen there`;
      return { kind: 'cannot-tell', reason, isBlind: true };
    }
    return untold === undefined ? { kind: 'absent' } : cannotTell(untold.of);
  }

  /** Working orders of every kind. @param symbols those that are asked about where the venue has no list of all. */
  async open(
    symbols: readonly string[],
    { symbols: wanted, isUrgent = false }: OpenOrdersAsking = {},
  ): Promise<readonly VenueOrder[]> {
    const { stopParams, openOrders } = this.#dialect;
    const lists = [NONE, ...(stopParams === null ? [] : [stopParams])];
    const listed = (wanted ?? symbols).filter((symbol) => this.#context.instrument(symbol) !== undefined);
    // Orders of what is not listed any more are told in one list for all, if anywhere.
    const isFew = wanted?.length === listed.length && listed.length <= (openOrders.fewSymbols ?? 0);
    const each = openOrders.bySymbol || isFew ? listed : [undefined];
    const replies = await Promise.all(
      each.flatMap((symbol) => lists.map((params) => this.#list(symbol, params, isUrgent))),
    );
    return [
      ...new Map(replies.flat().map((order) => [`${order.symbol} ${order.venueOrderId}`, order])).values(),
    ];
  }

  async #list(symbol: string | undefined, params: Params, isUrgent: boolean): Promise<readonly VenueOrder[]> {
    const { api, calls } = this.#ccxt;
    const limit = this.#dialect.openOrders.limit ?? undefined;
    const reply = await calls.make(() => api.fetchOpenOrders(symbol, undefined, limit, params), isUrgent);
    const orders = listOf(reply, (row) => readOrder(row, this.#context));
    this.#keptIds.look(orders);
    // What is missing in a list would be taken for ended.
    if (limit !== undefined && orders.length >= limit)
      throw new VenueError('uncertain', `${symbol ?? api.name} has ${limit} working orders or more`);
    return orders;
  }

  /** A venue that finds orders in lists ends them by its own id alone. */
  async #withVenueId(ref: OrderRef): Promise<OrderRef> {
    if (this.#dialect.lookUp.by === 'order' || ref.venueOrderId !== null) return ref;
    const lookup = await this.find(ref, true);
    if (lookup.kind === 'found') return { ...ref, venueOrderId: lookup.order.venueOrderId };
    const why = lookup.kind === 'absent' ? 'the venue does not find it' : lookup.reason;
    const fault = lookup.kind === 'absent' ? 'rejected' : 'uncertain';
    throw new VenueError(fault, `${ref.clientOrderId} was not cancelled: ${why}`);
  }

  /** Undefined when the venue says positively that there is no such order. */
  async #ask(ref: OrderRef, isUrgent: boolean): Promise<unknown> {
    const { api, calls } = this.#ccxt;
    try {
      return await calls.make(
        () => api.fetchOrder(this.#idOf(ref), ref.symbol, this.#paramsOf(ref)),
        isUrgent,
      );
    } catch (error) {
      if (saysUnknown(this.#dialect.codes, error)) return undefined;
      throw error;
    }
  }

  /** An order that must not take is never sent as one that may. */
  #makingParams({ postOnly, clientOrderId }: OrderIntent): Params {
    const { postOnlyParams, id } = this.#dialect;
    if (postOnly !== true) return NONE;
    if (postOnlyParams !== null) return postOnlyParams;
    throw new VenueError('rejected', `${id} has no post-only orders: ${clientOrderId} was not sent`);
  }

  #idOf({ venueOrderId }: OrderRef): string | undefined {
    return venueOrderId ?? undefined;
  }

  #paramsOf({ venueOrderId, clientOrderId, type }: OrderRef): Params {
    const { stopParams, lookUp } = this.#dialect;
    const isNamed = venueOrderId === null && clientOrderId !== null && lookUp.by === 'order';
    return {
      ...(isNamed ? { [lookUp.clientIdIn]: clientOrderId } : NONE),
      ...(type === 'stop' ? stopParams : NONE),
    };
  }
}

function cannotTell(what: string): OrderLookup {
  return { kind: 'cannot-tell', reason: `the venue does not tell of ${what}` };
}

/** What the venue counts in. */
function countOf({ amount }: OrderIntent, instrument: Instrument | undefined): string {
  return instrument === undefined
    ? text(amount)
    : text(contracts(ratio(amount, instrument.contractSize).toFixed()));
}

/** An answer that leaves the amount out accepts what was sent. */
function countText(reply: unknown, sent: string): unknown {
  return asRecord(reply)['amount'] ?? sent;
}

/** What an answer tells: some only say that the order has arrived, with a name for everything else. */
function toldIn(reply: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(asRecord(reply)).filter(([, value]) => value !== undefined && value !== null),
  );
}

function asRecord(reply: unknown): Readonly<Record<string, unknown>> {
  return typeof reply === 'object' && reply !== null ? (reply as Readonly<Record<string, unknown>>) : {};
}
