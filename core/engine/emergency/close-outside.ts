import {
  type BaseAmount,
  type Clock,
  type Exchange,
  type GateAnswer,
  type Logger,
  type OrderIntent,
  type Timers,
  text,
} from '../../domain/index.ts';
import { ClientOrderIds, ExecutionDesk, type FlattenResult } from '../../execution/index.ts';
import type { KillSwitch } from '../../safety/index.ts';
import type { BooksAtRest, HeldThings } from './books-at-rest.ts';

/** What of a symbol there was and what became of it. */
export interface SymbolOutcome {
  readonly venue: string;
  readonly symbol: string;
  /** What was ours before, in words. */
  readonly before: string;
  /** What the venue said last, in words. */
  readonly after: string;
}

export interface OutsideOutcome {
  /** Verified at the venue, twice. */
  readonly flat: boolean;
  readonly symbols: readonly SymbolOutcome[];
  /** What was not done, a line each. */
  readonly failures: readonly string[];
  /** What is left on purpose, a line each. */
  readonly left: readonly string[];
}

export interface OutsideParts {
  /** What is traded, held or working. */
  readonly symbols: readonly string[];
  readonly orderIdPrefix: string;
  readonly books: BooksAtRest;
  /** Open. */
  readonly venue: Exchange;
  /** Of the data directory: it holds already. */
  readonly killSwitch: Pick<KillSwitch, 'mayLeave'>;
  /** Asked before each close leaves; why it must not, because the right to close is lost, say. Null: it may. */
  readonly mayClose: () => string | null;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onProgress: (line: string) => void;
}

/** What was on its way when the program stopped may arrive after the venue was found flat: it is looked at once more. */
const SECOND_LOOK_MS = 3_000;
/** So often what appears at the second look is closed as well. */
const MOST_LOOKS = 3;

/**
 * Closes at a venue what is ours, in the place of a program that cannot: with its books as they were last written, its
 * order ids and its rules for what is the trader's own, and with a connection of its own. Writes nothing but to the venue.
 */
export async function closeOutside(parts: OutsideParts): Promise<OutsideOutcome> {
  const { books, venue, symbols, onProgress, timers } = parts;
  const things = books.holdings((symbol) => venue.instrument(symbol));
  const before = new Map(symbols.map((symbol) => [symbol, wordsOf(symbol, books, things.owned())]));
  const desk = deskOf(parts, things);
  try {
    let result: Look = await desk.flattener.flatten();
    for (let look = 0; result.flat && look < MOST_LOOKS; look += 1) {
      onProgress(`${venue.id}: flat, and looked at once more in ${SECOND_LOOK_MS / 1_000} s`);
      await timers.wait(SECOND_LOOK_MS);
      const again = await secondLook(desk);
      if (again.flat) {
        onProgress(`${venue.id}: still flat`);
        break;
      }
      if (again.failures.length > 0) {
        result = again;
        break;
      }
      onProgress(`${venue.id}: something has appeared, it is closed too`);
      result = await desk.flattener.flatten();
    }
    const doubts = books.fault === null ? [] : [books.fault];
    const failures = [...doubts, ...result.failures];
    const outcome = symbols
      .filter((symbol) => before.get(symbol) !== NOTHING || failures.some((line) => line.includes(symbol)))
      .map((symbol) => ({
        ...{ venue: venue.id, symbol, before: before.get(symbol) ?? NOTHING },
        after: afterOf(symbol, failures, result.left),
      }));
    return { flat: failures.length === 0 && result.flat, symbols: outcome, failures, left: result.left };
  } finally {
    desk.close();
  }
}

const NOTHING = 'nothing';

type Look = Pick<FlattenResult, 'flat' | 'failures' | 'left'>;

async function secondLook({ flattener }: ExecutionDesk): Promise<Look> {
  try {
    return { flat: await flattener.isFlat(), failures: [], left: [] };
  } catch (error) {
    return {
      flat: false,
      failures: [`the venue was flat, and has not answered since: ${String(error)}`],
      left: [],
    };
  }
}

/** What of a symbol is ours, in words: the amount, and how many orders work. */
export function wordsOf(symbol: string, books: BooksAtRest, owned: ReadonlyMap<string, BaseAmount>): string {
  const held = owned.get(symbol);
  const orders = books.ledger.unfinishedOrders().filter((order) => order.symbol === symbol).length;
  const words = [
    ...(held === undefined ? [] : [text(held)]),
    ...(orders === 0 ? [] : [orders === 1 ? '1 order' : `${orders} orders`]),
  ];
  return words.length === 0 ? NOTHING : words.join(', ');
}

function afterOf(symbol: string, failures: readonly string[], left: readonly string[]): string {
  const told = [...failures, ...left].filter((line) => line.includes(symbol));
  if (told.length > 0) return told.join('; ');
  return failures.length === 0 ? 'flat' : 'not verified';
}

function deskOf(parts: OutsideParts, things: HeldThings): ExecutionDesk {
  const { books, venue, symbols, killSwitch, mayClose, clock, timers, log } = parts;
  const nothing = (): void => undefined;
  const mayLeave = (intent: OrderIntent): GateAnswer => {
    const answer = killSwitch.mayLeave(intent);
    const reason = answer.allowed ? mayClose() : null;
    return reason === null ? answer : { allowed: false, code: 'kill-switch', message: reason };
  };
  return new ExecutionDesk({
    exchange: venue,
    ledger: books.ledger,
    state: books.state,
    ...(books.recorded === undefined ? {} : { recorded: books.recorded }),
    ...(books.fillsFrom === undefined ? {} : { fillsFrom: books.fillsFrom }),
    gate: { mayLeave },
    holdings: things,
    // It only closes.
    plans: { stopPrice: () => null },
    ids: new ClientOrderIds(parts.orderIdPrefix),
    symbols,
    clocks: { market: clock, wall: clock },
    timers,
    log,
    onFill: (fill) => {
      things.apply(fill);
    },
    onOrder: nothing,
    onAccountEvent: nothing,
    onFault: nothing,
    onProtection: nothing,
  });
}
