import {
  type AccountEvent,
  type AccountSnapshot,
  type Connection,
  type Disposer,
  type Exchange,
  type FillPage,
  type FillQuery,
  type Instrument,
  type OpenOptions,
  type OrderIntent,
  type OrderLookup,
  type OrderRef,
  type TradingCosts,
  type UtcMs,
  type VenueEvent,
  VenueListeners,
  type VenueOrder,
  type VenueProfile,
} from '../../../core/domain/index.ts';
import type { Life } from '../life.ts';
import type { NastyVenue } from '../nasty-venue.ts';
import type { CallKind, Fate } from './line.ts';
import { MAKER_FEE_BPS, TAKER_FEE_BPS } from './true-fill.ts';

const CONNECTED: Connection = { state: 'connected', message: '' };
const DISCONNECTED: Connection = { state: 'disconnected', message: 'the line to the venue is down' };

/** The venue as one process sees it, over a bad line. Ends with the process: calls on their way still arrive. */
export class VenueSession implements Exchange {
  readonly id = 'nasty';
  readonly profile: VenueProfile;
  /** When each fill first reached this process, by its sequence. */
  readonly toldAt = new Map<number, UtcMs>();
  readonly #venue: NastyVenue;
  readonly #life: Life;
  readonly #listeners = new VenueListeners();
  #connection: Connection = { state: 'connecting', message: 'the markets are being loaded' };
  /** Calls of which this process has not heard. */
  #unanswered = 0;

  constructor(venue: NastyVenue, life: Life) {
    this.#venue = venue;
    this.#life = life;
    this.profile = venue.scenario.profile;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** Whether this process has heard of all it has asked for. */
  get isAnswered(): boolean {
    return this.#unanswered === 0;
  }

  async open({ onProgress }: OpenOptions): Promise<void> {
    onProgress?.('loading the markets of the nasty venue');
    await new Promise<void>((resolve) => this.#later(300, resolve));
    this.#connection = CONNECTED;
  }

  close(): Promise<void> {
    this.#connection = { state: 'closed', message: '' };
    return Promise.resolve();
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#venue.instrument(symbol);
  }

  costs(): TradingCosts {
    const fees = { makerFeeBps: MAKER_FEE_BPS, takerFeeBps: TAKER_FEE_BPS };
    return { ...fees, spreadBps: 1, slippageBps: 2, source: 'venue' };
  }

  clockOffsetMs(): number {
    return 0;
  }

  submit(intent: OrderIntent): Promise<VenueOrder> {
    if (this.#life.ended) return silence();
    const fate = this.#venue.line.fateOf('submit');
    const sent = this.#venue.noteSent(intent, fate);
    return this.#call('submit', intent.clientOrderId, () => this.#venue.submit(sent), fate);
  }

  cancel(ref: OrderRef): Promise<VenueOrder> {
    return this.#call('cancel', nameOf(ref), () => this.#venue.cancel(ref));
  }

  order(ref: OrderRef): Promise<OrderLookup> {
    return this.#call('order', nameOf(ref), () => this.#venue.records.lookUp(ref));
  }

  openOrders(): Promise<readonly VenueOrder[]> {
    return this.#call('openOrders', '', () => this.#venue.records.openOrders());
  }

  fills(query: FillQuery): Promise<FillPage> {
    const page = this.#call('fills', query.symbol, () => this.#venue.records.fills(query));
    return page.then((told) => {
      for (const fill of told.fills) this.#noteTold(fill);
      return told;
    });
  }

  account(): Promise<AccountSnapshot> {
    return this.#call('account', '', () => this.#venue.records.account());
  }

  accountEvents(since: UtcMs): Promise<readonly AccountEvent[]> {
    return this.#call('accountEvents', '', () => this.#venue.records.accountEvents(since));
  }

  onEvent(listener: (event: VenueEvent) => void): Disposer {
    return this.#listeners.add(listener);
  }

  /** Something happened at the venue: it is told whenever, and as often as, the line lets it. */
  announce(event: VenueEvent): void {
    if (this.#connection.state === 'connecting') return;
    for (const delay of this.#venue.line.eventDelays()) this.#later(delay, () => this.#deliver(event));
  }

  /** Whether the line is up; a change is told a little later. */
  look(connected: boolean): void {
    const { state } = this.#connection;
    if (state !== 'connected' && state !== 'disconnected') return;
    const connection = connected ? CONNECTED : DISCONNECTED;
    if (connection.state === state) return;
    this.#connection = connection;
    this.#later(100, () => this.#deliver({ kind: 'connection', connection }));
  }

  #deliver(event: VenueEvent): void {
    if (event.kind === 'fill') this.#noteTold(event.fill);
    if (event.kind === 'order') this.#venue.records.noteTold(event.order);
    this.#venue.trace(() => `  told ${describeEvent(event)}`);
    if (this.#connection.state !== 'closed') this.#listeners.tell(event);
  }

  #noteTold(fill: { readonly symbol: string; readonly tradeId: string }): void {
    const sequence = this.#venue.sequenceOf(fill);
    if (!this.toldAt.has(sequence)) this.toldAt.set(sequence, this.#venue.time.now());
  }

  /** One call: the venue acts when it arrives, whatever became of the caller, who hears what the line lets through. */
  #call<T>(kind: CallKind, subject: string, act: () => T, given?: Fate): Promise<T> {
    if (this.#life.ended) return silence();
    const { time, line } = this.#venue;
    const fate = given ?? line.fateOf(kind);
    this.#venue.trace(() => `  call ${kind} ${subject}: ${fate.name}`);
    let outcome: { readonly value: T } | { readonly error: unknown } | null = null;
    if (fate.arrivesMs !== null) {
      time.after(fate.arrivesMs, () => {
        outcome = attempt(act);
      });
    }
    this.#unanswered += 1;
    return new Promise((resolve, reject) => {
      this.#later(fate.heardMs, () => {
        this.#unanswered -= 1;
        if (fate.failure !== null) reject(fate.failure);
        else if (outcome === null) reject(new Error(`${kind} was answered before it arrived`));
        else if ('value' in outcome) resolve(outcome.value);
        else reject(outcome.error);
      });
    });
  }

  /** Runs something of this process later, while it lives. */
  #later(ms: number, run: () => void): void {
    this.#venue.time.after(ms, () => {
      if (!this.#life.ended) run();
    });
  }
}

/** What a process hears that has ended. */
function silence<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}

function attempt<T>(act: () => T): { readonly value: T } | { readonly error: unknown } {
  try {
    return { value: act() };
  } catch (error) {
    return { error };
  }
}

function nameOf({ clientOrderId, venueOrderId }: OrderRef): string {
  return `${clientOrderId ?? venueOrderId ?? 'nothing'}`;
}

function describeEvent(event: VenueEvent): string {
  switch (event.kind) {
    case 'order': {
      const { clientOrderId, venueOrderId, status, filledAmount } = event.order;
      return `order ${clientOrderId ?? venueOrderId} ${status} ${filledAmount.toFixed()}`;
    }
    case 'fill': {
      const { symbol, side, amount, price, clientOrderId, venueOrderId } = event.fill;
      return `fill ${symbol} ${side} ${amount.toFixed()}@${price.toFixed()} of ${clientOrderId ?? venueOrderId}`;
    }
    case 'connection':
      return `connection ${event.connection.state}`;
    case 'account':
      return `account ${event.event.kind} ${event.event.amount.toFixed()} ${event.event.asset}`;
  }
}
