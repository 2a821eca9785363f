import {
  absolute,
  type BaseAmount,
  type ClientOrderId,
  type Clock,
  type Exchange,
  type Instrument,
  isFinal,
  type Logger,
  type OrderRef,
  refOf,
  type Timers,
  text,
  type VenueOrder,
} from '../domain/index.ts';
import { type FlattenProblem, FlattenTally, type SymbolResult } from './flatten-tally.ts';
import type { PositionReader } from './orders/admission.ts';
import type { ClientOrderIds } from './orders/client-order-id.ts';
import type { OrderManager } from './orders/order-manager.ts';
import type { VenuePatience } from './orders/venue-patience.ts';
import { type Refusal, type Sight, VenueSight } from './venue-sight.ts';
import { VenueTalk } from './venue-talk.ts';

export interface FlattenerOptions {
  readonly orders: OrderManager;
  readonly exchange: Exchange;
  readonly instruments: (symbol: string) => Instrument | undefined;
  readonly ids: ClientOrderIds;
  readonly positions: PositionReader;
  /** Symbols that are traded, or of which something is held. */
  readonly symbols: () => readonly string[];
  readonly clock: Clock;
  readonly timers: Timers;
  /** With emergencies. */
  readonly patience: VenuePatience;
  readonly log: Logger;
}

export interface FlattenResult {
  /** Verified against the venue: no position and no order of ours is left, and none is on its way or in doubt. */
  readonly flat: boolean;
  /** What could not be done, by venue and symbol, a line each. */
  readonly failures: readonly string[];
  /** What is left on purpose: too small for the venue to take. */
  readonly left: readonly string[];
  /** Each symbol of which something was there. */
  readonly symbols: readonly SymbolResult[];
  /** When every order there was had been asked to be cancelled once (monotonic); null: there was none. */
  readonly cancelsSentMs: number | null;
  /** When a close had been sent for every symbol (monotonic); null: nothing was open. */
  readonly closesSentMs: number | null;
}

/** What one round came to. */
interface RoundResult {
  readonly flat: boolean;
  readonly problems: readonly FlattenProblem[];
  readonly left: ReadonlyMap<string, string>;
}

/** A cancel that was sent, and what the venue says then; undefined where it does not. */
interface Cancel {
  readonly symbol: string;
  readonly answering: Promise<VenueOrder | undefined>;
}

/** A minute of trying; whoever latched goes on after that. */
const ROUNDS = 40;
const PAUSES_MS = [200, 200, 200, 500, 500, 1_000] as const;
const LONGEST_PAUSE_MS = 2_000;

/** So many rounds nothing is closed in a shared account of a symbol whose fills the venue does not tell. */
const UNTOLD_ROUNDS = 3;

/** Of looks after everything was closed, one of so many is at the orders of every symbol. */
const WHOLE_LOOK_EACH = 15;

/** Before a close that the venue refused is tried again: its idea of the price may differ a little from ours. */
const REFUSED_MS = 60_000;

const ENDED: RoundResult = {
  flat: false,
  problems: [{ about: '', line: 'the program ended before it was done' }],
  left: new Map(),
};

/**
 * What follows the latch: cancels every order of ours, conditional ones included, closes every position with
 * reduce-only market orders, and looks at the venue until nothing is left. Works from the venue's own lists, leaves
 * alone what the trader holds himself in a shared account, and when the ledger has failed it sends all the same:
 * getting out must not depend on being able to write it down.
 */
export class Flattener {
  readonly #options: FlattenerOptions;
  readonly #sight: VenueSight;
  /** The last close sent for each symbol. */
  readonly #closes = new Map<string, ClientOrderId>();
  /** Symbols of which the venue did not take the last close, and when that was (monotonic). */
  readonly #refused = new Map<string, number>();
  readonly #prices = new Map<string, number>();
  /** Symbols whose fills the venue has told since the flattening began. */
  readonly #told = new Set<string>();
  #tally: FlattenTally;
  #ending: Promise<void> | null = null;
  /** Since the last flattening. */
  #looks = 0;
  /** What the account had of each symbol when it was flat, and what of that has changed is explained. */
  readonly #shown = new Map<string, BaseAmount>();
  /** How often it was asked in vain what has changed a symbol. */
  readonly #unexplained = new Map<string, number>();
  #isExplaining = false;
  readonly #end = new AbortController();
  readonly #ended: Promise<void>;

  constructor(options: FlattenerOptions) {
    this.#options = options;
    this.#tally = new FlattenTally(options.timers);
    this.#sight = new VenueSight({
      ...options,
      refusal: (symbol) => this.#refusal(symbol),
      price: (symbol) => this.#prices.get(symbol),
    });
    this.#ended = new Promise((resolve) => {
      this.#end.signal.addEventListener('abort', () => resolve());
    });
  }

  /** A symbol's price: what is worth too little for the venue to take may be worth enough later. */
  price(symbol: string, price: number): void {
    this.#prices.set(symbol, price);
  }

  /** Resolves when the flattening that is under way has ended; null: none is. */
  get ending(): Promise<void> | null {
    return this.#ending;
  }

  /** Whether what is asked of the venue at the moment is asked to get out. */
  get isUrgent(): boolean {
    return this.#ending !== null || this.#isExplaining;
  }

  /** Idempotent: what is already cancelled or closed is left alone. Never throws. */
  async flatten(): Promise<FlattenResult> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#ending = promise;
    try {
      return await this.#flatten();
    } finally {
      this.#ending = null;
      resolve();
    }
  }

  async #flatten(): Promise<FlattenResult> {
    const { patience, timers, symbols } = this.#options;
    let result = ENDED;
    this.#looks = 0;
    this.#told.clear();
    this.#tally = new FlattenTally(timers);
    for (let round = 0; round < ROUNDS && !this.#end.signal.aborted; round += 1) {
      const talk = this.#talk();
      result = await Promise.race([this.#round(talk, round), this.#ended.then(() => ENDED)]);
      if (result.flat) break;
      const pauseMs = Math.max(patience.remainingMs, PAUSES_MS[round] ?? LONGEST_PAUSE_MS);
      await timers.wait(pauseMs, this.#end.signal);
    }
    const { problems, left, flat } = result;
    const { cancelsSentMs, closesSentMs } = this.#tally;
    return {
      flat,
      failures: problems.map(({ line }) => line),
      left: [...left.values()],
      symbols: this.#tally.results(symbols(), problems, left),
      cancelsSentMs,
      closesSentMs,
    };
  }

  /** Ends at once: the latch stays, and so does what is left to do. */
  close(): void {
    this.#end.abort();
  }

  /** Whether anything of ours is at the venue, on its way there, or in doubt. @throws Error when the venue does not say. */
  async isFlat(): Promise<boolean> {
    const talk = this.#talk();
    this.#looks += 1;
    const isWhole = this.#looks % WHOLE_LOOK_EACH === 0;
    const sight = await Promise.race([this.#watch(talk, isWhole), this.#ended]);
    const [problem] = sight === undefined ? ENDED.problems : talk.problems;
    if (sight === undefined || problem !== undefined) throw new Error(problem?.line);
    return isNothing(sight);
  }

  /**
   * In a shared account nothing is ours that the books know nothing of. Where there is another amount than before, the
   * fills are read: what arrives late may fill unheard.
   */
  async #watch(talk: VenueTalk, isWhole: boolean): Promise<Sight> {
    const sight = await this.#sight.look(talk, isWhole);
    const moved = [...sight.shown].filter(
      ([symbol, amount]) => this.#shown.get(symbol)?.eq(amount) === false,
    );
    if (moved.length === 0) return sight;
    this.#isExplaining = true;
    await Promise.all(moved.map(([symbol]) => this.#takeOver(talk, symbol, [])));
    await talk.attempt('orders in doubt', () => this.#options.orders.resolve());
    this.#isExplaining = false;
    const after = await this.#sight.look(talk, false);
    if (talk.problems.length > 0) return after;
    for (const [symbol, amount] of moved) {
      const tries = (this.#unexplained.get(symbol) ?? 0) + 1;
      // Lists of fills lag. What nobody explains is the trader's own doing.
      const isOver = tries >= UNTOLD_ROUNDS || after.positions.has(symbol);
      if (isOver) this.#shown.set(symbol, amount);
      this.#unexplained.set(symbol, isOver ? 0 : tries);
    }
    return after;
  }

  #showFlat({ shown }: Sight): void {
    this.#unexplained.clear();
    for (const [symbol, amount] of shown) this.#shown.set(symbol, amount);
  }

  async #round(talk: VenueTalk, round: number): Promise<RoundResult> {
    const { orders } = this.#options;
    // All at once, and before the venue has listed any: with twenty orders one answer after the other takes seconds.
    const own = orders
      .unfinished()
      .filter((order) => !this.#isClose(order.clientOrderId) && !orders.isInFlight(order.clientOrderId));
    const untold = this.#untold();
    const cancels = this.#cancels(talk, own.map(refOf), round === 0);
    const takingBack = this.#takeBack(talk, cancels, untold);
    // What is signed and sent beside them would hold them up.
    if (cancels.length > 0) await Promise.race(cancels.map(({ answering }) => answering));
    // Where nothing is known to be, everything is looked at. What is known costs less to look at.
    const isWhole = own.length === 0 && !this.#holdsAnything();
    const before = await this.#sight.look(talk, isWhole);
    const hasAnswers = await takingBack;
    const known = new Set(own.map(({ clientOrderId }) => clientOrderId));
    const others = before.orders.filter((order) => !this.#isKnown(order, known));
    await this.#takeBack(talk, this.#cancels(talk, others, round === 0), []);
    // What the cancelled orders had filled until then is to be closed too, and what others have closed is not.
    const isUnchanged = !hasAnswers && others.length + untold.length === 0;
    const after = isUnchanged ? before : this.#sight.look(talk, isWhole);
    const sight = await this.#whole(talk, after, isWhole);
    if (isNothing(sight) && talk.problems.length === 0) {
      this.#showFlat(sight);
      return { flat: true, problems: [], left: sight.left };
    }
    this.#doubt(sight.unlisted);
    await Promise.all([
      talk.attempt('orders in doubt', () => orders.resolve()),
      ...[...sight.positions]
        .filter(([symbol]) => round >= UNTOLD_ROUNDS || !this.#untold().includes(symbol))
        .map(([symbol, quantity]) => talk.attempt(symbol, () => this.#close(symbol, quantity))),
    ]);
    return { flat: false, problems: [...talk.problems, ...this.#remains(sight)], left: sight.left };
  }

  /** Nothing counts as nothing before the orders of every symbol were looked at. */
  async #whole(talk: VenueTalk, seen: Sight | Promise<Sight>, isWhole: boolean): Promise<Sight> {
    const sight = await seen;
    return isWhole || !isNothing(sight) ? sight : this.#sight.look(talk, true);
  }

  /**
   * Symbols of which our books may hold what is gone: while this process hung, another may have closed it, and what the
   * venue still shows in a shared account is then the trader's.
   */
  #untold(): readonly string[] {
    const { exchange, orders, symbols } = this.#options;
    if (exchange.profile.account === 'ours') return [];
    return symbols().filter((symbol) => !this.#told.has(symbol) && !orders.heldUnits(symbol).isZero());
  }

  #holdsAnything(): boolean {
    const { orders, symbols } = this.#options;
    return symbols().some((symbol) => !orders.heldUnits(symbol).isZero());
  }

  /** Cancels orders, all at once. */
  #cancels(talk: VenueTalk, refs: readonly OrderRef[], isFirst: boolean): readonly Cancel[] {
    return refs.map((ref) => ({ symbol: ref.symbol, answering: this.#cancel(talk, ref, isFirst) }));
  }

  /**
   * Reads the fills of the symbols in which orders are cancelled, each once and after its last answer: what was cancelled
   * may have filled, and not every venue's answer to a cancel says so.
   *
   * @param untold symbols whose fills are to be read whatever is cancelled there.
   * @returns whether any cancel was answered.
   */
  async #takeBack(talk: VenueTalk, cancels: readonly Cancel[], untold: readonly string[]): Promise<boolean> {
    const symbols = new Set([...cancels.map(({ symbol }) => symbol), ...untold]);
    const each = [...symbols].map(async (symbol) => {
      const ofSymbol = cancels.filter((cancel) => cancel.symbol === symbol);
      const answers = await Promise.all(ofSymbol.map(({ answering }) => answering));
      const told = answers.filter((answer) => answer !== undefined);
      // What the books do not have has no fills that they would want.
      const isWanted = told.some((answer) => this.#options.orders.ownerOf(answer) !== undefined);
      if (isWanted || untold.includes(symbol)) await this.#takeOver(talk, symbol, told);
    });
    await Promise.all(each);
    const answers = await Promise.all(cancels.map(({ answering }) => answering));
    return answers.some((answer) => answer !== undefined);
  }

  async #takeOver(talk: VenueTalk, symbol: string, answers: readonly VenueOrder[]): Promise<void> {
    const { inquiry } = this.#options.orders;
    const reading = inquiry.replayFills(symbol);
    await Promise.all([
      talk.attempt(`${symbol} fills`, async () => {
        await reading;
        this.#told.add(symbol);
      }),
      ...answers.map((answer) => talk.attempt(symbol, () => inquiry.learn(answer, reading))),
    ]);
  }

  /** What was still there when it was last looked at. */
  #remains({ positions, orders, unlisted }: Sight): readonly FlattenProblem[] {
    const { id: venue } = this.#options.exchange;
    return [
      ...[...positions].map(([symbol, quantity]) => ({
        about: symbol,
        line: `${venue} ${symbol}: the venue still shows ${text(quantity)}`,
      })),
      ...orders.map(({ symbol, clientOrderId, venueOrderId }) => ({
        about: symbol,
        line: `${venue} ${symbol}: order ${clientOrderId ?? venueOrderId} still works`,
      })),
      ...[...unlisted].map(([id, symbol]) => ({
        about: symbol,
        line: `${venue}: it is not known what became of order ${id}`,
      })),
    ];
  }

  async #cancel(
    talk: VenueTalk,
    { symbol, clientOrderId, venueOrderId, type }: OrderRef,
    isFirst: boolean,
  ): Promise<VenueOrder | undefined> {
    const { exchange } = this.#options;
    return talk.attempt(symbol, async () => {
      // Straight to the venue: our own record of the order may be what failed.
      const answering = exchange.cancel({ symbol, clientOrderId, venueOrderId, type });
      this.#tally.cancelled(symbol, isFirst);
      const answer = await answering;
      return clientOrderId === null ? answer : { ...answer, clientOrderId };
    });
  }

  /** Orders that the venue does not list are asked about one by one. */
  #doubt(unlisted: Sight['unlisted']): void {
    const { orders } = this.#options;
    for (const { clientOrderId: id, symbol } of orders.unfinished()) {
      if (!unlisted.has(id) || orders.isInFlight(id)) continue;
      orders.inquiry.doubt(symbol, `the venue does not list order ${id}`);
    }
  }

  /** A position still open after a close was sent says nothing about that close: the venue is asked about it first. */
  async #close(symbol: string, quantity: BaseAmount): Promise<void> {
    const { orders, ids, clock } = this.#options;
    if (!(await this.#mayClose(symbol))) return;
    const clientOrderId = ids.firstFree({ symbol, time: clock.now(), purpose: 'emergency' }, (id) =>
      orders.isTaken(id),
    );
    this.#closes.set(symbol, clientOrderId);
    this.#tally.closed(symbol);
    const result = await orders.placeEmergency({
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
      expiresAt: null,
    });
    this.#refused.delete(symbol);
    if (result.outcome === 'placed') return;
    // Whoever forbids it may have another close in this one's place: its fills are read before the next.
    if (result.outcome === 'refused') this.#told.delete(symbol);
    if (result.outcome === 'rejected') this.#refused.set(symbol, this.#options.timers.monotonicMs());
    throw new Error(
      result.outcome === 'refused'
        ? result.message
        : `the close is ${result.order.status}: ${result.order.reason}`,
    );
  }

  /** Whether another close may follow the last one. */
  async #mayClose(symbol: string): Promise<boolean> {
    const { orders, exchange } = this.#options;
    const last = orders.unfinished(symbol).find((order) => order.clientOrderId === this.#closes.get(symbol));
    // In a shared account nothing is closed that the last one may have.
    if (last === undefined || exchange.profile.account === 'shared') return true;
    const lookup = await orders.inquiry.lookUp(last);
    // Two closes cannot sell more than there is of ours: waiting costs more than a second one would.
    if (lookup.kind !== 'found') return true;
    await orders.inquiry.learn(lookup.order);
    return isFinal(lookup.order.status);
  }

  #refusal(symbol: string): Refusal | null {
    const at = this.#refused.get(symbol);
    if (at === undefined) return null;
    return this.#options.timers.monotonicMs() - at < REFUSED_MS ? 'lately' : 'before';
  }

  #isKnown(order: VenueOrder, own: ReadonlySet<ClientOrderId>): boolean {
    const owner = this.#options.orders.ownerOf(order);
    return this.#isClose(order.clientOrderId) || (owner !== undefined && own.has(owner.clientOrderId));
  }

  /** Closes of the emergency stop go on. */
  #isClose(id: ClientOrderId | null): boolean {
    return this.#options.ids.purposeOf(id) === 'emergency';
  }

  #talk(): VenueTalk {
    const { exchange, timers, log } = this.#options;
    return new VenueTalk({ venue: exchange.id, timers, log });
  }
}

function isNothing({ orders, positions, unlisted }: Sight): boolean {
  return orders.length === 0 && positions.size === 0 && unlisted.size === 0;
}
