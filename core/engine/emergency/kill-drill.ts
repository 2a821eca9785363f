import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SettingsSchema } from '../../contract/index.ts';
import {
  baseAmount,
  type Clock,
  isFinal,
  type OrderIntent,
  price,
  quoteAmount,
  SILENT_LOGGER,
  simulatedInstrument,
  type Timers,
} from '../../domain/index.ts';
import { ClientOrderIds, ExecutionDesk, type PlaceRequest } from '../../execution/index.ts';
import { thisMachine } from '../../platform/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { openDatabase, openDataDirectory, SqliteOrderLedger, SqliteStateStore } from '../../storage/index.ts';
import { accountQuote } from '../assembly/open-account.ts';
import { type SimulatedVenue, simulatedVenue } from '../assembly/simulated-venue.ts';
import { installationId } from '../installation/installation-id.ts';
import { type KillOptions, killTarget } from './kill.ts';

export interface DrillOptions {
  readonly timers: Timers;
  readonly clock: Clock;
  readonly migrationsFolder?: string;
}

export interface DrillReport {
  /** As the simulated venue has it: no order and no position. */
  readonly flat: boolean;
  /** What happened, and when since the command was given. */
  readonly steps: readonly { readonly step: string; readonly atMs: number }[];
}

const SYMBOLS = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT', 'ADA/USDT'] as const;
const PRICE = 100;
/** Beside the position, on each symbol. */
const ORDERS_EACH = 4;
const TICK_MS = 20;
const SETTINGS = SettingsSchema.parse({ mode: 'sandbox', symbols: [...SYMBOLS] });

/**
 * The whole way of `tradebot kill` with a program that hangs: 5 positions and 20 orders at a simulated venue, books and
 * latch in a folder of its own, which is gone afterwards. Touches nothing of the trader's.
 */
export async function killDrill(options: DrillOptions): Promise<DrillReport> {
  const { timers, clock } = options;
  const directory = mkdtempSync(join(thisMachine().temporary, 'tradebot-drill-'));
  const held = openDataDirectory(directory);
  const end = new AbortController();
  try {
    const market = openMarket(clock);
    const moving = moves(market, timers, end.signal);
    await openPositions(market, directory, options);
    const began = timers.monotonicMs();
    const steps: { step: string; atMs: number }[] = [];
    const say = (step: string): void => void steps.push({ step, atMs: timers.monotonicMs() - began });
    market.venue.onEvent((event) => {
      if (event.kind === 'order' && isFinal(event.order.status))
        say(`the venue: ${event.order.symbol} ${event.order.type} ${event.order.status}`);
    });
    await killTarget(
      { directory, instance: undefined, folder: undefined },
      {
        ...nobody(options),
        say: (line) => say(line.slice(directory.length + 2)),
        openLine: async () => ({ venue: market.venue, clock: market.clock, close: async () => undefined }),
      },
    );
    const flat = await isEmpty(market);
    end.abort();
    await moving;
    return { flat, steps };
  } finally {
    end.abort();
    held.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A program that does not answer, of a mode that trades at a venue. */
function nobody({ timers, clock, migrationsFolder }: DrillOptions): Omit<KillOptions, 'say' | 'openLine'> {
  return {
    ...{ timers, clock, log: SILENT_LOGGER, reason: 'a drill', mode: 'sandbox' },
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
    settingsFor: () => SETTINGS,
    service: { press: async () => undefined, killSwitch: async () => undefined },
  };
}

function openMarket(clock: Clock): SimulatedVenue {
  return simulatedVenue({
    instruments: new Map(SYMBOLS.map((symbol) => [symbol, simulatedInstrument(symbol, PRICE)])),
    settings: { ...SETTINGS.simulation, latencyMs: 0, maxVolumeShare: 1 },
    capital: quoteAmount(10_000),
    startTime: clock.now(),
  });
}

/** The market goes on at the price that it has. */
async function moves({ drive, clock }: SimulatedVenue, timers: Timers, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const openTime = clock.now();
    const at = { open: PRICE, high: PRICE, low: PRICE, close: PRICE, volume: 1_000_000 };
    for (const symbol of SYMBOLS) drive(symbol, { openTime, ...at }, TICK_MS);
    await timers.wait(TICK_MS, signal);
  }
}

/** What a program had open when it began to hang. */
async function openPositions(
  { venue, clock }: SimulatedVenue,
  directory: string,
  { timers, clock: wall, migrationsFolder }: DrillOptions,
): Promise<void> {
  await venue.open({ symbols: SYMBOLS });
  const database = openDatabase({
    ...{ file: join(directory, 'sandbox.sqlite'), owner: 'sandbox' },
    ...(migrationsFolder === undefined ? {} : { migrationsFolder }),
  });
  const ledger = new SqliteOrderLedger(database);
  const portfolio = new Portfolio({
    quote: accountQuote(SYMBOLS),
    instruments: (symbol) => venue.instrument(symbol),
    history: { fills: [], accountEvents: [], equity: [] },
  });
  const ids = new ClientOrderIds(`s${installationId(directory, { next: () => 0 })}`);
  const nothing = (): void => undefined;
  const desk = new ExecutionDesk({
    ...{ exchange: venue, ledger, state: new SqliteStateStore(database), holdings: portfolio, ids, timers },
    ...{ symbols: SYMBOLS, clocks: { market: clock, wall }, log: SILENT_LOGGER },
    gate: { mayLeave: () => ({ allowed: true }) },
    plans: { stopPrice: () => null },
    onFill: (fill) => void portfolio.apply(fill),
    ...{ onOrder: nothing, onAccountEvent: nothing, onFault: nothing, onProtection: nothing },
  });
  const time = clock.now();
  const place = (ordinal: number, symbol: string, wanted: Pick<OrderIntent, 'type' | 'limitPrice'>) =>
    desk.orders.place({
      clientOrderId: ids.make({ symbol, time, purpose: 'entry', ordinal }),
      ...{ symbol, side: 'buy', purpose: 'entry', amount: baseAmount(1), stopPrice: null, ...wanted },
      ...{ reduceOnly: false, decisionId: null, expiresAt: null },
    } satisfies PlaceRequest);
  for (const symbol of SYMBOLS) {
    await place(0, symbol, { type: 'market', limitPrice: null });
    for (let order = 1; order <= ORDERS_EACH; order += 1)
      await place(order, symbol, { type: 'limit', limitPrice: price(PRICE / 2 - order) });
  }
  while (portfolio.positions().length < SYMBOLS.length) await timers.wait(TICK_MS);
  // From here on nothing is heard of it any more.
  desk.close();
  database.close();
}

async function isEmpty({ venue }: SimulatedVenue): Promise<boolean> {
  const { assets } = await venue.account();
  const coins = [...assets].filter(
    ([asset, { total }]) => asset !== accountQuote(SYMBOLS) && !total.isZero(),
  );
  return coins.length === 0 && (await venue.openOrders()).length === 0;
}
