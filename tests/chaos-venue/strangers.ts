import { isOpen, type OrderRecord, Refusal, type Venue } from '../venue/index.ts';
import type { HandAct, Scenario, Span, Swing } from './scenario.ts';
import type { VenueTruth } from './venue-truth.ts';

/** What a hand usually trades of each symbol, in coins. */
const USUAL: Readonly<Record<string, number>> = { 'BTC/USDT': 0.02, 'ETH/USDT': 0.4, 'SOL/USDT': 8 };
/**
 * A resting order of the hand's is so far from the price that the program never trades with it: both sides of such a
 * trade have one id, of which the ledger keeps one.
 */
const AWAY = 0.25;

/** Everything that happens to the program from outside but its own death: the line, its clock, the trader's hand. */
export class Strangers {
  readonly #venue: Venue;
  readonly #scenario: Scenario;
  readonly #truth: VenueTruth;
  readonly #note: (line: string) => void;
  readonly #acts: HandAct[];
  readonly #cuts: Span[];
  readonly #swings: Swing[];
  readonly #resting: OrderRecord[] = [];

  constructor(venue: Venue, scenario: Scenario, truth: VenueTruth, note: (line: string) => void) {
    this.#venue = venue;
    this.#scenario = scenario;
    this.#truth = truth;
    this.#note = note;
    this.#swings = [...scenario.swings];
    this.#acts = scenario.hands.toSorted((a, b) => a.at - b.at);
    this.#cuts = scenario.cuts.toSorted((a, b) => a.at - b.at);
  }

  /** What is due now. */
  act(isTrouble: boolean): void {
    if (!isTrouble) return;
    const now = this.#now();
    for (let next = this.#acts[0]; next !== undefined && next.at <= now; next = this.#acts[0]) {
      this.#acts.shift();
      this.#hand(next);
    }
    for (let next = this.#swings[0]; next !== undefined && next.at <= now; next = this.#swings[0]) {
      this.#swings.shift();
      this.#swing(next);
    }
    for (const { at, forMs } of this.#cuts.filter((cut) => cut.at <= now)) {
      this.#cuts.shift();
      this.#note(`the network is cut for ${forMs} ms`);
      this.#venue.faults.raise({ name: 'lost-request', forMs: at + forMs - now });
    }
    // New sockets do not live either.
    const isCut = this.#scenario.cuts.some(({ at, forMs }) => at <= now && now < at + forMs);
    if (isCut) this.#venue.faults.raise({ name: 'dropped-sockets' });
  }

  /** How wrong the program's wall clock is now. */
  skewMs(): number {
    return this.#scenario.skews.findLast(({ at }) => at <= this.#now())?.ms ?? 0;
  }

  /** The hand takes back what rests. */
  goHome(): void {
    for (const order of this.#resting) if (isOpen(order)) this.#venue.hand().cancel(order);
    this.#resting.length = 0;
  }

  #now(): number {
    return this.#venue.now() - this.#scenario.start;
  }

  #symbol(index: number): string {
    const { symbols } = this.#scenario;
    return symbols[index % symbols.length] ?? 'BTC/USDT';
  }

  #swing({ symbol: index, by }: Swing): void {
    const name = this.#symbol(index);
    const { lastPrice, symbol } = this.#venue.market(name);
    if (symbol.status === 'TRADING') this.#venue.moveTo(name, lastPrice.toNumber() * (1 + by));
  }

  #hand({ does, symbol: index, size }: HandAct): void {
    const symbol = this.#symbol(index);
    const amount = ((USUAL[symbol] ?? 0) * size).toFixed(symbol === 'SOL/USDT' ? 2 : 3);
    const hand = this.#venue.hand();
    try {
      if (does === 'buys') hand.buy(symbol, amount);
      else if (does === 'sells') {
        if (!this.#isOwn(symbol, amount)) return;
        hand.sell(symbol, amount);
      } else if (does === 'rests') {
        const away = this.#venue.market(symbol).lastPrice.times(1 - AWAY);
        this.#resting.push(hand.limit(symbol, 'buy', amount, away.toFixed(1)));
      } else this.#truth.cancelOneOfOurs();
      this.#note(`the hand ${does} ${amount} of ${symbol}`);
    } catch (error) {
      // As for anybody: too little money, or closed.
      if (!(error instanceof Refusal)) throw error;
      this.#note(`the hand is refused: ${error.reason}`);
    }
  }

  /** Whether coins are the trader's own: on spot, who sells the program's has books that differ, and is told so. */
  #isOwn(symbol: string, amount: string): boolean {
    if (this.#scenario.dialect === 'binance-usdm') return true;
    const { id, base } = this.#venue.market(symbol).symbol;
    const all = this.#venue.account().holdings.total(base);
    return all.minus(this.#truth.units(id, base)).gte(amount);
  }
}
