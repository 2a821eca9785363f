import { onTestFinished } from 'vitest';
import { type Logger, SILENT_LOGGER, type VenueEvent } from '../../../core/domain/index.ts';
import { SYSTEM_TIMERS } from '../../../core/engine/installation/system-timers.ts';
import { CcxtExchange } from '../../../core/execution/exchanges/ccxt/ccxt-exchange.ts';
import { type HardenedCcxt, openCcxt } from '../../../core/execution/exchanges/ccxt/open-ccxt.ts';
import { knownDialect } from '../../../core/execution/exchanges/ccxt/testing/fake-ccxt.ts';
import type { VenueOptions } from '../start-venue.ts';
import { startVenue } from '../start-venue.ts';
import type { Venue } from '../venue.ts';

const COSTS = { makerFeeBps: 10, takerFeeBps: 10, spreadBps: 2, slippageBps: 2 };

export interface AtLocalVenue {
  readonly venue: Venue;
  readonly exchange: CcxtExchange;
  readonly ccxt: HardenedCcxt;
  readonly events: VenueEvent[];
  /** Lets what is on its way through sockets arrive, until something is so. @throws when it never is. */
  until(isSo: () => boolean): Promise<void>;
}

/** An exchange that talks to a venue on this machine through ccxt's own class; both end with the test. */
export async function atLocalVenue(
  id: string,
  given: VenueOptions = {},
  log: Logger = SILENT_LOGGER,
): Promise<AtLocalVenue> {
  const venue = await startVenue({
    dialect: id === 'binanceusdm' ? 'binance-usdm' : 'binance-spot',
    symbols: ['SOL/USDT'],
    historyBars: 10,
    ...given,
  });
  onTestFinished(() => venue.close());
  const dialect = knownDialect(id);
  const connection = { dialect, clock: venue.clock, timers: SYSTEM_TIMERS, log };
  const credentials = { apiKey: venue.apiKey, secret: venue.secret };
  const ccxt = await openCcxt({ ...connection, credentials, endpoint: { rest: venue.restUrl } });
  const exchange = new CcxtExchange({ ...connection, ccxt, quote: 'USDT', leverage: 3, costs: COSTS });
  onTestFinished(() => exchange.close());
  const events: VenueEvent[] = [];
  exchange.onEvent((event) => events.push(event));
  const until = async (isSo: () => boolean): Promise<void> => {
    for (const deadline = performance.now() + 10_000; !isSo(); ) {
      if (performance.now() > deadline) throw new Error(`it never comes: ${isSo}`);
      await venue.settle(1);
    }
  };
  return { venue, exchange, ccxt, events, until };
}
