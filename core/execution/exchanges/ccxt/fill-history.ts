import type {
  FillPage,
  FillQuery,
  Instrument,
  TradingCosts,
  UtcMs,
  VenueFill,
} from '../../../domain/index.ts';
import type { Dialect } from './dialect.ts';
import { FillCalls } from './fill-calls.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { PastWorth } from './past-worth.ts';
import { feeAssetOf, type ReadingContext, readFill } from './reading.ts';
import { VenueMarkets } from './venue-markets.ts';

export interface FillHistoryOptions {
  /** With the trader's keys. */
  readonly ccxt: HardenedCcxt;
  readonly dialect: Dialect;
  readonly now: () => UtcMs;
  readonly costs: Omit<TradingCosts, 'source'>;
}

/**
 * Reads what an account has traded, by whomever and however long ago, with each fee at its worth of then. It asks for
 * time, markets, candles and trades, and has no way to send anything else.
 */
export class FillHistory {
  /** How far back the venue tells; null: for ever. */
  readonly reachMs: number | null;
  readonly #markets: VenueMarkets;
  readonly #fills: FillCalls;
  readonly #worth: PastWorth;
  readonly #context: ReadingContext;

  constructor({ ccxt, dialect, now, costs }: FillHistoryOptions) {
    this.reachMs = dialect.profile.fillsLookBackMs;
    this.#markets = new VenueMarkets({ ccxt, dialect, now, fallback: costs });
    const instrument = (symbol: string): Instrument | undefined => this.#markets.instrument(symbol);
    this.#worth = new PastWorth(ccxt, instrument);
    this.#context = { dialect, now, instrument, ownIdOf: () => null, worthOf: () => null };
    this.#fills = new FillCalls({
      ...{ ccxt, now, paging: dialect.fills, lookBackMs: this.reachMs },
      isListed: (symbol) => instrument(symbol) !== undefined,
      read: (rows) => this.#read(rows),
    });
  }

  /** @throws VenueError when the venue does not answer. */
  async open(): Promise<void> {
    await this.#markets.measureClock();
    await this.#markets.load(false);
  }

  instrument(symbol: string): Instrument | undefined {
    return this.#markets.instrument(symbol);
  }

  /** @throws VenueError; TraderError where a fee's worth cannot be known. */
  page(query: FillQuery): Promise<FillPage> {
    return this.#fills.page(query);
  }

  async #read(rows: readonly unknown[]): Promise<readonly VenueFill[]> {
    const fills: VenueFill[] = [];
    for (const row of rows) {
      const asset = feeAssetOf(row, this.#context);
      // Without a worth the fee is left open: the rest of the row says when it was and in what it is told.
      const { symbol, time } = readFill(row, this.#context);
      const quote = this.instrument(symbol)?.settle;
      if (asset === null || quote === undefined) {
        fills.push(readFill(row, this.#context));
        continue;
      }
      await this.#worth.ask(asset, quote, time);
      const worthOf = (of: string) => this.#worth.known(of, quote, time);
      fills.push(readFill(row, { ...this.#context, worthOf }));
    }
    return fills;
  }
}
