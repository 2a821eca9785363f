import { describe, expect, test } from 'vitest';
import type { OrderBook } from '../../core/domain/index.ts';
import { featureNames, orderBookFeatures } from '../../core/features/index.ts';
import { passingHeard } from '../venue/testing/venue-time.ts';
import { ProgramAtVenue } from './program-at-venue.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const TIMEFRAME_MS = 5 * MINUTE_MS;
const DAY_BARS = (24 * 60 * MINUTE_MS) / TIMEFRAME_MS;
const SYMBOL = 'BTC/USDT';
const NAMES = featureNames(['microstructure']);

type Recorded = Readonly<Record<string, number | null>>;

const open = (mode: 'paper' | 'sandbox') =>
  ProgramAtVenue.at({
    mode,
    settings: { timeframe: '5m', capital: '10000' },
    // A day of bars before the first that is decided on: sizes are measured by it.
    venue: { historyBars: 6_000 },
  });

/** The features recorded with the decision on the bar that closed then. */
function recordedAt(program: ProgramAtVenue, closeTime: number): Recorded {
  const query = `SELECT document FROM decisions WHERE symbol = '${SYMBOL}' AND time = ${closeTime}`;
  const [row] = program.rows<{ readonly document: string }>(query);
  return (JSON.parse(row?.document ?? '{}') as { readonly features: Recorded }).features;
}

function bookNow({ venue }: ProgramAtVenue): OrderBook {
  const levels = (side: readonly { readonly price: unknown; readonly amount: unknown }[]) =>
    side.map(({ price, amount }) => [Number(price), Number(amount)] as const).slice(0, 50);
  const { bids, asks } = venue.book(SYMBOL);
  return { time: venue.now(), bids: levels(bids), asks: levels(asks) };
}

/** What the record should say, from the venue's own book and trades. */
async function expectedAt(
  program: ProgramAtVenue,
  closeTime: number,
  books: readonly OrderBook[],
  takerBuyVolume: number,
): Promise<Recorded> {
  const asked = { symbol: SYMBOL, before: closeTime, limit: DAY_BARS };
  const day = await program.tradebot.service.call('candles.history', asked);
  const quoteVolume = day.reduce(
    (sum, { high, low, close, volume }) => sum + ((high + low + close) / 3) * volume,
    0,
  );
  const minuteVolume = quoteVolume / (DAY_BARS * 5);
  const values = new Float64Array(NAMES.length);
  orderBookFeatures(
    { closeTime, books, minuteVolume, volume: day.at(-1)?.volume ?? 0, takerBuyVolume },
    values,
  );
  return Object.fromEntries(NAMES.map((name, column) => [name, values[column] ?? null]));
}

const nextClose = (time: number): number => Math.ceil((time + 1) / TIMEFRAME_MS) * TIMEFRAME_MS;

describe.each(['paper', 'sandbox'] as const)('in %s mode', (mode) => {
  test('a decision records what the venue’s own book and trades say at the close', async () => {
    const program = await open(mode);
    // An order of ours in the book would narrow the spread that is to be told.
    await program.start({ consensus: { quorum: 1, thresholds: { trending: 1, ranging: 1, volatile: 1 } } });
    const { venue } = program;
    const openTime = nextClose(venue.now());
    const closeTime = openTime + TIMEFRAME_MS;
    let bought = 0;
    const isOfBar = (time: number): boolean => time >= openTime && time < closeTime;
    // The last of each second, as it was when the venue told it.
    const bySecond = new Map<number, OrderBook>();
    const stop = venue.market(SYMBOL).subscribe((event) => {
      if (event.kind === 'depth') bySecond.set(Math.ceil(venue.now() / SECOND_MS), bookNow(program));
      else if (isOfBar(event.trade.time) && !event.trade.isBuyerMaker) bought += Number(event.trade.amount);
    });
    await passingHeard(venue, closeTime - venue.now());
    stop();
    await passingHeard(venue, 10_000);
    const expected = await expectedAt(program, closeTime, [...bySecond.values()], bought);
    const recorded = recordedAt(program, closeTime);
    // Beside an account's own stream the program may read a change of the book in the second after it was told.
    if (mode === 'sandbox') return expect(NAMES.filter((name) => recorded[name] == null)).toEqual([]);
    for (const name of NAMES)
      expect([name, recorded[name]]).toEqual([name, expect.closeTo(expected[name] ?? Number.NaN, 4)]);
  });

  test('there is no book while its stream is half open and no question is answered', async () => {
    const program = await open(mode);
    await program.start();
    const { venue } = program;
    await program.pass(nextClose(venue.now()) - venue.now() - 9_000);
    const closeTime = nextClose(venue.now());
    venue.faults.raise({ name: 'half-open-sockets', forMs: 60_000 });
    venue.faults.raise({ name: 'lost-request', on: '/depth', forMs: 60_000 });
    await program.pass(30_000);
    const recorded = recordedAt(program, closeTime);
    expect(recorded['ob_available']).toBe(0);
    expect(NAMES.filter((name) => recorded[name] !== null)).toEqual(['ob_available']);
  });
});
