import { z } from 'zod';
import {
  BPS,
  type Instrument,
  type Price,
  price,
  TraderError,
  type TradingCosts,
  type UtcMs,
} from '../../../domain/index.ts';
import type { CcxtApi } from './ccxt-api.ts';
import type { Dialect } from './dialect.ts';
import { saysAlreadySo, VenueReplyError } from './faults.ts';
import { readMarket } from './markets.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { parsed } from './reading.ts';

const Digits = z.union([z.string(), z.number()]).transform(Number).pipe(z.number());
const FeeReply = z.object({ maker: Digits, taker: Digits });
const TickerReply = z.object({ bid: Digits, ask: Digits });
const PositionMode = z.object({ hedged: z.boolean() });

export interface VenueMarketsOptions {
  readonly ccxt: HardenedCcxt;
  readonly dialect: Dialect;
  readonly now: () => UtcMs;
  /** Where the venue does not say what trading costs. */
  readonly fallback: Omit<TradingCosts, 'source'>;
}

/** What is traded at the venue, what that costs and how its clock goes: asked anew from time to time. */
export class VenueMarkets {
  readonly #options: VenueMarketsOptions;
  #instruments = new Map<string, Instrument>();
  readonly #costs = new Map<string, TradingCosts>();
  readonly #worth = new Map<string, Price>();
  #clockOffsetMs: number | null = null;

  constructor(options: VenueMarketsOptions) {
    this.#options = options;
  }

  get clockOffsetMs(): number | null {
    return this.#clockOffsetMs;
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#instruments.get(symbol);
  }

  costs(symbol: string): TradingCosts {
    return this.#costs.get(symbol) ?? { ...this.#options.fallback, source: 'settings' };
  }

  /** What one unit of an asset is worth, in the currency in which it was asked for last; null before that. */
  worthOf(asset: string): Price | null {
    return this.#worth.get(asset) ?? null;
  }

  /** The venue's clock, before anything is signed. @throws VenueError. */
  async measureClock(): Promise<void> {
    const { ccxt, dialect, now } = this.#options;
    // Where the time is not told, ours is what requests are dated by.
    if (!dialect.tellsTime) return;
    const before = now();
    const time = parsed(z.number(), 'time', await ccxt.calls.make(() => ccxt.api.fetchTime()));
    // Half the way there and back is taken for the way back.
    this.#clockOffsetMs = Math.round(time - (before + now()) / 2);
    ccxt.api.options['timeDifference'] = -this.#clockOffsetMs;
  }

  /** Every market of the venue. @throws VenueError. */
  async load(reload: boolean): Promise<void> {
    const { api, calls } = this.#options.ccxt;
    await calls.make(() => api.loadMarkets(reload));
    this.#instruments = instrumentsOf(api);
  }

  /** What trading a symbol costs. A venue that does not say leaves what was known. */
  async askCosts(symbol: string): Promise<void> {
    const { ccxt, fallback } = this.#options;
    const { api, calls } = ccxt;
    const [fee, ticker] = await Promise.allSettled([
      calls.make(() => api.fetchTradingFee(symbol)),
      calls.make(() => api.fetchTicker(symbol)),
    ]);
    const told = FeeReply.safeParse(fee.status === 'fulfilled' ? fee.value : undefined);
    const quote = TickerReply.safeParse(ticker.status === 'fulfilled' ? ticker.value : undefined);
    if (!told.success && !quote.success) return;
    const before = this.costs(symbol);
    this.#costs.set(symbol, {
      makerFeeBps: told.success ? told.data.maker * BPS : before.makerFeeBps,
      takerFeeBps: told.success ? told.data.taker * BPS : before.takerFeeBps,
      spreadBps: quote.success ? spreadOf(quote.data) : before.spreadBps,
      slippageBps: fallback.slippageBps,
      source: told.success ? 'venue' : 'settings',
    });
  }

  /** Makes the worth of an asset known. @throws VenueError when the venue does not say. */
  async askWorth(asset: string, quote: string): Promise<void> {
    const { api, calls } = this.#options.ccxt;
    const ticker = await calls.make(() => api.fetchTicker(`${asset}/${quote}`));
    const { bid } = parsed(TickerReply, 'price', ticker);
    this.#worth.set(asset, price(bid));
  }

  /** One-way, isolated, with the leverage that was chosen: what the books and the limits count on. */
  async prepare(symbol: string, leverage: number): Promise<void> {
    if (this.instrument(symbol)?.kind !== 'perpetual') return;
    const { api } = this.#options.ccxt;
    try {
      await this.#make(() => api.setMarginMode('isolated', symbol));
    } catch (error) {
      if (!(error instanceof VenueReplyError) || error.fault !== 'rejected') throw error;
      const instead = 'end what is open of it there, or switch it to isolated there';
      throw new TraderError(
        'bad-input',
        `${symbol} has cross margin at ${api.name} (${error.message}): ${instead}`,
        {
          cause: error,
        },
      );
    }
    await this.#make(() => api.setLeverage(leverage, symbol));
  }

  async requireOneWay(): Promise<void> {
    const { api, calls } = this.#options.ccxt;
    if (this.#options.dialect.markets === 'spot' || !this.#options.dialect.tellsPositionMode) return;
    const mode = await calls.make(() => api.fetchPositionMode());
    const { hedged } = parsed(PositionMode, 'position mode', mode);
    if (hedged) {
      throw new TraderError(
        'bad-input',
        `${api.name}: the account holds long and short positions apart (hedge mode): switch it to one-way mode there`,
      );
    }
  }

  async #make(call: () => Promise<unknown>): Promise<void> {
    try {
      await this.#options.ccxt.calls.make(call);
    } catch (error) {
      if (!saysAlreadySo(this.#options.dialect.codes, error)) throw error;
    }
  }
}

function instrumentsOf({ markets, precisionMode }: CcxtApi): Map<string, Instrument> {
  const read = Object.entries(markets ?? {}).flatMap(([symbol, market]) => {
    const instrument = readMarket(symbol, market, precisionMode);
    return instrument === undefined ? [] : [[symbol, instrument] as const];
  });
  return new Map(read);
}

function spreadOf({ bid, ask }: z.infer<typeof TickerReply>): number {
  return Math.max(0, ((ask - bid) / ((ask + bid) / 2)) * BPS);
}
