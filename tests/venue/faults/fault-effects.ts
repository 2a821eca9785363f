import { baseAmount, price, quoteAmount } from '../../../core/domain/index.ts';
import type { VenueAccount } from '../accounts/venue-account.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { Filters, VenueSymbol } from '../market/symbols.ts';
import type { StreamHub } from '../streams/stream-hub.ts';
import type { World } from '../world.ts';
import type { Fault } from './fault.ts';
import { Overlapping } from './overlapping.ts';

const COARSER = 10;

/** Faults that do something at once. The others wait until a request or an event runs into them. */
export function attachFaultEffects(world: World, hub: StreamHub, dialect: Dialect): void {
  const { faults, accounts, markets, desk } = world;
  const struckAccounts = ({ on = '' }: Fault) =>
    [...accounts.values()].filter(({ name }) => name.includes(on));
  const struckSymbols = ({ on = '' }: Fault) =>
    [...markets.values()].flatMap(({ symbol }) => (symbol.id.includes(on.replace('/', '')) ? [symbol] : []));

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
  const revoked = new Overlapping<VenueAccount>((account) => {
    account.keyWorks = false;
    return () => {
      account.keyWorks = true;
    };
  });
  faults.onRaise('key-revoked', (fault) => revoked.enter(struckAccounts(fault)));
  const closed = new Overlapping<VenueSymbol>((symbol) => {
    if (symbol.status === 'TRADING') symbol.status = 'BREAK';
    return () => {
      if (symbol.status === 'BREAK') symbol.status = 'TRADING';
    };
  });
  faults.onRaise('maintenance', (fault) => closed.enter(struckSymbols(fault)));
  faults.onRaise('delisted', (fault) => {
    for (const symbol of struckSymbols(fault)) {
      symbol.status = 'SETTLED';
      for (const order of desk.store.all()) if (order.symbol === symbol) desk.expire(order);
    }
    return undefined;
  });
  const changed = new Overlapping<VenueSymbol>((symbol) => {
    const { filters } = symbol;
    symbol.filters = coarser(filters);
    return () => {
      symbol.filters = filters;
    };
  });
  faults.onRaise('filters-changed', (fault) => changed.enter(struckSymbols(fault)));
}

const coarser = (filters: Filters): Filters => ({
  ...filters,
  tickSize: price(filters.tickSize.times(COARSER).toFixed()),
  lotSize: baseAmount(filters.lotSize.times(COARSER).toFixed()),
  minAmount: baseAmount(filters.minAmount.times(COARSER).toFixed()),
  minNotional: quoteAmount(filters.minNotional.times(COARSER).toFixed()),
});
