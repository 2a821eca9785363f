import { join } from 'node:path';
import type { Settings } from '../../../core/contract/index.ts';
import {
  type BaseAmount,
  baseAmount,
  floorTo,
  type Instrument,
  type OrderIntent,
  price,
  SILENT_LOGGER,
} from '../../../core/domain/index.ts';
import { accountQuote } from '../../../core/engine/assembly/open-account.ts';
import { type Secrets, SYSTEM_CLOCK, SYSTEM_TIMERS } from '../../../core/engine/index.ts';
import { storedInstallationId } from '../../../core/engine/installation/installation-id.ts';
import { openOrderLine } from '../../../core/engine/modes/exchange-market.ts';
import { ClientOrderIds, ExecutionDesk, type PlaceRequest } from '../../../core/execution/index.ts';
import { Portfolio } from '../../../core/portfolio/index.ts';
import { openDatabase, SqliteOrderLedger, SqliteStateStore } from '../../../core/storage/index.ts';

export interface PositionsOptions {
  /** Of a program that has run there once and does not at the moment. */
  readonly directory: string;
  readonly settings: Settings;
  readonly symbols: readonly string[];
  readonly secrets: Secrets;
  /** Last prices. */
  readonly priceOf: (symbol: string) => number;
  /** Orders that rest beside each position: a stop, and entries for the others. */
  readonly ordersEach: number;
}

const NOTIONAL = 1_000;
/** Fees are taken in the coins that are bought. */
const STOPPED = 950;
const WAIT_MS = 20;

/** Opens a position and resting orders on each symbol, at the venue and in the books of a program that is to be started. */
export async function openPositions(options: PositionsOptions): Promise<void> {
  const { directory, settings, symbols, secrets, priceOf, ordersEach } = options;
  const database = openDatabase({ file: join(directory, `${settings.mode}.sqlite`), owner: settings.mode });
  const ledger = new SqliteOrderLedger(database);
  const common = { timers: SYSTEM_TIMERS, log: SILENT_LOGGER };
  const { venue } = await openOrderLine({ ...common, settings, symbols, secrets, wallClock: SYSTEM_CLOCK });
  await venue.open({ symbols });
  const portfolio = new Portfolio({
    quote: accountQuote(symbols),
    instruments: (symbol) => venue.instrument(symbol),
    history: { fills: [...ledger.fills()], accountEvents: [...ledger.accountEvents()], equity: [] },
  });
  const ids = new ClientOrderIds(`s${storedInstallationId(directory)}`);
  const nothing = (): void => undefined;
  const desk = new ExecutionDesk({
    ...{
      ...common,
      exchange: venue,
      ledger,
      state: new SqliteStateStore(database),
      holdings: portfolio,
      ids,
    },
    ...{ symbols, clocks: { market: SYSTEM_CLOCK, wall: SYSTEM_CLOCK } },
    gate: { mayLeave: () => ({ allowed: true }) },
    plans: { stopPrice: () => null },
    onFill: (fill) => void portfolio.apply(fill),
    ...{ onOrder: nothing, onAccountEvent: nothing, onFault: nothing, onProtection: nothing },
  });
  const time = SYSTEM_CLOCK.now();
  const place = (
    ordinal: number,
    symbol: string,
    wanted: Pick<OrderIntent, 'side' | 'type' | 'purpose' | 'limitPrice' | 'stopPrice' | 'reduceOnly'>,
    worth = NOTIONAL,
  ) =>
    desk.orders.place({
      clientOrderId: ids.make({ symbol, time, purpose: wanted.purpose, ordinal }),
      ...{ symbol, amount: amountOf(venue.instrument(symbol), worth / priceOf(symbol)), ...wanted },
      ...{ decisionId: null, expiresAt: null },
    } satisfies PlaceRequest);
  const entry = { side: 'buy', purpose: 'entry', stopPrice: null, reduceOnly: false } as const;
  for (const symbol of symbols) await place(0, symbol, { ...entry, type: 'market', limitPrice: null });
  while (portfolio.positions().length < symbols.length) await SYSTEM_TIMERS.wait(WAIT_MS);
  for (const symbol of symbols) {
    const below = (share: number) => atTick(venue.instrument(symbol), priceOf(symbol) * share);
    for (let order = 1; order < ordersEach; order += 1)
      await place(order, symbol, { ...entry, type: 'limit', limitPrice: below(0.9 - order / 100) });
    const stop = { side: 'sell', purpose: 'protection', type: 'stop', reduceOnly: true } as const;
    const level = { limitPrice: null, stopPrice: below(0.85) };
    await place(0, symbol, { ...stop, ...level }, STOPPED);
  }
  await desk.orders.idle();
  desk.close();
  await venue.close();
  database.close();
}

function amountOf(instrument: Instrument | undefined, amount: number): BaseAmount {
  if (instrument === undefined) throw new Error('a symbol is not listed');
  return floorTo(baseAmount(amount.toFixed(8)), instrument.lotSize);
}

function atTick(instrument: Instrument | undefined, at: number) {
  if (instrument === undefined) throw new Error('a symbol is not listed');
  return price(floorTo(baseAmount(at.toFixed(8)), baseAmount(instrument.tickSize.toFixed())).toFixed());
}
