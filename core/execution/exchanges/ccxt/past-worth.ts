import { z } from 'zod';
import {
  type Instrument,
  type Price,
  price,
  TIMEFRAME_MS,
  TraderError,
  type UtcMs,
} from '../../../domain/index.ts';
import type { HardenedCcxt } from './open-ccxt.ts';
import { parsed } from './reading.ts';

const HOUR_MS = TIMEFRAME_MS['1h'];
/** Forty days in one answer. */
const BARS_ASKED = 1_000;

const BarsReply = z.array(z.tuple([z.coerce.number(), z.coerce.string()]).rest(z.unknown()));

/** What assets were worth when fees were taken in them: at the opening of the hour, by the venue's own candles. */
export class PastWorth {
  readonly #ccxt: HardenedCcxt;
  readonly #instrument: (symbol: string) => Instrument | undefined;
  readonly #hours = new Map<string, Price>();

  constructor(ccxt: HardenedCcxt, instrument: (symbol: string) => Instrument | undefined) {
    this.#ccxt = ccxt;
    this.#instrument = instrument;
  }

  /** Null until it was asked for. */
  known(asset: string, quote: string, time: UtcMs): Price | null {
    return this.#hours.get(nameOf(asset, quote, time)) ?? null;
  }

  /** Makes it known. @throws TraderError where the venue has no such price; VenueError where it does not answer. */
  async ask(asset: string, quote: string, time: UtcMs): Promise<void> {
    if (this.known(asset, quote, time) !== null) return;
    const { api, calls } = this.#ccxt;
    const pair = `${asset}/${quote}`;
    const symbol = [pair, `${pair}:${quote}`].find((each) => this.#instrument(each) !== undefined);
    const hour = hourOf(time);
    const rows =
      symbol === undefined
        ? []
        : parsed(
            BarsReply,
            'candles',
            await calls.make(() => api.fetchOHLCV(symbol, '1h', hour, BARS_ASKED)),
          );
    for (const [at, open] of rows) this.#hours.set(nameOf(asset, quote, at), price(open));
    if (this.known(asset, quote, time) !== null) return;
    const when = new Date(hour).toISOString().slice(0, 16);
    throw new TraderError(
      'bad-input',
      `a fee was taken in ${asset}, and ${api.name} does not tell what that was worth in ${quote} at ${when}: import the venue’s CSV export, with a column fee_in_quote`,
    );
  }
}

const hourOf = (time: UtcMs): UtcMs => Math.floor(time / HOUR_MS) * HOUR_MS;
const nameOf = (asset: string, quote: string, time: UtcMs): string => `${asset}/${quote} ${hourOf(time)}`;
