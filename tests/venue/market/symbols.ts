import {
  type BaseAmount,
  baseAmount,
  type Price,
  price,
  type QuoteAmount,
  quoteAmount,
} from '../../../core/domain/index.ts';

/** TRADING: open; BREAK: in maintenance, it will come back; SETTLED: delisted, it will not. */
export type SymbolStatus = 'TRADING' | 'BREAK' | 'SETTLED';

/** What every order must pass. A venue may change them while orders rest. */
export interface Filters {
  readonly tickSize: Price;
  readonly lotSize: BaseAmount;
  readonly minAmount: BaseAmount;
  readonly maxAmount: BaseAmount;
  readonly minNotional: QuoteAmount;
  /** A buy may be priced at most this multiple of the average price, a sell at least its inverse. */
  readonly priceBand: number;
  readonly maxStops: number;
}

export interface VenueSymbol {
  /** As ccxt's spot markets are called: BTC/USDT. */
  readonly name: string;
  /** As the venue calls it: BTCUSDT. */
  readonly id: string;
  readonly base: string;
  readonly quote: string;
  /** The finest price and amount there are: candles and the book count in them, whatever the filters ask. */
  readonly tick: Price;
  readonly lot: BaseAmount;
  readonly opening: number;
  filters: Filters;
  status: SymbolStatus;
}

interface Terms {
  readonly tick: string;
  readonly lot: string;
  readonly opening: number;
}

const KNOWN: Readonly<Record<string, Terms>> = {
  'BTC/USDT': { tick: '0.01', lot: '0.00001', opening: 60_000 },
  'ETH/USDT': { tick: '0.01', lot: '0.0001', opening: 3_000 },
  'SOL/USDT': { tick: '0.01', lot: '0.001', opening: 150 },
  'BNB/USDT': { tick: '0.1', lot: '0.001', opening: 600 },
  'XRP/USDT': { tick: '0.0001', lot: '0.1', opening: 0.6 },
};

/** As futures count: coarser in both. */
const KNOWN_PERPETUAL: Readonly<Record<string, Terms>> = {
  'BTC/USDT': { tick: '0.1', lot: '0.001', opening: 60_000 },
  'ETH/USDT': { tick: '0.01', lot: '0.001', opening: 3_000 },
  'SOL/USDT': { tick: '0.01', lot: '0.01', opening: 150 },
  'BNB/USDT': { tick: '0.01', lot: '0.01', opening: 600 },
  'XRP/USDT': { tick: '0.0001', lot: '0.1', opening: 0.6 },
};

/** The symbols that are known by name, with terms close to what Binance's had. @throws on an unknown name. */
export function venueSymbol(name: string, kind: 'spot' | 'perpetual'): VenueSymbol {
  const terms = (kind === 'spot' ? KNOWN : KNOWN_PERPETUAL)[name];
  const [base, quote] = name.split('/');
  if (terms === undefined || base === undefined || quote === undefined)
    throw new Error(`the local venue knows no ${name}; known are ${Object.keys(KNOWN).join(', ')}`);
  const [tick, lot] = [price(terms.tick), baseAmount(terms.lot)];
  const filters: Filters = {
    tickSize: tick,
    lotSize: lot,
    minAmount: lot,
    maxAmount: baseAmount(1_000_000),
    minNotional: quoteAmount(5),
    priceBand: kind === 'spot' ? 5 : 1.05,
    maxStops: kind === 'spot' ? 5 : 200,
  };
  return {
    name,
    id: `${base}${quote}`,
    base,
    quote,
    tick,
    lot,
    opening: terms.opening,
    filters,
    status: 'TRADING',
  };
}
