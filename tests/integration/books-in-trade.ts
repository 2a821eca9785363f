import { onTestFinished } from 'vitest';
import type { SettingsInput } from '../../core/contract/index.ts';
import { algoStateOf } from '../venue/futures/algo-order.ts';
import type { Venue } from '../venue/index.ts';
import { type AtTheEnd, EAGER, ProgramAtVenue } from './program-at-venue.ts';

/** The trader's own, which nobody is to touch. */
export const HIS_COINS = '0.5';
const PACE_MS = 50;
export const SECOND_MS = 1_000;

/** What is held at the first start is to be held still at the second. */
const PATIENT = { ...EAGER.safety, minHoldBars: 1_000, stopAtr: 10 };

export type DialectName = 'binance-spot' | 'binance-usdm';

/** What the venue itself says of its account, beside what is the trader's own. */
export class Truth {
  readonly venue: Venue;
  readonly #isSpot: boolean;

  constructor(venue: Venue, dialect: DialectName) {
    this.venue = venue;
    this.#isSpot = dialect === 'binance-spot';
  }

  /** What is held, in words. */
  held(): readonly string[] {
    const account = this.venue.account();
    if (!this.#isSpot) {
      const positions = this.venue.futures.funds.of(account.name).positions.all();
      return positions.filter(({ amount }) => !amount.isZero()).map(({ symbol }) => symbol);
    }
    const ours = (coin: string) => account.holdings.total(coin).minus(coin === 'BTC' ? HIS_COINS : '0');
    // What is left after a sale in whole lots cannot be sold.
    return ['BTC', 'ETH'].filter((coin) => ours(coin).abs().gt('0.0001'));
  }

  /** Orders that work, conditional ones too. */
  working(): number {
    const algos = this.#isSpot ? [] : this.venue.futures.algos.all;
    return this.venue.openOrders().length + algos.filter((algo) => algoStateOf(algo).status === 'NEW').length;
  }

  /** Orders that ever came in. */
  sent(): number {
    return this.venue.orders().length + (this.#isSpot ? 0 : this.venue.futures.algos.all.length);
  }
}

/** Venue time passes as ours does, until the test is over. */
function goesOn({ clock }: Venue, atTheEnd: AtTheEnd): void {
  const [began, opensAt] = [performance.now(), clock.now()];
  const pace = setInterval(() => clock.advanceTo(opensAt + Math.floor(performance.now() - began)), PACE_MS);
  atTheEnd(() => clearInterval(pace));
}

export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await wait(PACE_MS);
}

export const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface BooksInTrade {
  readonly truth: Truth;
  readonly venue: Venue;
  readonly directory: string;
  /** To go on with them. */
  readonly settings: SettingsInput & { readonly exchange: { readonly id: string } };
}

/**
 * Books with a position and orders at a venue, where time passes as ours does from then on.
 *
 * @param atTheEnd told what is to be done when they are not needed any more.
 */
export async function booksInTrade(
  dialect: DialectName,
  atTheEnd: AtTheEnd = onTestFinished,
): Promise<BooksInTrade> {
  const settings = { safety: PATIENT };
  const earlier = await ProgramAtVenue.at({ mode: 'sandbox', dialect, settings, atTheEnd });
  const { venue, directory } = earlier;
  const isSpot = dialect === 'binance-spot';
  if (isSpot) venue.deposit('BTC', HIS_COINS);
  const truth = new Truth(venue, dialect);
  await earlier.start();
  for (let turn = 0; truth.held().length === 0 || truth.working() === 0; turn += 1) {
    if (turn > 600) throw new Error('it never enters');
    await earlier.pass(SECOND_MS);
  }
  await earlier.stop();
  goesOn(venue, atTheEnd);
  const id = isSpot ? 'binance' : 'binanceusdm';
  const goOn = {
    ...EAGER,
    safety: PATIENT,
    mode: 'sandbox' as const,
    symbols: ['BTC/USDT', 'ETH/USDT'].map((symbol) => (isSpot ? symbol : `${symbol}:USDT`)),
    exchange: { id, endpoint: { rest: venue.restUrl, ws: venue.wsUrl } },
  };
  return { truth, venue, directory, settings: goOn };
}
