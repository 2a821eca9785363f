import type { UtcMs } from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import type { Scenario } from './scenario.ts';
import { NEVER, seededWindows, type Windows } from './windows.ts';

/** What holds when: every stretch of bad luck of a run, fixed by its seed. All are over when the faults end. */
export class Conditions {
  /** The line is bad: the scenario's rates apply. */
  readonly storm: Windows;
  /** Nothing gets through, neither calls nor events. */
  readonly outage: Windows;
  /** Calls get through, events do not, and the venue's socket is known to be down. */
  readonly deafness: Windows;
  readonly stopsRefused: Windows;
  /** The order ledger cannot be written. */
  readonly ledgerLocked: Windows;
  readonly #halts: ReadonlyMap<string, Windows>;
  readonly #delistings: ReadonlyMap<string, Windows>;
  readonly #droughts: ReadonlyMap<string, Windows>;
  readonly #refusalText: string;

  constructor({ seed, symbols, start, faultsEnd, troubles }: Scenario) {
    const dice = new Dice(seed).fork('conditions');
    const windows = (name: string, count: number, shortestMs: number, longestMs: number): Windows =>
      count === 0
        ? NEVER
        : seededWindows(dice.fork(name), { from: start, to: faultsEnd, count, shortestMs, longestMs });
    const bySymbol = (name: string, count: number, shortestMs: number, longestMs: number) =>
      new Map(symbols.map((symbol) => [symbol, windows(`${name} ${symbol}`, count, shortestMs, longestMs)]));
    this.storm = windows('storm', troubles.storms, 20_000, 240_000);
    this.outage = windows('outage', troubles.outages, 3_000, 60_000);
    this.deafness = windows('deafness', troubles.outages, 3_000, 90_000);
    this.stopsRefused = windows('stops refused', troubles.stopRefusals, 10_000, 180_000);
    this.ledgerLocked = windows('ledger locked', troubles.ledgerLocks, 200, 20_000);
    this.#halts = bySymbol('halt', troubles.halts, 10_000, 150_000);
    this.#delistings = bySymbol('delisting', troubles.delistings, 5_000, 60_000);
    this.#droughts = bySymbol('drought', troubles.droughts, 10_000, 150_000);
    this.#refusalText = dice.pick(['stop orders are not taken at the moment', '']);
  }

  /** In maintenance: the market is closed and there are no prices. */
  halted(symbol: string, at: UtcMs): boolean {
    return this.#halts.get(symbol)?.holds(at) ?? false;
  }

  /** The venue does not list the symbol, though it trades. */
  unlisted(symbol: string, at: UtcMs): boolean {
    return this.#delistings.get(symbol)?.holds(at) ?? false;
  }

  /** There are prices, and nobody to trade with. */
  dry(symbol: string, at: UtcMs): boolean {
    return this.#droughts.get(symbol)?.holds(at) ?? false;
  }

  /** Why stops are not taken, in the venue's words, which may be none; null when they are. */
  stopRefusal(at: UtcMs): string | null {
    return this.stopsRefused.holds(at) ? this.#refusalText : null;
  }
}
