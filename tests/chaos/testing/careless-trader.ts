import {
  add,
  type BaseAmount,
  baseAmount,
  clientOrderId,
  decisionId,
  floorTo,
  mayFollow,
  negate,
  notional,
  type OrderIntent,
  price,
  type QuoteAmount,
  quoteAmount,
  subtract,
  type VenueEvent,
  type VenueFill,
  type VenueOrder,
  ZERO_BASE,
} from '../../../core/domain/index.ts';
import { KillSwitch } from '../../../core/safety/index.ts';
import type { EngineParts, EngineUnderTest, OpenEngine } from '../engine-port.ts';
import { orderOf } from './quiet.ts';

/** What a trader does wrong; `nothing` does well as long as nothing fails around it. */
export type Habit =
  | 'nothing'
  | 'sends every order twice'
  | 'places no stops'
  | 'counts every second fill only'
  | 'does not look at the latch'
  | 'throws'
  | 'leaves a promise'
  | 'never starts';

/** The smallest engine that buys, protects and sells, for tests of the run itself. It understands no fault at all. */
export function carelessTrader(habit: Habit): OpenEngine {
  return (parts) => new CarelessTrader(parts, habit);
}

class CarelessTrader implements EngineUnderTest {
  readonly #parts: EngineParts;
  readonly #habit: Habit;
  readonly #killSwitch: KillSwitch;
  readonly #units = new Map<string, BaseAmount>();
  #cash: QuoteAmount;
  #orders = 0;
  #fills = 0;

  constructor(parts: EngineParts, habit: Habit) {
    this.#parts = parts;
    this.#habit = habit;
    this.#cash = quoteAmount(parts.capital);
    this.#killSwitch = new KillSwitch({ directory: parts.directory, clock: parts.clocks.wall });
  }

  async start(): Promise<void> {
    const { venue, symbols, onFailure } = this.#parts;
    if (this.#habit === 'never starts') await new Promise(() => undefined);
    await venue.open({ symbols });
    venue.onEvent((event) => this.#onEvent(event));
    this.#trade().catch(onFailure);
  }

  kill(reason: string): void {
    this.#killSwitch.latch(reason, 'test');
  }

  killStage(): 'armed' | 'latched' {
    return this.#killSwitch.engaged() ? 'latched' : 'armed';
  }

  protectionOf(): 'venue' {
    return 'venue';
  }

  alarmed(): boolean {
    return false;
  }

  position(symbol: string): BaseAmount {
    return this.#units.get(symbol) ?? ZERO_BASE;
  }

  cash(): QuoteAmount {
    return this.#cash;
  }

  troubles(): readonly string[] {
    return [];
  }

  async #trade(): Promise<void> {
    const { feed, wish } = this.#parts;
    const { signal } = new AbortController();
    for (let event = await feed.next(signal); event !== undefined; event = await feed.next(signal)) {
      if (event.kind !== 'bar') continue;
      const { openTime, close } = event.candle;
      await this.#decide(event.symbol, wish(event.symbol, openTime), openTime, close);
    }
  }

  async #decide(symbol: string, wish: string, openTime: number, close: number): Promise<void> {
    const held = this.position(symbol);
    const latched = this.#killSwitch.engaged() && this.#habit !== 'does not look at the latch';
    if (latched || (wish === 'BUY') === held.gt(0) || wish === 'HOLD') return;
    const id = decisionId(`${symbol} ${openTime}`);
    if (wish === 'BUY') {
      const lot = this.#parts.venue.instrument(symbol)?.lotSize ?? baseAmount(1);
      const amount = floorTo(baseAmount((1_500 / close).toFixed(8)), lot);
      await this.#send({ symbol, amount: amount.toFixed(), decisionId: id });
    } else if (held.gt(0)) {
      await this.#cancelStops(symbol);
      await this.#send({ symbol, side: 'sell', purpose: 'exit', amount: held.toFixed(), reduceOnly: true });
    }
  }

  async #send(given: Parameters<typeof orderOf>[1]): Promise<void> {
    const { venue, stores } = this.#parts;
    this.#orders += 1;
    const intent: OrderIntent = orderOf(`o${this.#orders}`, given);
    stores.ledger.appendIntent(intent);
    stores.ledger.appendEvent({ clientOrderId: intent.clientOrderId, status: 'SENT', at: 0 });
    if (this.#habit === 'sends every order twice') venue.submit(intent).catch(() => undefined);
    this.#settle(await venue.submit(intent));
  }

  async #cancelStops(symbol: string): Promise<void> {
    const stops = this.#parts.stores.ledger
      .unfinishedOrders()
      .filter((order) => order.symbol === symbol && order.type === 'stop');
    for (const stop of stops) this.#settle(await this.#parts.venue.cancel(stop));
  }

  #onEvent(event: VenueEvent): void {
    if (event.kind === 'order') this.#settle(event.order);
    if (event.kind !== 'fill') return;
    if (this.#habit === 'throws') throw new TypeError('a fault of the program');
    if (this.#habit === 'leaves a promise') void Promise.reject(new TypeError('nobody hears this'));
    this.#count(event.fill);
  }

  #settle({ clientOrderId: id, status }: VenueOrder): void {
    const { ledger } = this.#parts.stores;
    const order = id === null ? undefined : ledger.order(id);
    if (order !== undefined && mayFollow(order.status, status)) {
      ledger.appendEvent({ clientOrderId: order.clientOrderId, status, at: 0 });
    }
  }

  #count(told: VenueFill): void {
    const { ledger } = this.#parts.stores;
    const order = ledger.order(told.clientOrderId ?? clientOrderId(''));
    this.#fills += 1;
    const missed = this.#habit === 'counts every second fill only' && this.#fills % 2 === 0;
    if (order === undefined || missed || !ledger.appendFill({ ...told, purpose: order.purpose })) return;
    const bought = told.side === 'buy';
    this.#units.set(told.symbol, (bought ? add : subtract)(this.position(told.symbol), told.amount));
    const value = notional(told.price, told.amount);
    this.#cash = subtract(
      add(this.#cash, bought ? negate(value) : value),
      told.fee?.quoteValue ?? quoteAmount(0),
    );
    if (bought && this.#habit !== 'places no stops') this.#protect(told);
  }

  #protect({ symbol, amount, price: paid }: VenueFill): void {
    const stopPrice = floorTo(price(paid.times(0.98).toFixed()), price(1)).toNumber();
    const stop = { symbol, side: 'sell', purpose: 'protection', reduceOnly: true, stopPrice } as const;
    this.#send({ ...stop, amount: amount.toFixed() }).catch(this.#parts.onFailure);
  }
}
