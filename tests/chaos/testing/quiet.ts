import {
  baseAmount,
  clientOrderId,
  decisionId,
  type OrderIntent,
  price,
  type VenueEvent,
  type VenueOrder,
} from '../../../core/domain/index.ts';
import { type Conditions, seededConditions } from '../conditions.ts';
import { Life } from '../life.ts';
import { NastyVenue } from '../nasty-venue.ts';
import { type FaultRates, type Scenario, scenarioOf, type Traits, type Troubles } from '../scenario.ts';
import { TICK_MS } from '../venue/price-path.ts';
import { VirtualTime } from '../virtual-time.ts';
import { ALWAYS } from '../windows.ts';

/** A venue on a good day, for tests of one thing that is bad. */

const NO_FAULTS: FaultRates = {
  requestLost: 0,
  answerLost: 0,
  arrivesLate: 0,
  answerCut: 0,
  unavailable: 0,
  rateLimited: 0,
  slow: 0,
  eventTwice: 0,
  eventLate: 0,
  eventLost: 0,
};

const NO_TROUBLES: Troubles = {
  storms: 0,
  outages: 0,
  stopRefusals: 0,
  halts: 0,
  delistings: 0,
  droughts: 0,
  humanActs: 0,
  transfers: 0,
  deleveragings: 0,
  ledgerLocks: 0,
};

const PLAIN: Traits = {
  tempers: ['whole'],
  triggeredStop: 'trades-itself',
  parentIsTold: 'EXPIRED',
  lateStop: 'refused',
  cancelOfEnded: 'answers',
  feeIn: 'quote',
  lateFees: 0,
  receiveWindowMs: 5_000,
  timeoutMs: 2_000,
  listLagMs: 0,
  lookUpLagMs: 0,
  purgeAfterMs: null,
  pageSize: 100,
  callsPerTenSeconds: 1_000,
};

export const SPOT = 'BTC/USDT';
export const PERPETUAL = 'BTC/USDT:USDT';

export interface Given {
  readonly rates?: Partial<FaultRates>;
  readonly troubles?: Partial<Troubles>;
  readonly traits?: Partial<Traits>;
  readonly profile?: Partial<Scenario['profile']>;
  readonly scenario?: Partial<Scenario>;
  readonly conditions?: Partial<Conditions>;
}

/** Nothing goes wrong but what the test names. */
export function quietScenario({ rates, troubles, traits, profile, scenario }: Given = {}): Scenario {
  const seeded = scenarioOf(1);
  return {
    ...seeded,
    symbols: [SPOT, PERPETUAL],
    rates: { ...NO_FAULTS, ...rates },
    troubles: { ...NO_TROUBLES, ...troubles },
    traits: { ...PLAIN, ...traits },
    profile: {
      clientOrderId: { maxLength: 18, uniqueAmong: 'all-orders' },
      account: 'ours',
      nativeStops: true,
      stopsBecomeOrders: true,
      maxStops: 5,
      goodTillDate: true,
      absence: { answers: 2, windowMs: 12_000 },
      fillsLookBackMs: null,
      ...profile,
    },
    crashes: [],
    killAt: null,
    limboFrom: null,
    durable: 'memory',
    voterLatencyMs: 0,
    execution: {},
    ...scenario,
  };
}

/** A venue, one process at it, and everything that this process was told. Where a rate is named, it storms always. */
export async function openVenue(given: Given = {}) {
  const scenario = quietScenario(given);
  const time = new VirtualTime(scenario.start);
  const storm = given.rates === undefined ? {} : { storm: ALWAYS };
  const conditions = { ...seededConditions(scenario), ...storm, ...given.conditions };
  const venue = new NastyVenue(time, scenario, conditions);
  const life = new Life();
  const session = venue.connect(life);
  const events: VenueEvent[] = [];
  session.onEvent((event) => events.push(event));
  const opening = session.open({ symbols: venue.scenario.symbols });
  await time.advanceBy(1_000);
  await opening;
  /** What a call comes to, some time later. */
  async function hear<T>(call: Promise<T>, waitMs = 10_000): Promise<T | Error> {
    let heard: T | Error = new Error('nothing was heard');
    call.then(
      (value) => {
        heard = value;
      },
      (error: Error) => {
        heard = error;
      },
    );
    await time.advanceBy(waitMs);
    return heard;
  }
  /** Ticks of the market, with all that follows from them. */
  async function tick(ticks = 1): Promise<void> {
    for (let index = 0; index < ticks; index += 1) {
      await time.advanceBy(TICK_MS);
      venue.tick();
      await time.settle();
    }
  }
  const statusOf = (id: string): VenueOrder['status'] | undefined =>
    venue.matcher.orders.find(({ terms }) => terms.clientOrderId === id)?.now.status;
  return { time, venue, life, session, events, hear, tick, statusOf };
}

export function orderOf(
  id: string,
  given: Partial<Omit<OrderIntent, 'amount' | 'stopPrice' | 'limitPrice'>> & {
    readonly amount?: number | string;
    readonly stopPrice?: number;
    readonly limitPrice?: number;
  } = {},
): OrderIntent {
  const { amount = '0.01', stopPrice, limitPrice, ...rest } = given;
  return {
    clientOrderId: clientOrderId(id),
    symbol: SPOT,
    side: 'buy',
    type: stopPrice !== undefined ? 'stop' : limitPrice !== undefined ? 'limit' : 'market',
    purpose: 'entry',
    amount: baseAmount(amount),
    limitPrice: limitPrice === undefined ? null : price(limitPrice),
    stopPrice: stopPrice === undefined ? null : price(stopPrice),
    reduceOnly: false,
    decisionId: decisionId(`decision of ${id}`),
    createdAt: 0,
    expiresAt: null,
    ...rest,
  };
}

export const refOf = (id: string, symbol = SPOT) =>
  ({ symbol, clientOrderId: clientOrderId(id), venueOrderId: null, type: 'market' }) as const;
