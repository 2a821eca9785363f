import {
  type AccountSnapshot,
  absolute,
  type BaseAmount,
  baseAmount,
  type Clock,
  type Exchange,
  floorTo,
  isFinal,
  type Logger,
  minimum,
  type OrderIntent,
  parseSymbol,
  refOf,
  type Timers,
  text,
  VenueError,
  type VenueOrder,
  ZERO_BASE,
} from '../domain/index.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager } from './orders/order-manager.ts';

export interface FlattenerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly ids: ClientOrderIds;
  /** Symbols that are traded, or of which something is held. */
  readonly symbols: () => readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
}

export interface FlattenResult {
  /** Verified against the venue: no position and no order of ours is left, and none is on its way or in doubt. */
  readonly flat: boolean;
  /** What could not be done, by venue and symbol, a line each. */
  readonly failures: readonly string[];
  /** What is left on purpose: too small for the venue to take. */
  readonly left: readonly string[];
}

/** What of ours the venue shows, at one moment. */
interface Sight {
  readonly orders: readonly VenueOrder[];
  /** What is to be closed by symbol, signed. */
  readonly positions: ReadonlyMap<string, BaseAmount>;
  /** Orders that were sent, and of which the venue has not said what became of them. */
  readonly inDoubt: readonly string[];
  readonly left: readonly string[];
}

/** A minute of trying; whoever latched goes on after that. */
const ROUNDS = 40;
const PAUSES_MS = [200, 200, 200, 500, 500, 1_000] as const;
const LONGEST_PAUSE_MS = 2_000;

/**
 * What follows the latch: cancels every order of ours, conditional ones included, closes every position with
 * reduce-only market orders, and looks at the venue until nothing is left. Works from the venue's own lists, leaves
 * alone what the trader holds himself in a shared account, and when the ledger has failed it sends all the same:
 * getting out must not depend on being able to write it down.
 */
export class Flattener {
  readonly #options: FlattenerOptions;
  /** The last close sent for each symbol. */
  readonly #closes = new Map<string, OrderIntent>();
  readonly #end = new AbortController();

  constructor(options: FlattenerOptions) {
    this.#options = options;
  }

  /** Idempotent: what is already cancelled or closed is left alone. Never throws. */
  async flatten(): Promise<FlattenResult> {
    let result: FlattenResult = { flat: false, failures: [], left: [] };
    for (let round = 0; round < ROUNDS && !this.#end.signal.aborted; round += 1) {
      const { retryAfterMs, ...done } = await this.#round();
      result = done;
      if (result.flat) return result;
      const pauseMs = Math.max(retryAfterMs, PAUSES_MS[round] ?? LONGEST_PAUSE_MS);
      await this.#options.timers.wait(pauseMs, this.#end.signal);
    }
    const failures =
      result.failures.length > 0 ? result.failures : ['the venue still shows orders or positions'];
    return { ...result, failures };
  }

  /** Ends after the round in hand: the latch stays, and so does what is left to do. */
  close(): void {
    this.#end.abort();
  }

  /** Whether anything of ours is at the venue, on its way there, or in doubt. @throws VenueError when it does not answer. */
  async isFlat(): Promise<boolean> {
    return isNothing(await this.#look());
  }

  async #round(): Promise<FlattenResult & { readonly retryAfterMs: number }> {
    const { exchange, orders, log } = this.#options;
    const failures: string[] = [];
    let retryAfterMs = 0;
    const attempt = async (what: string, act: () => Promise<void>): Promise<void> => {
      try {
        await act();
      } catch (error) {
        log.error({ what, error }, 'flattening: a step failed and is tried again');
        failures.push(`${exchange.id} ${what}: ${String(error)}`);
        if (error instanceof VenueError) retryAfterMs = Math.max(retryAfterMs, error.retryAfterMs ?? 0);
      }
    };
    let left: readonly string[] = [];
    let flat = false;
    await attempt('', async () => {
      const sight = await this.#look();
      left = sight.left;
      flat = isNothing(sight);
      if (flat) return;
      const cancels = sight.orders.filter(({ clientOrderId }) => !this.#isEmergency(clientOrderId));
      // All at once: with twenty orders one answer after the other would take seconds.
      await Promise.all(cancels.map((each) => attempt(each.symbol, () => this.#cancel(each))));
      await orders.resolve();
      // What the cancelled orders had filled meanwhile is to be closed too.
      const after = cancels.length === 0 ? sight : await this.#look();
      await Promise.all(
        [...after.positions].map(([symbol, quantity]) =>
          attempt(symbol, () => this.#close(symbol, quantity)),
        ),
      );
    });
    return { flat, failures, left, retryAfterMs };
  }

  async #look(): Promise<Sight> {
    const { exchange, orders } = this.#options;
    const [working, account] = [await exchange.openOrders(), await exchange.account()];
    const ours =
      exchange.profile.account === 'ours' ? working : working.filter((order) => this.#isOurs(order));
    const inDoubt = orders
      .unfinished()
      .filter(({ status }) => status === 'SENT' || status === 'UNKNOWN')
      .map(({ clientOrderId }) => clientOrderId);
    return { orders: ours, inDoubt, ...this.#holdings(account) };
  }

  #holdings(account: AccountSnapshot): Pick<Sight, 'positions' | 'left'> {
    const { exchange } = this.#options;
    const left: string[] = [];
    const symbols = new Set([...this.#options.symbols(), ...(this.#ownsAll ? account.positions.keys() : [])]);
    const positions = new Map<string, BaseAmount>();
    for (const symbol of symbols) {
      const held = this.#heldAt(symbol, account);
      const lot = exchange.instrument(symbol)?.lotSize;
      const tradable = lot === undefined ? absolute(held) : floorTo(absolute(held), lot);
      if (held.isZero()) continue;
      if (this.#isTooSmall(symbol, tradable))
        left.push(`${symbol}: ${text(held)} is too little for the venue to take`);
      else positions.set(symbol, held.isPositive() ? tradable : baseAmount(tradable.negated().toFixed()));
    }
    return { positions, left };
  }

  get #ownsAll(): boolean {
    return this.#options.exchange.profile.account === 'ours';
  }

  /** What of a symbol is ours to close, as the venue shows it. */
  #heldAt(symbol: string, account: AccountSnapshot): BaseAmount {
    const parts = parseSymbol(symbol);
    const position = account.positions.get(symbol);
    if (parts === undefined || parts.kind !== 'spot') return position ?? ZERO_BASE;
    const total = baseAmount((account.assets.get(parts.base)?.total ?? ZERO_BASE).toFixed());
    const owned = this.#options.orders.heldUnits(symbol);
    // Coins that the trader bought himself are his.
    return this.#ownsAll ? total : minimum(total, owned.isPositive() ? owned : ZERO_BASE);
  }

  /** Less than the venue's least amount. What is worth too little is left to the venue to refuse. */
  #isTooSmall(symbol: string, amount: BaseAmount): boolean {
    const instrument = this.#options.exchange.instrument(symbol);
    return amount.isZero() || (instrument !== undefined && amount.lt(instrument.minAmount));
  }

  async #cancel({ symbol, clientOrderId, venueOrderId, type }: VenueOrder): Promise<void> {
    const { orders, exchange } = this.#options;
    // Straight to the venue: our own record of the order may be what failed.
    const answer = await exchange.cancel({ symbol, clientOrderId, venueOrderId, type });
    await orders.inquiry.learn(answer);
  }

  /** A position still open after a close was sent says nothing about that close: the venue is asked about it first. */
  async #close(symbol: string, quantity: BaseAmount): Promise<void> {
    const { orders } = this.#options;
    const last = this.#closes.get(symbol);
    if (last !== undefined && !(await this.#isOver(last))) return;
    const intent = this.#intent(symbol, quantity);
    this.#closes.set(symbol, intent);
    const result = await orders.placeEmergency(intent);
    if (result.outcome === 'placed' || result.outcome === 'known') return;
    throw new Error(
      result.outcome === 'refused'
        ? result.message
        : `the close is ${result.order.status}: ${result.order.reason}`,
    );
  }

  /** Whether another close may follow. */
  async #isOver({ symbol, clientOrderId }: OrderIntent): Promise<boolean> {
    const { orders, exchange } = this.#options;
    const order = orders.order(clientOrderId);
    if (order === undefined || isFinal(order.status)) return true;
    const lookup = await exchange.order(refOf(order));
    if (lookup.kind === 'found') {
      await orders.inquiry.learn(lookup.order);
      return isFinal(lookup.order.status);
    }
    // Where two closes cannot sell more than there is of ours, waiting costs more than a second one would.
    return this.#ownsAll || parseSymbol(symbol)?.kind !== 'spot';
  }

  #intent(symbol: string, quantity: BaseAmount): OrderIntent {
    const { orders, ids, clock } = this.#options;
    const clientOrderId = ids.firstFree(
      { symbol, time: clock.now(), purpose: 'emergency' },
      (id) => orders.order(id) !== undefined,
    );
    return {
      clientOrderId,
      symbol,
      side: quantity.isPositive() ? 'sell' : 'buy',
      type: 'market',
      purpose: 'emergency',
      amount: absolute(quantity),
      limitPrice: null,
      stopPrice: null,
      reduceOnly: true,
      decisionId: null,
      createdAt: clock.now(),
      expiresAt: null,
    };
  }

  #isOurs(order: VenueOrder): boolean {
    return (
      this.#options.orders.ownerOf(order) !== undefined || this.#purposeOf(order.clientOrderId) !== undefined
    );
  }

  #isEmergency(id: VenueOrder['clientOrderId']): boolean {
    return this.#purposeOf(id) === 'emergency';
  }

  #purposeOf(id: VenueOrder['clientOrderId']) {
    return this.#options.ids.purposeOf(id);
  }
}

function isNothing({ orders, positions, inDoubt }: Sight): boolean {
  return orders.length === 0 && positions.size === 0 && inDoubt.length === 0;
}
