import type { SimulationSettings } from '../../core/contract/index.ts';
import {
  baseAmount,
  type Instrument,
  ManualClock,
  price,
  quoteAmount,
  type SimulatedVenueStore,
  type VenueEvent,
} from '../../core/domain/index.ts';
import {
  type FeeAsset,
  SimulatedExchange,
  UnkeptVenue,
} from '../../core/execution/exchanges/simulated/index.ts';

/** A simulated venue for tests: round numbers, one-minute steps, whatever the test leaves out costs nothing. */

export const STEP_MS = 60_000;
export const START = 1_700_000_040_000;

export const FREE_AND_INSTANT: SimulationSettings = {
  makerFeeBps: 0,
  takerFeeBps: 0,
  spreadBps: 0,
  slippageBps: 0,
  latencyMs: 0,
  maxVolumeShare: 1,
  seed: 1,
};

export function instrumentOf(symbol: string, given: Partial<Instrument> = {}): Instrument {
  return {
    symbol,
    base: symbol.slice(0, 3),
    quote: 'USDT',
    settle: 'USDT',
    kind: symbol.includes(':') ? 'perpetual' : 'spot',
    isLinear: true,
    status: 'trading',
    tickSize: price('0.01'),
    lotSize: baseAmount('0.001'),
    minAmount: baseAmount('0.001'),
    minNotional: quoteAmount(10),
    contractSize: baseAmount(1),
    ...given,
  };
}

export const SPOT = 'BTC/USDT';
export const PERPETUAL = 'BTC/USDT:USDT';
const INSTRUMENTS = [instrumentOf(SPOT), instrumentOf('ETH/USDT'), instrumentOf(PERPETUAL)];

type Corners = readonly [open: number, high: number, low: number, close: number];

export function testVenue(
  given: Partial<SimulationSettings> & {
    readonly capital?: number;
    readonly store?: SimulatedVenueStore;
    readonly feeAsset?: FeeAsset;
    readonly instruments?: readonly Instrument[];
    readonly start?: number;
    readonly fillsPageSize?: number;
    /** Default true. */
    readonly isOpened?: boolean;
  } = {},
) {
  const {
    capital = 10_000,
    store,
    feeAsset,
    fillsPageSize,
    instruments = INSTRUMENTS,
    start = START,
    isOpened = true,
    ...settings
  } = given;
  const clock = new ManualClock(start);
  const exchange = new SimulatedExchange({
    instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
    settings: { ...FREE_AND_INSTANT, ...settings },
    capital: quoteAmount(capital),
    clock,
    ...(store === undefined ? {} : { store }),
    ...(feeAsset === undefined ? {} : { feeAsset }),
    ...(fillsPageSize === undefined ? {} : { fillsPageSize }),
  });
  // This venue is open before its promise settles.
  if (isOpened) void exchange.open({ symbols: instruments.map(({ symbol }) => symbol) });
  const events: VenueEvent[] = [];
  exchange.onEvent((event) => events.push(event));

  /** One step for a symbol, beginning at the clock's time; the clock moves to the step's end after it. */
  function step(symbol: string, [open, high, low, close]: Corners, volume = 1_000_000): void {
    const openTime = clock.now();
    exchange.advance(symbol, { openTime, open, high, low, close, volume }, STEP_MS);
    clock.advanceTo(openTime + STEP_MS);
  }

  /** Every fill so far, as `side amount@price liquidity`. */
  function fills(): string[] {
    return events
      .filter((event) => event.kind === 'fill')
      .map(({ fill }) => `${fill.side} ${fill.amount.toFixed()}@${fill.price.toFixed()} ${fill.liquidity}`);
  }

  return { exchange, clock, events, step, fills };
}

/** A store that keeps what it is given, as a database would. */
export function memoryVenueStore(): SimulatedVenueStore {
  return new UnkeptVenue();
}

export const flat = (at: number): Corners => [at, at, at, at];
