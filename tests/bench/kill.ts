import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  type KillActivation,
  type SettingsInput,
  SettingsSchema,
  type StatusView,
  type StopStep,
} from '../../core/contract/index.ts';
import { RunningProgram } from '../integration/program.ts';
import { algoStateOf } from '../venue/futures/algo-order.ts';
import { startVenue, type Venue, VenueClock } from '../venue/index.ts';
import type { BareSteps, BareTimes } from './kill/bare-kill.ts';
import { openPositions } from './kill/positions.ts';
import { timingsOf } from './timings.ts';
import { type Arrival, WireTap } from './wire-tap.ts';

/** Milliseconds. */
export interface KillTimes {
  /** The press until the latch is on the disk, as the program has it. */
  readonly latchMs: number;
  /** From then until the last of the cancels has come to the venue. */
  readonly cancelsSentMs: number;
  /** The press until the venue was found to have nothing any more. */
  readonly flatMs: number;
}

export interface KillBench {
  readonly venue: DialectName;
  readonly beside: 'idle' | 'a backtest';
  readonly rounds: number;
  readonly orders: number;
  readonly positions: number;
  /** The middle one of the rounds, each figure by itself: a machine that others use as well is sometimes late. */
  readonly program: KillTimes;
  /** A client that does nothing else writes a file to the disk and sends the same requests, in the same order. */
  readonly bare: KillTimes;
  /** Of what the venue allows in a minute, what the venue had counted at the end. */
  readonly weightUsedPct: number;
  readonly pass: boolean;
}

type DialectName = 'binance-spot' | 'binance-usdm';

const LATENCY_MS = 50;
const PACE_MS = 20;
const ORDERS_EACH = 4;
const ROUNDS = 3;
const NAMES = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'BNB/USDT', 'XRP/USDT'];
const GOALS: KillTimes = { latchMs: 2, cancelsSentMs: 50, flatMs: 2_000 };
/** A figure may be so many times that of the bare client where that is more than its goal. */
const BESIDE_BARE = 1.5;
const PATIENCE_MS = 60_000;
/** What a start leaves to be done has been done by then. */
const QUIET_MS = 5_000;
/** Requests that are further apart were not sent together. */
const TOGETHER_MS = 20;
const WEIGHTS = { 'binance-spot': 6_000, 'binance-usdm': 2_400 } as const;

/** The real process with five positions and twenty orders at a venue 50 ms away, stopped by one press. */
export async function benchKill(rounds = ROUNDS): Promise<readonly KillBench[]> {
  const results: KillBench[] = [];
  for (const dialect of ['binance-spot', 'binance-usdm'] as const)
    for (const beside of ['idle', 'a backtest'] as const)
      results.push(await benchOne(dialect, beside, rounds));
  return results;
}

async function benchOne(
  dialect: DialectName,
  beside: KillBench['beside'],
  rounds: number,
): Promise<KillBench> {
  const busy = beside === 'idle' ? null : await begun(fork(fileOf('busy.ts')));
  try {
    const each: Round[] = [];
    for (let round = 0; round < rounds; round += 1) each.push(await oneRound(dialect, 11 + round));
    const program = middleOf(each.map((round) => round.program));
    const bare = middleOf(each.map((round) => round.bare));
    const weightUsedPct = Math.max(...each.map((round) => round.weightUsedPct));
    const [{ orders, positions } = { orders: 0, positions: 0 }] = each;
    const isWithin = (name: keyof KillTimes): boolean =>
      program[name] <= Math.max(GOALS[name], BESIDE_BARE * bare[name]);
    const pass = isWithin('latchMs') && isWithin('cancelsSentMs') && isWithin('flatMs');
    return { ...{ venue: dialect, beside, rounds, orders, positions }, program, bare, weightUsedPct, pass };
  } finally {
    busy?.kill();
  }
}

interface Round extends Pick<KillBench, 'orders' | 'positions' | 'program' | 'bare' | 'weightUsedPct'> {}

async function oneRound(dialect: DialectName, seed: number): Promise<Round> {
  const venue = await startVenue({
    ...{ dialect, seed, clock: new VenueClock(Date.now()), symbols: NAMES, historyBars: 1_100 },
    ...{ latencyMs: LATENCY_MS, accounts: [{ balances: { USDT: '1000000' } }] },
  });
  const opensAt = venue.now();
  const began = performance.now();
  const pace = setInterval(
    () => venue.clock.advanceTo(opensAt + Math.floor(performance.now() - began)),
    PACE_MS,
  );
  const directory = mkdtempSync(join(tmpdir(), 'tradebot-bench-'));
  const tap = new WireTap();
  let program: RunningProgram | undefined;
  try {
    const start = startingAt(venue, dialect, directory);
    // It opens its account before anything is held.
    const first = await start();
    await until(async () => isReady(await statusOf(first)));
    await first.stop();
    await open(venue, dialect, directory);
    program = await start();
    const running = program;
    await until(async () => isReady(await statusOf(running)));
    const [orders, positions] = [
      working(venue, dialect),
      ((await running.get('positions')) as unknown[]).length,
    ];
    await setTimeout(QUIET_MS);
    tap.take();
    const pressedAt = performance.now();
    await running.call('killSwitch.activate', { reason: 'a bench' });
    await until(async () => (await statusOf(running)).killSwitch.stage === 'flat');
    if (working(venue, dialect) > 0) throw new Error('the venue still works orders');
    const sent = tap.take().filter(({ url }) => isOfStop(url));
    const [activation] = (await running.call('killSwitch.history', {})) as KillActivation[];
    const weightUsedPct = Math.round((venue.usedWeight / WEIGHTS[dialect]) * 100);
    await running.stop();
    program = undefined;
    const flatMs = afterMs(activation, 'flat');
    const latchMs = afterMs(activation, 'latched');
    const latchedAt = (activation?.at ?? Number.NaN) + latchMs;
    const times = { latchMs, cancelsSentMs: lastCancel(sent) - latchedAt, flatMs };
    const bare = await bareTimes(
      venue,
      tap,
      sent.filter(({ at }) => at < pressedAt + flatMs),
    );
    return { orders, positions, program: times, bare, weightUsedPct };
  } finally {
    clearInterval(pace);
    tap.close();
    await program?.crash();
    await venue.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Starts the program as a trader does, with rules that never want to trade. */
function startingAt(venue: Venue, dialect: DialectName, directory: string) {
  const config = join(directory, 'bench.json');
  writeFileSync(config, JSON.stringify(settingsOf(venue, dialect)));
  const secret = `TRADEBOT_SECRET_EXCHANGE_${idOf(dialect).toUpperCase()}`;
  const environment = {
    TRADEBOT_RUNTIME_DIR: join(directory, 'running'),
    [`${secret}_APIKEY`]: venue.apiKey,
    [`${secret}_SECRET`]: venue.secret,
  };
  return () => RunningProgram.startWith(environment, directory, '--config', config);
}

const idOf = (dialect: DialectName): string => (dialect === 'binance-spot' ? 'binance' : 'binanceusdm');
const symbolsOf = (dialect: DialectName): string[] =>
  NAMES.map((name) => (dialect === 'binance-spot' ? name : `${name}:USDT`));

const settingsOf = (venue: Venue, dialect: DialectName): SettingsInput => ({
  ...{ mode: 'sandbox', symbols: symbolsOf(dialect), timeframe: '1m', arena: { rivals: {} } },
  exchange: { id: idOf(dialect), endpoint: { rest: venue.restUrl, ws: venue.wsUrl } },
  strategy: { id: 'rules' },
  consensus: { thresholds: { trending: 1, ranging: 1, volatile: 1 } },
});

async function open(venue: Venue, dialect: DialectName, directory: string): Promise<void> {
  const keys = new Map([
    [`exchange.${idOf(dialect)}.apiKey`, venue.apiKey],
    [`exchange.${idOf(dialect)}.secret`, venue.secret],
  ]);
  await openPositions({
    directory,
    settings: SettingsSchema.parse(settingsOf(venue, dialect)),
    symbols: symbolsOf(dialect),
    secrets: { read: (name) => keys.get(name), sourceOf: () => 'environment' },
    priceOf: (symbol) => venue.book(symbol).bids[0]?.price.toNumber() ?? 0,
    ordersEach: ORDERS_EACH,
  });
}

const statusOf = async (program: RunningProgram): Promise<StatusView> =>
  // The program's own contract.
  (await program.get('status')) as StatusView;

const isReady = ({ reconciliation, venue }: StatusView): boolean =>
  reconciliation.green && venue?.orders?.state === 'connected';

/** Orders that work, conditional ones too. */
function working(venue: Venue, dialect: DialectName): number {
  const algos = dialect === 'binance-spot' ? [] : venue.futures.algos.all;
  return venue.openOrders().length + algos.filter((algo) => algoStateOf(algo).status === 'NEW').length;
}

/** What the stop asks and sends, among what the program asks anyway. */
const isOfStop = (url: string): boolean =>
  /\/(order|algoOrder|openOrders|openAlgoOrders|myTrades|userTrades|account|positionRisk)\b/.test(url);

/** When the last came, by the wall's clock. */
function lastCancel(sent: readonly Arrival[]): number {
  const cancels = sent.filter(({ method }) => method === 'DELETE');
  return performance.timeOrigin + Math.max(...cancels.map(({ at }) => at));
}

function afterMs(activation: KillActivation | undefined, step: StopStep): number {
  return activation?.steps.find((each) => each.step === step)?.afterMs ?? Number.NaN;
}

/** The same requests, sent by a client that does nothing else. */
async function bareTimes(venue: Venue, tap: WireTap, sent: readonly Arrival[]): Promise<KillTimes> {
  const client = await begun(fork(fileOf('bare-kill.ts'), [venue.restUrl, venue.apiKey, venue.secret]));
  try {
    tap.take();
    const answer = once(client, 'message');
    client.send(together(sent));
    // What the other process says is known.
    const [{ latchMs, latchedAt, doneMs }] = (await answer) as [BareTimes];
    const cancelsSentMs = lastCancel(tap.take()) - latchedAt;
    return { latchMs, cancelsSentMs, flatMs: doneMs };
  } finally {
    client.kill();
  }
}

function together(sent: readonly Arrival[]): BareSteps {
  const steps: [string, string][][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { method, url, at } of sent) {
    const path = url.replace(/[?&](timestamp|recvWindow|signature)=[^&]*/g, '').replace(/^([^?&]*)&/, '$1?');
    if (at - before > TOGETHER_MS) steps.push([]);
    steps.at(-1)?.push([method, path]);
    before = at;
  }
  return steps;
}

const fileOf = (name: string): URL => new URL(`kill/${name}`, import.meta.url);

async function begun(child: ChildProcess): Promise<ChildProcess> {
  await once(child, 'message');
  return child;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const givesUpAt = performance.now() + PATIENCE_MS; !(await isSo()); await setTimeout(PACE_MS))
    if (performance.now() > givesUpAt) throw new Error(`it never comes: ${isSo}`);
}

function middleOf(times: readonly KillTimes[]): KillTimes {
  const middle = (name: keyof KillTimes): number => timingsOf(times.map((each) => each[name])).p50Ms;
  return { latchMs: middle('latchMs'), cancelsSentMs: middle('cancelsSentMs'), flatMs: middle('flatMs') };
}
