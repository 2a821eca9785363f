import { Decimal } from 'decimal.js';
import { expect, test } from 'vitest';
import { type Settings, type SettingsInput, SettingsSchema } from '../../core/contract/index.ts';
import {
  type Candle,
  type ClientOrderId,
  type Decision,
  type Fill,
  price,
  type UtcMs,
} from '../../core/domain/index.ts';
import { assembleOverHistory, historicalAgents, openHistoricalModels } from '../../core/engine/index.ts';
import { openHistory } from '../../core/engine/installation/stored-history.ts';
import { MemoryDecisionStore } from '../../core/storage/index.ts';
import { type Explained, explainBacktest, explainPaper, type Origin, type Step } from './explained-fills.ts';
import { paperTape } from './paper-tape.ts';
import { EAGER, ProgramAtVenue } from './program-at-venue.ts';

const MINUTE_MS = 60_000;
const BTC = 'BTC/USDT';
/** The same at the local venue and in a simulation of this price. */
const [TICK, LOT] = [new Decimal('0.01'), new Decimal('0.00001')];
const ZERO = new Decimal(0);
/** So much that an order takes several levels of the book. */
const CHOICE = { mode: 'paper', symbols: [BTC], capital: '30000' } satisfies SettingsInput;

type Kept = Pick<
  Decision,
  'id' | 'barOpenTime' | 'close' | 'votes' | 'consensus' | 'action' | 'outcome' | 'reasonCode' | 'verdicts'
>;

interface OrderRow {
  readonly client_order_id: ClientOrderId;
  readonly purpose: Fill['purpose'];
  readonly amount: string;
  readonly stop_price: string | null;
  readonly decision_id: string | null;
}

interface FilledRow {
  readonly price: string;
  readonly amount: string;
  readonly fee_amount: string;
}

/** What was decided, and why; what follows from the size of the account is left out. */
const choiceOf = ({ barOpenTime, close, votes, consensus, action, outcome, reasonCode }: Kept) => ({
  ...{ barOpenTime, close, consensus, action, outcome, reasonCode },
  // As they are stored: those of the rules make their words when they are read.
  votes: JSON.parse(JSON.stringify(votes)),
});

const total = (amounts: readonly Decimal[]): Decimal => amounts.reduce((sum, each) => sum.plus(each), ZERO);
const said = (fill: { readonly price: Decimal; readonly amount: Decimal }): string =>
  `${fill.amount.toFixed()} at ${fill.price.toFixed()}`;

/** The candles of a run on paper through the backtest's engine, which enters nothing before paper began. */
async function backtest(bars: readonly Candle[], settings: Settings, begins: UtcMs) {
  const series = [{ symbol: BTC, bars }];
  const decisions = new MemoryDecisionStore();
  const fills: { readonly fill: Fill; readonly step: Step }[] = [];
  const failures: unknown[] = [];
  let bar = 0;
  let step: Step | undefined;
  const { engine, feed } = await assembleOverHistory({
    settings,
    series,
    agents: historicalAgents('offline', settings, null),
    ensemble: await openHistoricalModels([], settings.timeframe, []),
    decisions,
    entriesHeld: () => (bar < begins ? 'paper has not begun' : null),
    onFill: (fill) => {
      if (step !== undefined) fills.push({ fill, step });
    },
    onFailure: (error) => failures.push(error),
  });
  for (let event = feed.next(); event !== undefined; event = feed.next()) {
    if (event.kind === 'bar') bar = event.candle.openTime;
    if (event.kind === 'step') step = event;
    await engine.loop.handle(event);
  }
  await engine.desk.orders.idle();
  expect(failures).toEqual([]);
  const made = decisions.list({ limit: bars.length }).toReversed();
  return { fills, decisions: made.filter(({ barOpenTime }) => barOpenTime >= begins) };
}

/** Fills of one purpose in a row belong together: a stop on paper is an order for each piece that the entry came in. */
function tradesOf(explained: readonly Explained[]): readonly (readonly Explained[])[] {
  const trades: Explained[][] = [];
  for (const each of explained) {
    const last = trades.at(-1);
    if (last?.[0]?.origin.purpose === each.origin.purpose) last.push(each);
    else trades.push([each]);
  }
  return trades;
}

/** What an entry is sized by: the share of the equity that one symbol may have. */
function sizeOf({ verdicts, close }: Kept, { safety }: Settings): Decimal {
  const equity = verdicts.find(({ layer }) => layer === 'position-limits')?.numbers['equity'] ?? Number.NaN;
  const exact = new Decimal(equity).times(safety.maxSymbolExposure).div(close);
  return exact.minus(exact.mod(LOT));
}

test('an hour on paper and its candles through the backtest decide alike, and each fill differs by what is explained', async () => {
  const program = await ProgramAtVenue.at({
    mode: 'paper',
    keys: { apiKey: '', secret: '' },
    venue: { symbols: [BTC], mood: { volatility: 0.001 } },
    settings: CHOICE,
  });
  const { venue, directory } = program;
  const taped = paperTape(() => venue.now());
  await program.start();
  await program.pass(60 * MINUTE_MS);
  await program.stop();
  // The backtest's venue is one of the same kind, and would be taped as well.
  const tape = [...taped];

  const decided = program
    .rows<{ readonly document: string }>('SELECT document FROM decisions ORDER BY bar_open_time')
    // As the program wrote it.
    .map(({ document }) => JSON.parse(document) as Kept);
  expect(decided).toHaveLength(60);
  const { history, close } = openHistory(directory);
  const bars = history.candles(BTC, '1m', {});
  close();
  const settings = SettingsSchema.parse({ ...EAGER, ...CHOICE });
  const past = await backtest(bars, settings, decided[0]?.barOpenTime ?? 0);
  expect(decided.map(choiceOf)).toEqual(past.decisions.map(choiceOf));

  const decision = new Map<string, Kept>(decided.map((each) => [each.id, each]));
  const origins = new Map(
    program.rows<OrderRow>('SELECT * FROM order_intents').map((row): [ClientOrderId, Origin] => {
      const decidedOn = row.stop_price ?? decision.get(row.decision_id ?? '')?.close ?? Number.NaN;
      return [
        row.client_order_id,
        { purpose: row.purpose, amount: price(row.amount), price: price(decidedOn) },
      ];
    }),
  );
  // On paper each fill is where the book that paper was shown puts it, and is booked with the venue's fee.
  const explained = explainPaper(tape, origins, LOT);
  expect(explained.map(({ fill }) => said(fill))).toEqual(explained.map(({ expected }) => said(expected)));
  const booked = program.rows<FilledRow>('SELECT price, amount, fee_amount FROM fills ORDER BY sequence');
  expect(booked.map(({ price, amount }) => `${amount} at ${price}`)).toEqual(
    explained.map(({ fill }) => said(fill)),
  );
  // None is earlier than its order can have arrived, and a stop waits for a trade at its price.
  for (const { afterMs, parts, origin } of explained) {
    expect(afterMs).toBeGreaterThanOrEqual(settings.simulation.latencyMs);
    if (origin.purpose === 'protection') expect(parts['trigger']?.toNumber()).toBeLessThanOrEqual(0);
    else expect(afterMs).toBeLessThan(2_000);
  }
  for (const { price, amount, fee_amount } of booked)
    expect(fee_amount).toBe(new Decimal(price).times(amount).times('0.001').toFixed());

  const trades = tradesOf(explained);
  expect(past.fills.map(({ fill }) => fill.purpose)).toEqual(trades.map(([first]) => first?.origin.purpose));
  expect(new Set(past.fills.map(({ fill }) => fill.purpose))).toEqual(
    new Set(['entry', 'protection', 'exit']),
  );
  const entered = decided.filter(({ reasonCode }) => reasonCode === 'entry');
  const enteredInPast = past.decisions.filter(({ reasonCode }) => reasonCode === 'entry');
  let entry = -1;
  for (const [index, { fill, step }] of past.fills.entries()) {
    const trade = trades[index] ?? [];
    const [first] = trade;
    if (first === undefined) throw new TypeError('as many trades as the backtest has');
    if (fill.purpose === 'entry') entry += 1;
    // The size follows from the equity, which the fills before have made another.
    const [onPaper, inPast] = [entered[entry], enteredInPast[entry]];
    if (onPaper === undefined || inPast === undefined)
      throw new TypeError('as many entries as decisions to enter');
    const amount = total(trade.map((each) => each.fill.amount));
    expect(amount.toFixed()).toBe(sizeOf(onPaper, settings).toFixed());
    expect(fill.amount.toFixed()).toBe(sizeOf(inPast, settings).toFixed());
    // It comes from the same price, the close or the stop, and is where candle and assumptions put it.
    expect(new Set(trade.map(({ origin }) => origin.price.toFixed())).size).toBe(1);
    const assumed = explainBacktest(fill, first.origin, step, { ...settings.simulation, tick: TICK });
    expect(fill.price.toFixed()).toBe(assumed.price.toFixed());
    // What paper paid more for its coins is the difference of the parts, and nothing else.
    const worth = total(trade.map((each) => each.fill.price.times(each.fill.amount)));
    const parts = total(trade.flatMap((each) => Object.values(each.parts)));
    const more = parts.minus(total(Object.values(assumed.parts)).times(amount));
    expect(worth.minus(fill.price.times(amount)).toFixed(10)).toBe(more.toFixed(10));
  }
}, 600_000);
