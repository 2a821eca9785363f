import {
  type AccountSnapshot,
  type Asking,
  type Exchange,
  type FillPage,
  type FillQuery,
  type OpenOrdersAsking,
  type OrderLookup,
  type OrderRef,
  type Timers,
  VenueError,
  type VenueEvent,
  type VenueOrder,
} from '../../domain/index.ts';
import { leftAlone, type VenuePatience } from './venue-patience.ts';

const ORDINARY: Asking = {};
const URGENT: Asking = { isUrgent: true };

/**
 * A call that has not answered by then never will, as far as anybody waits for it: else it held back every later close,
 * stop and comparison for good. Longer than an order may be on its way: venues refuse one that arrives later, and one
 * that is given up too early could still arrive beside the next. Connections have closer limits of their own.
 */
const LIMIT_MS = 60_000;

export interface Pacing {
  readonly timers: Timers;
  readonly patience: VenuePatience;
  /**
   * Of those who call it by another way: they are told as well how long the venue wants to be left alone, and hold up
   * nothing here, but that one call alone goes first while they wait.
   */
  readonly others?: readonly VenuePatience[];
  /** Whether what is asked at the moment goes before everything else. Default: it never does. */
  readonly isUrgent?: () => boolean;
}

/**
 * A venue that is left alone for as long as it asked to be, and whose silence ends. Whoever calls it meanwhile is refused
 * here, without a word to the venue: one part of the program that goes on asking would have all of them shut out. The one
 * place where what a venue says about that is taken note of.
 */
export class PacedExchange implements Exchange {
  readonly #venue: Exchange;
  readonly #timers: Timers;
  readonly #patience: VenuePatience;
  readonly #others: readonly VenuePatience[];
  readonly #isUrgent: () => boolean;
  /** The call that finds out whether what others were told is meant for everybody; undefined: none is needed, or none was made. */
  #probe: Promise<unknown> | undefined;

  constructor(venue: Exchange, { timers, patience, others = [], isUrgent = () => false }: Pacing) {
    this.#venue = venue;
    this.#timers = timers;
    this.#patience = patience;
    this.#others = others;
    this.#isUrgent = isUrgent;
  }

  get id() {
    return this.#venue.id;
  }
  get profile() {
    return this.#venue.profile;
  }
  get connection() {
    return this.#venue.connection;
  }
  open(...args: Parameters<Exchange['open']>) {
    return this.#venue.open(...args);
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
    return this.#call(() => this.#venue.submit(...args));
  }
  cancel(...args: Parameters<Exchange['cancel']>) {
    return this.#call(() => this.#venue.cancel(...args));
  }
  order(ref: OrderRef): Promise<OrderLookup> {
    return this.#call(() => this.#venue.order(ref, this.#how()));
  }
  openOrders(how?: OpenOrdersAsking): Promise<readonly VenueOrder[]> {
    return this.#call(() => this.#venue.openOrders({ ...how, ...this.#how() }));
  }
  fills(query: FillQuery): Promise<FillPage> {
    return this.#call(() => this.#venue.fills(query, this.#how()));
  }
  account(): Promise<AccountSnapshot> {
    return this.#call(() => this.#venue.account(this.#how()));
  }
  accountEvents(...args: Parameters<Exchange['accountEvents']>) {
    return this.#call(() => this.#venue.accountEvents(...args));
  }
  onEvent(listener: (event: VenueEvent) => void) {
    return this.#venue.onEvent(listener);
  }

  #how(): Asking {
    return this.#isUrgent() ? URGENT : ORDINARY;
  }

  /** Synchronous up to the venue, as its callers count on, but where another call finds out first whether it may be. */
  #call<T>(call: () => Promise<T>): Promise<T> {
    if (!this.#others.some(({ remainingMs }) => remainingMs > 0)) {
      this.#probe = undefined;
      return this.#send(call);
    }
    if (this.#probe !== undefined) return this.#probe.then(() => this.#send(call));
    const answer = this.#send(call);
    // Who goes on in a crowd where others were told to wait is shut out for longer.
    this.#probe = answer.catch(() => {
      this.#probe = undefined;
    });
    return answer;
  }

  #send<T>(call: () => Promise<T>): Promise<T> {
    const retryAfterMs = this.#patience.remainingMs;
    if (retryAfterMs > 0) {
      const message = leftAlone(this.id, retryAfterMs);
      return Promise.reject(new VenueError('rate-limited', message, { retryAfterMs }));
    }
    const answer = call();
    // What it says of that counts, however late it comes.
    answer.catch((error: unknown) => this.#note(error));
    return this.#inTime(answer);
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const answered = new AbortController();
    // Whose reason nobody reads: making one takes longer than what a simulated venue does.
    answer.then(resolve, reject).finally(() => answered.abort(null));
    void this.#timers.wait(LIMIT_MS, answered.signal).then(() => {
      reject(new VenueError('uncertain', `${this.id} has not answered in ${LIMIT_MS / 1_000} s`));
    });
    return promise;
  }

  #note(error: unknown): void {
    if (!(error instanceof VenueError)) return;
    const { fault, retryAfterMs } = error;
    for (const patience of [this.#patience, ...this.#others]) {
      // To ask again at once is how one gets shut out.
      if (retryAfterMs) patience.wait(retryAfterMs);
      else if (fault === 'rate-limited') patience.waitUnsaid();
    }
  }
}
