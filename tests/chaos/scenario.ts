import type { ExecutionSettings } from '../../core/contract/index.ts';
import type { UtcMs, VenueProfile } from '../../core/domain/index.ts';
import { Dice } from './dice.ts';
import { executionOf } from './execution-terms.ts';

/** What a seed means: which venue, how bad its line is, who else is there, and when the process dies. */
export interface Scenario {
  readonly seed: number;
  readonly symbols: readonly string[];
  readonly profile: VenueProfile;
  readonly traits: Traits;
  readonly rates: FaultRates;
  readonly troubles: Troubles;
  /** Bars of one minute that are traded while everything may fail. */
  readonly bars: number;
  readonly start: UtcMs;
  /** From here on nothing fails any more. */
  readonly faultsEnd: UtcMs;
  readonly crashes: readonly Crash[];
  /** When the emergency stop is pressed; null: never. */
  readonly killAt: UtcMs | null;
  /** From then until the stop every order arrives late: it comes when all was flat already. Null: as the line has it. */
  readonly limboFrom: UtcMs | null;
  readonly durable: 'memory' | 'sqlite';
  readonly voterLatencyMs: number;
  /** Whose word is done: what voters agree on, or the share of the equity that a strategy wants held. */
  readonly decides: 'voters' | 'strategy';
  /** How entries get in. */
  readonly execution: Partial<ExecutionSettings>;
}

/** How this venue differs from others in what no profile tells. */
export interface Traits {
  /** How orders meet the market; each gets one of these. */
  readonly tempers: readonly Temper[];
  /** What becomes of a stop that triggers: it trades itself, or a child of it does, with no id of ours or the same. */
  readonly triggeredStop: 'trades-itself' | 'child-without-id' | 'child-with-same-id';
  /** What the venue says of a stop whose child trades. Filled, with nothing filled, is what some say. */
  readonly parentIsTold: 'EXPIRED' | 'FILLED';
  /** A stop on the wrong side of the price. */
  readonly lateStop: 'refused' | 'triggers';
  readonly cancelOfEnded: 'answers' | 'refuses';
  readonly feeIn: 'quote' | 'coins' | 'third';
  /** Share of fills whose fee is told later. */
  readonly lateFees: number;
  /** An order that left may still be taken so long. */
  readonly receiveWindowMs: number;
  /** Our side gives up waiting for an answer after so long. */
  readonly timeoutMs: number;
  /** How old lists may be: working orders, fills, the account. */
  readonly listLagMs: number;
  /** How old the answer to a look-up may be. */
  readonly lookUpLagMs: number;
  /** Ended orders are forgotten after so long; null: never. */
  readonly purgeAfterMs: number | null;
  readonly pageSize: number;
  readonly callsPerTenSeconds: number;
}

/** Chances of each fault of one call or one event, while the weather is bad. */
export interface FaultRates {
  readonly requestLost: number;
  readonly answerLost: number;
  readonly arrivesLate: number;
  readonly answerCut: number;
  readonly unavailable: number;
  readonly rateLimited: number;
  readonly slow: number;
  readonly eventTwice: number;
  readonly eventLate: number;
  readonly eventLost: number;
}

/** How often, over the whole run, each of these happens. */
export interface Troubles {
  readonly storms: number;
  readonly outages: number;
  readonly stopRefusals: number;
  readonly halts: number;
  readonly delistings: number;
  readonly droughts: number;
  readonly humanActs: number;
  readonly transfers: number;
  readonly deleveragings: number;
  readonly ledgerLocks: number;
}

/** The process dies at a durable write, before or after it is made, counted from the start of that process. */
export interface Crash {
  readonly write: number;
  readonly when: 'before' | 'after';
  readonly downMs: number;
}

/** How an order meets the market once it may: at once, in pieces over several ticks, or only from the next tick. */
export type Temper = 'whole' | 'pieces' | 'waits';

const CALM_TEMPERS: readonly Temper[] = ['whole', 'whole', 'whole', 'whole', 'pieces', 'waits'];

export const BAR_MS = 60_000;
export const CAPITAL = '10000';
/** A Monday, so that nothing depends on weekends. */
const START: UtcMs = Date.UTC(2026, 0, 5);
/** The slowest that any answer is in any weather, apart from those that never come. */
export const SLOWEST_MS = 1_500;

const SYMBOLS = [
  ['BTC/USDT', 'ETH/USDT'],
  ['BTC/USDT', 'BTC/USDT:USDT'],
  ['BTC/USDT:USDT', 'SOL/USDT:USDT'],
  ['BTC/USDT', 'ETH/USDT', 'SOL/USDT:USDT'],
] as const;

/** The same seed is the same scenario for ever; a draw of its own for each part, so that one more shifts nothing. */
export function scenarioOf(seed: number): Scenario {
  const dice = new Dice(seed);
  const bars = dice.fork('bars').whole(12, 22);
  const faultsEnd = START + bars * BAR_MS;
  const account = dice.fork('account').pick(['ours', 'shared'] as const);
  const traits = traitsOf(dice.fork('traits'), account);
  const ends = dice.fork('ends');
  return {
    seed,
    symbols: dice.fork('symbols').pick(SYMBOLS),
    profile: profileOf(dice.fork('profile'), account, traits),
    traits,
    rates: ratesOf(dice.fork('rates')),
    troubles: troublesOf(dice.fork('troubles')),
    bars,
    start: START,
    faultsEnd,
    crashes: crashesOf(dice.fork('crashes')),
    ...stopOf(ends, bars),
    durable: seed % 25 === 0 ? 'sqlite' : 'memory',
    voterLatencyMs: ends.chance(0.3) ? ends.between(100, 4_000) : 0,
    decides: dice.fork('decides').chance(0.35) ? 'strategy' : 'voters',
    execution: executionOf(dice.fork('execution')),
  };
}

/** Often within seconds of a bar's end, when orders are on their way. */
function stopOf(dice: Dice, bars: number): Pick<Scenario, 'killAt' | 'limboFrom'> {
  if (!dice.chance(0.3)) return { killAt: null, limboFrom: null };
  const bar = START + dice.whole(4, bars - 1) * BAR_MS;
  if (dice.chance(0.4)) return { killAt: bar + dice.whole(1, BAR_MS), limboFrom: null };
  return { killAt: bar + dice.whole(1, 3_000), limboFrom: bar };
}

function traitsOf(dice: Dice, account: VenueProfile['account']): Traits {
  const receiveWindowMs = dice.between(3_000, 6_000);
  return {
    tempers: dice.pick([CALM_TEMPERS, CALM_TEMPERS, ['whole', 'pieces'], ['pieces']]),
    triggeredStop: dice.pick(['trades-itself', 'child-without-id', 'child-without-id', 'child-with-same-id']),
    parentIsTold: dice.pick(['EXPIRED', 'FILLED']),
    lateStop: dice.pick(['refused', 'triggers']),
    cancelOfEnded: dice.pick(['answers', 'refuses']),
    // The other asset was there before us, so the account is not ours alone.
    feeIn: dice.pick(account === 'shared' ? ['quote', 'coins', 'third'] : ['quote', 'coins']),
    lateFees: dice.pick([0, 0, 0.2, 0.6]),
    receiveWindowMs,
    timeoutMs: receiveWindowMs * dice.between(0.4, 0.8),
    listLagMs: dice.pick([0, 2_000, 8_000, 20_000]),
    lookUpLagMs: dice.pick([0, 1_000, 4_000]),
    purgeAfterMs: dice.pick([null, null, 60_000, 180_000]),
    pageSize: dice.pick([3, 20, 100]),
    callsPerTenSeconds: dice.pick([60, 120, 400]),
  };
}

function profileOf(
  dice: Dice,
  account: VenueProfile['account'],
  { receiveWindowMs, lookUpLagMs, triggeredStop }: Traits,
): VenueProfile {
  return {
    clientOrderId: { maxLength: 18, uniqueAmong: dice.pick(['open-orders', 'all-orders']) },
    account,
    nativeStops: dice.chance(0.85),
    stopsBecomeOrders: triggeredStop !== 'trades-itself',
    maxStops: dice.pick([1, 3, 5]),
    goodTillDate: dice.chance(0.5),
    // Honest: an order that left may be taken for so long, and what a look-up answers may be so old.
    absence: {
      answers: dice.whole(2, 3),
      windowMs: Math.ceil(receiveWindowMs + lookUpLagMs + SLOWEST_MS + 500),
    },
    fillsLookBackMs: dice.pick([null, null, 30 * BAR_MS]),
  };
}

/** Each kind is off for many seeds: a fault alone shows what the same fault among ten others hides. */
function ratesOf(dice: Dice): FaultRates {
  const rate = (most: number): number => (dice.chance(0.55) ? dice.between(0.01, most) : 0);
  return {
    requestLost: rate(0.12),
    answerLost: rate(0.15),
    arrivesLate: rate(0.12),
    answerCut: rate(0.08),
    unavailable: rate(0.1),
    rateLimited: rate(0.05),
    slow: rate(0.3),
    eventTwice: rate(0.3),
    eventLate: rate(0.3),
    eventLost: rate(0.15),
  };
}

function troublesOf(dice: Dice): Troubles {
  const some = (most: number): number => (dice.chance(0.45) ? dice.whole(1, most) : 0);
  return {
    storms: dice.whole(2, 6),
    outages: some(3),
    stopRefusals: some(3),
    halts: some(2),
    delistings: some(2),
    droughts: some(3),
    humanActs: some(12),
    transfers: some(3),
    deleveragings: some(2),
    ledgerLocks: some(2),
  };
}

function crashesOf(dice: Dice): readonly Crash[] {
  if (dice.chance(0.4)) return [];
  return Array.from({ length: dice.whole(1, 4) }, () => ({
    write: dice.whole(1, dice.pick([6, 20, 50])),
    when: dice.pick(['before', 'after']),
    downMs: dice.pick([200, 3_000, 20_000, 90_000]),
  }));
}
