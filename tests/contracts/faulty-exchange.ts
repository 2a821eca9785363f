import {
  type AccountSnapshot,
  type Asking,
  type Clock,
  type Connection,
  type ConnectionState,
  type Disposer,
  type Exchange,
  type FillPage,
  type FillQuery,
  isFinal,
  type OpenOptions,
  type OpenOrdersAsking,
  type OrderLookup,
  type OrderRef,
  type TradeId,
  type UtcMs,
  VenueError,
  type VenueEvent,
  type VenueFault,
  type VenueOrder,
  type VenueOrderId,
  type VenueProfile,
} from '../../core/domain/index.ts';

type Call = 'submit' | 'cancel' | 'order' | 'openOrders' | 'fills' | 'account' | 'accountEvents';
/** The calls that a venue may answer from a list that lags behind. */
type Question = 'order' | 'openOrders' | 'fills' | 'account';

/** `before`: the venue never got the call. `after`: it acted, and its answer was lost. */
type When = 'before' | 'after';

interface Fault {
  readonly when: When;
  readonly error: unknown;
}

/** Something that happens while a call is on its way to the venue, or its answer on the way back. */
interface Interruption {
  readonly when: When;
  readonly run: () => unknown;
}

/** How far behind an answer is: so many orders' steps and fills, or so much time of the clock. */
export type Lag = { readonly changes: number } | { readonly ms: number };

/** What the venue told, and how its account stood then. */
interface Change {
  readonly at: UtcMs;
  readonly event: Extract<VenueEvent, { kind: 'order' | 'fill' | 'account' }>;
  readonly account: Promise<AccountSnapshot>;
}

/**
 * A venue whose line is bad. Calls fail on demand, before or after taking effect; something may happen while they are
 * on their way; answers may be old; events can be withheld.
 */
export class FaultyExchange implements Exchange {
  readonly id: string;
  /** May be replaced, to be like another venue as far as the profile tells. */
  profile: VenueProfile;
  readonly calls: string[] = [];
  /** Questions that were asked before everything else, and those that were not. */
  readonly asked = { urgent: [] as Question[], ordinary: [] as Question[] };
  /** While true no event reaches the listeners, as during a disconnect. */
  mute = false;
  /** Answers put in the place of the venue's own. */
  readonly instead: Partial<Pick<Exchange, Call>> = {};
  readonly #venue: Exchange;
  readonly #clock: Clock | undefined;
  readonly #listeners = new Set<(event: VenueEvent) => void>();
  readonly #faults = new Map<Call, Fault[]>();
  readonly #interruptions = new Map<Call, Interruption[]>();
  readonly #changes: Change[] = [];
  /** How many changes an answer knows of. */
  readonly #seen = new Map<Question, () => number>();
  readonly #atStart: {
    readonly open: Promise<readonly VenueOrder[]>;
    readonly account: Promise<AccountSnapshot>;
  };
  #connection: Connection | undefined;

  /** @param clock what a lag in milliseconds is measured by. */
  constructor(venue: Exchange, clock?: Clock) {
    this.#venue = venue;
    this.#clock = clock;
    this.id = venue.id;
    this.profile = venue.profile;
    this.#atStart = { open: quiet(venue.openOrders()), account: quiet(venue.account()) };
    venue.onEvent((event) => {
      if (event.kind === 'connection') return;
      this.#changes.push({ at: clock?.now() ?? 0, event, account: quiet(venue.account()) });
    });
  }

  /** The next call of this kind fails. */
  fail(call: Call, when: When = 'after', fault: VenueFault | Error = 'uncertain'): void {
    const error = fault instanceof Error ? fault : new VenueError(fault, `the line broke (${fault})`);
    append(this.#faults, call, { when, error });
  }

  /**
   * Something happens during the next call of this kind: `before` the venue gets it, or `after` it acted and before
   * its answer is here.
   */
  during(call: Call, run: () => unknown, when: When = 'after'): void {
    append(this.#interruptions, call, { when, run });
  }

  /** From here on these questions are answered as the venue stood a while ago, until it catches up. */
  lag(question: Question, by: Lag): void {
    this.#seen.set(question, () => {
      if ('changes' in by) return Math.max(0, this.#changes.length - by.changes);
      if (this.#clock === undefined) throw new TypeError('a lag in milliseconds needs a clock');
      const until = this.#clock.now() - by.ms;
      return this.#changes.findLastIndex(({ at }) => at <= until) + 1;
    });
  }

  /** From here on these questions are answered as the venue stands at this moment, until it catches up. */
  freeze(question: Question): void {
    const count = this.#changes.length;
    this.#seen.set(question, () => count);
  }

  catchUp(question: Question): void {
    this.#seen.delete(question);
  }

  /** The line breaks or comes back, which listeners are told of even while the venue's own events are withheld. */
  connect(state: ConnectionState, message = state === 'connected' ? '' : `the line is ${state}`): void {
    this.#connection = { state, message };
    this.announce({ kind: 'connection', connection: this.#connection });
  }

  get connection(): Connection {
    return this.#connection ?? this.#venue.connection;
  }
  open(options: OpenOptions) {
    return this.#venue.open(options);
  }
  close() {
    return this.#venue.close();
  }
  instrument(symbol: string) {
    return this.#venue.instrument(symbol);
  }
  costs(symbol: string) {
    return this.#venue.costs(symbol);
  }
  clockOffsetMs() {
    return this.#venue.clockOffsetMs();
  }
  submit(...args: Parameters<Exchange['submit']>) {
    return this.#call('submit', args[0].clientOrderId, () =>
      (this.instead.submit ?? this.#venue.submit.bind(this.#venue))(...args),
    );
  }
  cancel(...args: Parameters<Exchange['cancel']>) {
    return this.#call('cancel', nameOf(args[0]), () =>
      (this.instead.cancel ?? this.#venue.cancel.bind(this.#venue))(...args),
    );
  }
  order(...args: Parameters<Exchange['order']>) {
    this.#note('order', args[1]);
    return this.#call('order', nameOf(args[0]), () =>
      (this.instead.order ?? ((ref: OrderRef) => this.#order(ref)))(...args),
    );
  }
  openOrders(how?: OpenOrdersAsking) {
    this.#note('openOrders', how);
    return this.#call('openOrders', '', () => (this.instead.openOrders ?? (() => this.#openOrders(how)))());
  }
  fills(...args: Parameters<Exchange['fills']>) {
    this.#note('fills', args[1]);
    return this.#call('fills', args[0].symbol, () =>
      (this.instead.fills ?? ((query: FillQuery) => this.#fills(query)))(...args),
    );
  }
  account(how?: Asking) {
    this.#note('account', how);
    return this.#call('account', '', () => (this.instead.account ?? (() => this.#account()))());
  }
  accountEvents(...args: Parameters<Exchange['accountEvents']>) {
    return this.#call('accountEvents', '', () =>
      (this.instead.accountEvents ?? this.#venue.accountEvents.bind(this.#venue))(...args),
    );
  }
  onEvent(listener: (event: VenueEvent) => void): Disposer {
    this.#listeners.add(listener);
    const stop = this.#venue.onEvent((event) => {
      if (!this.mute) listener(event);
    });
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  }

  /** Announces something that the venue itself did not. */
  announce(event: VenueEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  #note(question: Question, how: Asking | undefined): void {
    this.asked[how?.isUrgent === true ? 'urgent' : 'ordinary'].push(question);
  }

  #order(ref: OrderRef): Promise<OrderLookup> {
    const known = this.#known('order');
    if (known === undefined) return this.#venue.order(ref);
    const isIt = ({ symbol, clientOrderId, venueOrderId }: VenueOrder): boolean =>
      symbol === ref.symbol &&
      (ref.clientOrderId === null ? venueOrderId === ref.venueOrderId : clientOrderId === ref.clientOrderId);
    const order = ordersIn(known).findLast(isIt);
    if (order !== undefined) return Promise.resolve({ kind: 'found', order });
    // What changed only later was not there yet; what never changed here is as the venue says.
    const later = ordersIn(this.#changes).some(isIt);
    return later ? Promise.resolve({ kind: 'absent' }) : this.#venue.order(ref);
  }

  /** Of the symbols that are asked for, and of no other. */
  async #openOrders(how?: OpenOrdersAsking): Promise<readonly VenueOrder[]> {
    const orders = await this.#allOpenOrders();
    return orders.filter(({ symbol }) => how?.symbols?.includes(symbol) ?? true);
  }

  async #allOpenOrders(): Promise<readonly VenueOrder[]> {
    const known = this.#known('openOrders');
    if (known === undefined) return this.#venue.openOrders();
    const orders = new Map<VenueOrderId, VenueOrder>();
    for (const order of [...(await this.#atStart.open), ...ordersIn(known)])
      orders.set(order.venueOrderId, order);
    return [...orders.values()].filter(({ status }) => !isFinal(status));
  }

  /** The venue's page without what is not known yet. A cursor says how much of the page at it was given already. */
  async #fills(query: FillQuery): Promise<FillPage> {
    const [given = 0, cursor] = readCursor(query.cursor);
    const page = await this.#venue.fills({ ...query, cursor });
    const rest = page.fills.slice(given);
    const known = this.#known('fills');
    const hidden = new Set(known === undefined ? [] : tradesIn(this.#changes.slice(known.length)));
    const end = rest.findIndex(({ tradeId }) => hidden.has(tradeId));
    if (end === -1) return { ...page, fills: rest };
    return { fills: rest.slice(0, end), cursor: `${given + end}|${cursor ?? ''}`, more: false };
  }

  #account(): Promise<AccountSnapshot> {
    const known = this.#known('account');
    if (known === undefined) return this.#venue.account();
    return known.at(-1)?.account ?? this.#atStart.account;
  }

  /** The changes that an answer knows of; undefined when it knows all. */
  #known(question: Question): readonly Change[] | undefined {
    const seen = this.#seen.get(question);
    return seen === undefined ? undefined : this.#changes.slice(0, seen());
  }

  #call<T>(call: Call, id: string, act: () => Promise<T>): Promise<T> {
    this.calls.push(id === '' ? call : `${call} ${id}`);
    const fault = this.#faults.get(call)?.shift();
    const interruption = this.#interruptions.get(call)?.shift();
    const acted = (): Promise<T> => {
      if (fault?.when === 'before') return Promise.reject(fault.error);
      if (fault === undefined) return act();
      const lost = (): Promise<T> => Promise.reject(fault.error);
      return act().then(lost, lost);
    };
    return interruption === undefined ? acted() : interrupted(interruption, acted);
  }
}

async function interrupted<T>({ when, run }: Interruption, act: () => Promise<T>): Promise<T> {
  if (when === 'before') {
    await run();
    return act();
  }
  try {
    return await act();
  } finally {
    await run();
  }
}

/** A promise that nobody may ever ask for: its failure is then nobody's. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  lists.set(key, [...(lists.get(key) ?? []), value]);
}

function nameOf({ clientOrderId, venueOrderId }: OrderRef): string {
  return clientOrderId ?? venueOrderId ?? '';
}

function ordersIn(changes: readonly Change[]): readonly VenueOrder[] {
  return changes.flatMap(({ event }) => (event.kind === 'order' ? [event.order] : []));
}

function tradesIn(changes: readonly Change[]): readonly TradeId[] {
  return changes.flatMap(({ event }) => (event.kind === 'fill' ? [event.fill.tradeId] : []));
}

function readCursor(cursor: string | null): readonly [given: number, cursor: string | null] {
  const [, given, rest = ''] = /^(\d+)\|(.*)$/.exec(cursor ?? '') ?? [];
  return given === undefined ? [0, cursor] : [Number(given), rest === '' ? null : rest];
}
