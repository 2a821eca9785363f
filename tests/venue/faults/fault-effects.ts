import { baseAmount, price, quoteAmount } from '../../../core/domain/index.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Filters, SymbolStatus } from '../market/symbols.ts';
import type { VenueMarket } from '../market/venue-market.ts';
import type { StreamHub } from '../streams/stream-hub.ts';
import type { World } from '../world.ts';
import type { Fault } from './fault.ts';

const COARSER = 10;

/** Faults that do something at once. The others wait until a request or an event runs into them. */
export function attachFaultEffects(world: World, hub: StreamHub, dialect: Dialect): void {
  const { faults, accounts, markets, desk } = world;
  const struckAccounts = ({ on = '' }: Fault) =>
    [...accounts.values()].filter(({ name }) => name.includes(on));
  const struckMarkets = ({ on = '' }: Fault) =>
    [...markets.values()].filter(({ symbol }) => symbol.id.includes(on.replace('/', '')));

  faults.onRaise('dropped-sockets', ({ on = '' }) => {
    hub.drop(on);
    return undefined;
  });
  faults.onRaise('half-open-sockets', ({ on = '' }) => hub.silence(on));
  faults.onRaise('garbage-frame', ({ on = '' }) => {
    hub.garble(on);
    return undefined;
  });
  faults.onRaise('user-stream-expired', (fault) => {
    for (const { name } of struckAccounts(fault)) dialect.expireUserStreams(name);
    return undefined;
  });
  faults.onRaise('key-revoked', (fault) => {
    const struck = struckAccounts(fault);
    for (const account of struck) account.keyWorks = false;
    return () => {
      for (const account of struck) account.keyWorks = true;
    };
  });
  faults.onRaise('maintenance', (fault) => withStatus(struckMarkets(fault), 'BREAK'));
  faults.onRaise('delisted', (fault) => {
    for (const market of struckMarkets(fault)) {
      market.symbol.status = 'SETTLED';
      for (const order of desk.store.all()) if (order.symbol === market.symbol) desk.expire(order);
    }
    return undefined;
  });
  faults.onRaise('filters-changed', (fault) => {
    const before = struckMarkets(fault).map(({ symbol }) => ({ symbol, filters: symbol.filters }));
    for (const { symbol, filters } of before) symbol.filters = coarser(filters);
    return () => {
      for (const { symbol, filters } of before) symbol.filters = filters;
    };
  });
}

function withStatus(markets: readonly VenueMarket[], status: SymbolStatus): () => void {
  for (const { symbol } of markets) symbol.status = status;
  return () => {
    for (const { symbol } of markets) if (symbol.status === status) symbol.status = 'TRADING';
  };
}

const coarser = (filters: Filters): Filters => ({
  ...filters,
  tickSize: price(filters.tickSize.times(COARSER).toFixed()),
  lotSize: baseAmount(filters.lotSize.times(COARSER).toFixed()),
  minAmount: baseAmount(filters.minAmount.times(COARSER).toFixed()),
  minNotional: quoteAmount(filters.minNotional.times(COARSER).toFixed()),
});
