import type { ExecutionSettings } from '../../core/contract/index.ts';
import { Dice } from '../chaos/dice.ts';
import { executionOf } from '../chaos/execution-terms.ts';
import { type DialectName, type Fault, type FaultName, seededFaults } from '../venue/index.ts';
import type { Death } from './host/death.ts';

/** What a seed means: which venue, what fails there, who else trades, and how the program's lives end. */
export interface Scenario {
  readonly seed: number;
  readonly dialect: DialectName;
  /** Whether the program knows nothing of the venue but what ccxt says. */
  readonly isDerived: boolean;
  readonly start: number;
  readonly symbols: readonly string[];
  readonly volatility: number;
  /** So long anything may fail. */
  readonly troubleMs: number;
  readonly faults: readonly Fault[];
  /** Each life's end, in their order; lives after the last one go on to the rest. */
  readonly ends: readonly End[];
  readonly cuts: readonly Span[];
  /** How wrong the program's wall clock is from when on. */
  readonly skews: readonly { readonly at: number; readonly ms: number }[];
  readonly hands: readonly HandAct[];
  /** Jumps of the market, which make the program trade and its stops go off. */
  readonly swings: readonly Swing[];
  /** How entries get into the market; empty: at once. */
  readonly execution: Partial<ExecutionSettings>;
  /** The trader's own coins, which were there before. */
  readonly ownCoins: Readonly<Record<string, string>>;
}

/** In milliseconds from the start. */
export interface Span {
  readonly at: number;
  readonly forMs: number;
}

export type End = { readonly downMs: number } & (
  | { readonly kind: 'write'; readonly death: Death }
  /** So long after it started to open. */
  | { readonly kind: 'moment'; readonly afterMs: number }
  /** When the venue has heard so many orders and cancels of this life. */
  | { readonly kind: 'request'; readonly count: number }
);

export interface Swing {
  readonly at: number;
  readonly symbol: number;
  /** Share of the price. */
  readonly by: number;
}

export interface HandAct {
  readonly at: number;
  readonly does: 'buys' | 'sells' | 'rests' | 'cancels-ours';
  /** Which of the symbols. */
  readonly symbol: number;
  /** A share of what is usual. */
  readonly size: number;
}

const MINUTE_MS = 60_000;
const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT'] as const;
/** Some minutes before funding is paid. */
const START = Date.UTC(2025, 0, 1, 7, 55);

/** Faults that the program must come through with its books right and every unit protected. */
const FAULTS: readonly FaultName[] = [
  ...(['lost-answer', 'lost-request', 'late-request', 'late-answer', 'cut-json'] as const),
  ...(['empty-answer', 'banned', 'filters-changed'] as const),
  ...(['unknown-outcome', 'timeout', 'bad-gateway', 'too-many-requests', 'clock-skew', 'list-lag'] as const),
  ...(['duplicate-events', 'reordered-events', 'late-events', 'lost-events'] as const),
  ...(['dropped-sockets', 'half-open-sockets', 'user-stream-expired', 'garbage-frame'] as const),
  ...(['maintenance', 'stop-refused', 'missing-depth-update'] as const),
];

/** The same seed is the same scenario for ever; each part has a stream of chance of its own. */
export function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed);
  const venue = dice.fork('venue');
  const dialect = venue.pick(['binance-spot', 'binance-usdm'] as const);
  const symbols = venue.pick([['BTC/USDT', 'ETH/USDT'], SYMBOLS]);
  const troubleMs = venue.whole(6, 11) * MINUTE_MS;
  const names = faultsOf(dice.fork('faults'));
  return {
    ...{ seed, dialect, symbols, troubleMs, isDerived: false },
    start: START + venue.whole(0, 4) * MINUTE_MS,
    volatility: venue.between(0.001, 0.005),
    faults: seededFaults(seed, troubleMs, names),
    ends: endsOf(dice.fork('ends')),
    cuts: some(dice.fork('cuts'), 0.5, 2, (one) => spanOf(one, troubleMs)),
    skews: skewsOf(dice.fork('skews'), troubleMs),
    hands: some(dice.fork('hands'), 0.5, 5, (one) => handOf(one, troubleMs)),
    swings: swingsOf(dice.fork('swings'), troubleMs),
    execution: executionOf(dice.fork('execution')),
    ownCoins: dialect === 'binance-spot' && venue.chance(0.5) ? { BTC: '0.25', ETH: '1.5' } : {},
  };
}

/** Some kinds only: a fault alone shows what the same fault among ten others hides. */
function faultsOf(dice: Dice): readonly FaultName[] {
  const share = dice.pick([0.15, 0.4, 1]);
  const picked = FAULTS.filter(() => dice.chance(share));
  return picked.length > 0 ? picked : [dice.pick(FAULTS)];
}

function endsOf(dice: Dice): readonly End[] {
  return Array.from({ length: dice.whole(1, 4) }, (): End => {
    const downMs = dice.pick([500, 3_000, 20_000, 70_000]);
    const kind = dice.pick(['write', 'write', 'moment', 'request'] as const);
    if (kind === 'moment') return { kind, downMs, afterMs: dice.whole(500, 4 * MINUTE_MS) };
    if (kind === 'request') return { kind, downMs, count: dice.whole(1, 5) };
    const of = dice.pick(['orders', 'orders', 'fills', 'any'] as const);
    const write = dice.whole(1, { orders: 20, fills: 4, any: 60 }[of]);
    return { kind, downMs, death: { of, write, when: dice.pick(['before', 'after']) } };
  });
}

function skewsOf(dice: Dice, troubleMs: number): Scenario['skews'] {
  const most = dice.pick([0, 1_000, 8_000, 60_000]);
  const ms = (): number => dice.whole(-most, most);
  return [
    { at: 0, ms: ms() },
    ...some(dice, 0.4, 2, (one) => ({ at: one.whole(MINUTE_MS, troubleMs), ms: ms() })),
  ];
}

/** Up and down by turns, more or less: a market that only went one way would be traded once. */
function swingsOf(dice: Dice, troubleMs: number): readonly Swing[] {
  const swings: Swing[] = [];
  const everyMs = dice.pick([8_000, 15_000, 40_000]);
  for (let at = everyMs; at < troubleMs; at += everyMs * dice.between(0.5, 1.5)) {
    const sign = (swings.length % 2 === 0) === dice.chance(0.8) ? -1 : 1;
    swings.push({ at, symbol: dice.whole(0, 2), by: sign * dice.between(0.003, 0.025) });
  }
  return swings;
}

const spanOf = (dice: Dice, troubleMs: number): Span => ({
  at: dice.whole(MINUTE_MS, troubleMs),
  forMs: dice.pick([2_000, 15_000, 60_000]),
});

const handOf = (dice: Dice, troubleMs: number): HandAct => ({
  at: dice.whole(30_000, troubleMs),
  does: dice.pick(['buys', 'sells', 'rests', 'cancels-ours']),
  symbol: dice.whole(0, 2),
  size: dice.between(0.2, 1),
});

function some<T>(dice: Dice, chance: number, most: number, make: (dice: Dice) => T): readonly T[] {
  if (!dice.chance(chance)) return [];
  return Array.from({ length: dice.whole(1, most) }, () => make(dice));
}
