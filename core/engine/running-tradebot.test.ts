import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../tests/contracts/virtual-timers.ts';
import { monitoringExpressions, unknownTo } from '../../tests/tooling/monitoring-files.ts';
import { openAgents } from '../agents/index.ts';
import {
  type AlertView,
  HEALTH_COMPONENTS,
  SettingsSchema,
  type StatusView,
  type Timeframe,
} from '../contract/index.ts';
import {
  type Clock,
  quoteAmount,
  SILENT_LOGGER,
  sum,
  TIMEFRAME_MS,
  text,
  ZERO_BASE,
} from '../domain/index.ts';
import { DirectRunner } from '../inference/index.ts';
import { SimulatedFeed } from '../market/index.ts';
import { ClosingRight, readOwned } from '../safety/index.ts';
import { strategyOf } from '../strategies/index.ts';
import { Arena } from './arena/arena.ts';
import { openBooks } from './assembly/open-account.ts';
import { simulatedVenue } from './assembly/simulated-venue.ts';
import { openLlmStores } from './installation/llm-stores.ts';
import { storedExcursions, storedMetrics, storedTrades } from './installation/offline.ts';
import { NO_SECRETS } from './installation/secrets.ts';
import { openStores } from './installation/stores.ts';
import { StrategyFolder } from './installation/strategy-folder.ts';
import type { LineUp } from './loop/line-up.ts';
import type { Drive } from './loop/trading-loop.ts';
import { simulatedInstruments } from './modes/simulated-instruments.ts';
import { RunningTradebot } from './running-tradebot.ts';
import { BTC, ETH, ScriptedVoters } from './testing/engine-scene.ts';
import { openPrompts } from './voices/language-models.ts';
import { openModels } from './voices/models.ts';
import { VolatilityWatch } from './volatility/volatility-watch.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** What the wall shows when the test begins. */
const TODAY = Date.UTC(2031, 5, 1);

/** On bars of a minute any cost is too high. */
const FREE = { makerFeeBps: 0, takerFeeBps: 0, spreadBps: 0, slippageBps: 0 };

let folder: string;
/** For how long the machine has slept in this test. */
let sleptMs = 0;
let running: { readonly tradebot: RunningTradebot; readonly time: VirtualTimers } | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-run-'));
  sleptMs = 0;
});
afterEach(async () => {
  await Promise.all([running?.tradebot.stop(), running?.time.pass(MINUTE)]);
  running = undefined;
  rmSync(folder, { recursive: true, force: true });
});

interface Options {
  readonly mode?: 'demo' | 'replay';
  readonly timeframe?: Timeframe;
  readonly speed?: number;
}

/** The machine has slept for an hour since the program was started, whose own clock stood still meanwhile. */
function machineClockOf(time: VirtualTimers): Clock {
  return { now: () => TODAY + 60 * MINUTE + sleptMs + time.monotonicMs() };
}

/** The demo as it runs, but for its voters, its time and its pace. */
async function demo({ mode = 'demo', timeframe = '1m', speed = 1 }: Options = {}) {
  const symbols = [BTC, ETH];
  const settings = SettingsSchema.parse({
    mode,
    symbols,
    timeframe,
    arena: { rivals: {} },
    simulation: FREE,
    // How far the market runs while somebody thinks is another matter.
    safety: { maxEntryDrift: 20 },
  });
  const time = new VirtualTimers();
  const voters = new ScriptedVoters(time);
  const stores = openStores(folder, 'demo');
  const { history, state } = stores;
  const startTime = Date.UTC(2025, 0, 6);
  const feed = new SimulatedFeed({ symbols, timeframe, seed: 1, startTime, history, state });
  await feed.open();
  const warmUp = new Map(symbols.map((symbol) => [symbol, feed.warmUp(symbol)]));
  const simulated = simulatedVenue({
    instruments: simulatedInstruments(warmUp, state, SILENT_LOGGER),
    settings: settings.simulation,
    capital: quoteAmount(settings.capital),
    startTime,
    store: stores.venue,
  });
  const { venue, clock } = simulated;
  await venue.open({ symbols });
  const capital = quoteAmount(settings.capital);
  const accountNotice = await openBooks({
    symbols,
    venue,
    ledger: stores.ledger,
    capital,
    now: clock.now(),
  });
  /** Each step as it was handled: its market time and its time on the wall, both since the first. */
  const steps: { readonly symbol: string; readonly market: number; readonly wall: number }[] = [];
  const drive: Drive = (symbol, piece, durationMs) => {
    const market = piece.openTime + durationMs - startTime;
    steps.push({ symbol, market, wall: time.monotonicMs() });
    simulated.drive(symbol, piece, durationMs);
  };
  const lineUp: LineUp = {
    name: 'settings',
    strategy: 'ensemble',
    decides: strategyOf('ensemble'),
    consensus: settings.consensus,
    ensemble: null,
    debate: voters.debate,
    analysts: 'llm',
    patience: 'slow',
    agents: openAgents({ mode: 'offline' }),
  };
  const arena = new Arena({
    configured: lineUp,
    rivals: [],
    state,
    startTime,
    minSample: 1,
    afterOthers: null,
    log: SILENT_LOGGER,
  });
  const noModels = join(folder, 'none');
  mkdirSync(noModels);
  const models = openModels(folder, () => undefined, noModels);
  const llmStores = openLlmStores(folder);
  const tradebot = new RunningTradebot({
    settings,
    strategies: new StrategyFolder(folder),
    symbols,
    host: 'headless',
    version: 'test',
    guardian: null,
    directory: folder,
    log: SILENT_LOGGER,
    logFiles: null,
    stores,
    upkeep: {
      step: () => undefined,
      mirror: () => null,
      view: () => ({ mirror: null, growth: { files: [], bytes: 0, bytesPerDay: null } }),
    },
    accountNotice,
    notes: [],
    feed,
    warmUp,
    lookBack: new Map(),
    venue,
    clocks: { market: clock, wall: { now: () => TODAY + time.monotonicMs() } },
    machineClock: machineClockOf(time),
    drive,
    models,
    volatility: new VolatilityWatch({
      ...{ found: [], runner: new DirectRunner(), timeframe, symbols, state, now: startTime },
    }),
    arena,
    llm: { stores: llmStores, ...openPrompts(folder), secrets: NO_SECRETS, log: SILENT_LOGGER },
    secrets: NO_SECRETS,
    fetch: globalThis.fetch,
    recordedFeatures: [],
    keepLimit: null,
    drill: async () => ({ flat: true, steps: [] }),
    recentMarket: null,
    instance: null,
    orderIdPrefix: 'demo',
    speed,
    waitForSlowVoters: speed > 1,
    barrierMs: null,
    keyRights: null,
    readings: null,
    timers: time,
    close: async () => {
      await arena.close();
      await models.close();
      llmStores.close();
      await feed.close();
      stores.close();
    },
  });
  running = { tradebot, time };
  const decided = (symbol: string) => stores.decisions.list({ symbol, limit: 100 }).toReversed();
  const status = (): Promise<StatusView> => tradebot.service.call('status.get', {});
  return {
    tradebot,
    time,
    voters,
    steps,
    decided,
    status,
    venue,
    stores,
    timeframeMs: TIMEFRAME_MS[timeframe],
  };
}

it('tells Prometheus all that the dashboard and the alert rules ask for, and its health names each part', async () => {
  const { tradebot, time } = await demo({ timeframe: '1m' });
  void tradebot.start();
  await time.pass(MINUTE + SECOND);
  const answer = await tradebot.metrics();
  expect(unknownTo(answer, monitoringExpressions())).toEqual([]);
  expect(answer).toMatch(/^tradebot_ready 1$/m);
  expect(answer).toMatch(/^tradebot_component_state\{component="models",state="degraded"\} 1$/m);
  expect(answer).toMatch(/^tradebot_alerts_total\{severity="critical"\} 0$/m);
  const health = await tradebot.service.call('health.get', {});
  expect(health).toMatchObject({ ready: true, problems: [] });
  expect(health.components.map(({ id }) => id)).toEqual([...HEALTH_COMPONENTS]);
  const engine = health.components.find(({ id }) => id === 'engine');
  expect(engine).toMatchObject({ state: 'ok', reason: 'trading' });
  await tradebot.service.call('killSwitch.activate', { reason: 'a test', from: 'button' });
  await time.pass(SECOND);
  const halted = await tradebot.service.call('health.get', {});
  expect(halted.ready).toBe(false);
  expect(halted.components.find(({ id }) => id === 'kill-switch')?.state).toBe('failed');
  expect(await tradebot.metrics()).toMatch(/^tradebot_kill_switch_engaged 1$/m);
});

/** How late the latest step was. */
function lateness(steps: Awaited<ReturnType<typeof demo>>['steps']): number {
  const [first] = steps;
  if (first === undefined) throw new TypeError('there was no step');
  return Math.max(...steps.map(({ market, wall }) => wall - first.wall - (market - first.market)));
}

describe('a demo at 1x with a voter that takes its time', () => {
  it.each<[number, Timeframe]>([
    [20 * SECOND, '1m'],
    [5 * MINUTE, '15m'],
  ])(
    'of %d ms on %s bars has every step on time, and its entry is not called stale',
    async (ms, timeframe) => {
      const { tradebot, time, voters, steps, decided, status, timeframeMs } = await demo({ timeframe });
      voters.says.set(ETH, 'BUY');
      voters.thinksMs.set(ETH, ms);
      void tradebot.start();
      await time.pass(timeframeMs + ms + SECOND);
      const [decision] = decided(ETH);
      expect(decision).toMatchObject({ outcome: 'traded', reasonCode: 'entry', thinkingMs: ms });
      expect(decided(BTC)).toMatchObject([{ reasonCode: 'unanimous-hold', thinkingMs: null }]);
      for (const symbol of [BTC, ETH]) {
        const own = steps.filter((step) => step.symbol === symbol);
        expect(own.length).toBeGreaterThanOrEqual(60 + Math.floor((60 * ms) / timeframeMs));
        expect(lateness(own)).toBeLessThanOrEqual(50);
      }
      const { feed, markets } = await status();
      expect(feed.stale).toBe(false);
      expect(markets.map(({ symbol, stale, tradable }) => [symbol, stale, tradable])).toEqual([
        [BTC, false, true],
        [ETH, false, true],
      ]);
    },
  );

  it('tells its figures and its trades alike whoever asks, and its books tell them when it has ended', async () => {
    const { tradebot, time, voters, timeframeMs } = await demo();
    const { service } = tradebot;
    voters.says.set(ETH, 'BUY');
    void tradebot.start();
    await time.pass(2 * timeframeMs + SECOND);
    voters.says.set(ETH, 'SELL');
    await time.pass(4 * timeframeMs);
    const { metrics } = await service.call('metrics.get', {});
    const account = await service.call('portfolio.get', {});
    const { totals } = await service.call('trades.totals', { by: 'symbol' });
    const found = await service.call('trades.find', { limit: 10 });
    expect(found.length).toBeGreaterThan(0);
    expect([metrics.trades.value, account.trades, totals[0]?.trades]).toEqual(Array(3).fill(found.length));
    expect(totals[0]).toMatchObject({ key: ETH, wins: found.filter(({ won }) => won).length });
    expect([metrics.fees.value, metrics.maxDrawdownPct.value]).toEqual([
      account.fees,
      account.maxDrawdownPct,
    ]);

    // Each was watched while it was open, against the stop that it had.
    expect(found.every(({ excursion }) => excursion?.adverseR != null)).toBe(true);
    const seen = await service.call('trades.excursions', { by: 'strategy' });
    expect(seen).toMatchObject({ trades: found.length, rows: [{ key: found[0]?.strategy }] });
    const id = String(found[0]?.id);
    const written = await service.call('trades.annotate', { id, note: 'too late', tags: ['late'] });
    expect(written).toEqual({ id, note: 'too late', tags: ['late'] });
    expect(await service.call('trades.find', { tag: 'late', limit: 10 })).toMatchObject([written]);
    expect(await service.call('trades.tags', {})).toEqual([{ tag: 'late', trades: 1 }]);
    await expect(service.call('trades.annotate', { id: 'no such trade', tags: [] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });

    await Promise.all([tradebot.stop(), time.pass(MINUTE)]);
    running = undefined;
    const settings = SettingsSchema.parse({ mode: 'demo', timeframe: '1m' });
    expect(storedExcursions(folder, settings, { by: 'strategy' })).toEqual(seen);
    expect(storedTrades(folder, settings, { limit: 10, tag: 'late' })).toMatchObject([written]);
    const stored = storedMetrics(folder, settings);
    for (const name of ['trades', 'fees', 'turnover', 'winRate', 'profitFactor'] as const) {
      expect([name, stored?.metrics[name]]).toEqual([name, metrics[name]]);
    }
    expect(storedTrades(folder, settings, { limit: 10 }).map(({ id, netPnl }) => [id, netPnl])).toEqual(
      found.map(({ id, netPnl }) => [id, netPnl]),
    );
  });

  it('in a replay, is stored as far as it has come together with its equity, or not at all', async () => {
    const { tradebot, time, stores, timeframeMs } = await demo({ mode: 'replay' });
    const { together, equity, state } = stores;
    const append = equity.append.bind(equity);
    const write = state.write.bind(state);
    let transaction: string[] | null = null;
    const transactions: (readonly string[])[] = [];
    const alone: string[] = [];
    const note = (what: string): unknown => (transaction ?? alone).push(what);
    Object.assign(stores, {
      together: (writes: () => void) => {
        const own: string[] = [];
        transaction = own;
        together(writes);
        transaction = null;
        transactions.push(own);
      },
    });
    equity.append = (point) => {
      note('equity');
      append(point);
    };
    state.write = (name, value) => {
      if (name === 'replay-position') note(name);
      write(name, value);
    };
    void tradebot.start();
    await time.pass(timeframeMs + SECOND);
    expect(alone).toEqual([]);
    expect(transactions).toContainEqual(['replay-position', 'equity']);
  });

  it('has written what is owned where no database is needed to read it', async () => {
    const { tradebot, time, voters, timeframeMs } = await demo();
    voters.says.set(ETH, 'BUY');
    void tradebot.start();
    await time.pass(timeframeMs + 5 * SECOND);
    await Promise.all([tradebot.stop(), time.pass(MINUTE)]);
    const stores = openStores(folder, 'demo');
    const bought = sum(
      ZERO_BASE,
      [...stores.ledger.fills()].map(({ amount }) => amount),
    );
    stores.close();
    expect(bought.gt(0)).toBe(true);
    const read = readOwned(folder, 'demo');
    expect(read).toMatchObject({ ok: true, record: { orderIdPrefix: 'demo' } });
    expect(read.ok && [...read.record.owned].map(([symbol, held]) => [symbol, text(held)])).toEqual([
      [ETH, text(bought)],
    ]);
  });

  it('stops everything at once when the kill switch is pressed during a debate', async () => {
    const { tradebot, time, voters, decided, status, timeframeMs } = await demo();
    voters.says.set(ETH, 'BUY');
    voters.says.set(BTC, 'BUY');
    voters.thinksMs.set(ETH, 20 * SECOND);
    void tradebot.start();
    await time.pass(timeframeMs + 2 * SECOND);
    expect(decided(BTC)).toMatchObject([{ reasonCode: 'entry' }]);
    const pressed = await tradebot.service.call('killSwitch.activate', { reason: 'pressed' });
    expect(pressed).toMatchObject({ engaged: true, at: TODAY + time.monotonicMs() });
    await time.pass(5 * SECOND);
    expect((await status()).killSwitch.stage).toBe('flat');
    const [activation] = await tradebot.service.call('killSwitch.history', {});
    expect(activation).toMatchObject({
      ...{ by: 'the trader', from: 'api', reason: 'pressed', durable: true, outcome: 'flat' },
      symbols: [{ symbol: BTC, closes: 1, failures: [] }],
    });
    expect(activation?.steps.map(({ step }) => step)).toEqual([
      'latched',
      'cancels-sent',
      'closes-sent',
      'flat',
    ]);
    expect(await tradebot.service.call('positions.list', {})).toEqual([]);
    await time.pass(20 * SECOND);
    expect(decided(ETH)).toMatchObject([{ outcome: 'blocked', reasonCode: 'kill-switch:engaged' }]);
  });

  it('closes nothing while another process closes it, and goes on when that is done', async () => {
    const { tradebot, time, voters, stores, status, timeframeMs } = await demo();
    voters.says.set(BTC, 'BUY');
    void tradebot.start();
    await time.pass(timeframeMs + 2 * SECOND);
    const right = new ClosingRight({ directory: folder, clock: machineClockOf(time), timers: time });
    await tradebot.service.call('killSwitch.activate', { reason: 'pressed' });
    await time.pass(5 * SECOND);
    const closes = () =>
      stores.ledger.recentOrders({ limit: 100 }).filter((one) => one.purpose === 'emergency');
    expect((await status()).killSwitch.stage).toBe('flattening');
    expect(new Set(closes().map((close) => close.status))).toEqual(new Set(['CANCELED']));
    expect(closes()[0]?.reason).toContain('closes it from outside');
    right.release();
    await time.pass(10 * SECOND);
    expect((await status()).killSwitch.stage).toBe('flat');
    expect(await tradebot.service.call('positions.list', {})).toEqual([]);
  });

  it('enters nothing in a symbol that the trader has locked, says so, and still closes it', async () => {
    const { tradebot, time, voters, decided, status, timeframeMs } = await demo();
    const call = tradebot.service.call.bind(tradebot.service);
    for (const symbol of [BTC, ETH]) voters.says.set(symbol, 'BUY');
    void tradebot.start();
    const { marketTime } = await status();
    const until = marketTime + 30 * timeframeMs;
    await expect(call('symbols.lock', { symbol: 'X/USDT', until, reason: 'news' })).rejects.toThrow(
      'not traded',
    );
    await expect(call('symbols.lock', { symbol: ETH, until: marketTime, reason: 'news' })).rejects.toThrow(
      'has to end after',
    );
    await expect(call('symbols.unlock', { symbol: ETH })).rejects.toThrow('is not locked');
    const shown = await call('symbols.lock', { symbol: ETH, until, reason: 'news' });
    const why = `${ETH} is locked by the trader until 2025-01-06 00:30:00 UTC: news`;
    expect(shown.conditions).toContainEqual({
      id: `locked:${why}`,
      severity: 'warning',
      message: `${why}; exits and stops go on`,
    });
    await time.pass(timeframeMs + SECOND);
    expect(decided(BTC)).toMatchObject([{ outcome: 'traded' }]);
    expect(decided(ETH)).toMatchObject([{ outcome: 'blocked', reasonCode: 'paused', reason: why }]);
    // What is held is closed all the same.
    await call('symbols.lock', { symbol: BTC, until, reason: 'news' });
    await call('symbols.unlock', { symbol: ETH });
    voters.says.set(BTC, 'SELL');
    await time.pass(4 * timeframeMs);
    const closing = await call('orders.list', { symbol: BTC, limit: 100 });
    expect(
      closing.filter(({ purpose }) => purpose === 'exit').map(({ filledAmount }) => Number(filledAmount) > 0),
    ).toContain(true);
    // What is locked no more is entered again.
    expect(decided(ETH).at(-1)).not.toMatchObject({ reasonCode: 'paused' });
  });

  it('is paused by the reset of the kill switch, and never shows a switch that is engaged for no reason', async () => {
    const { tradebot, time, status, timeframeMs } = await demo();
    const alerts: AlertView[] = [];
    const shown: StatusView[] = [];
    tradebot.service.subscribe('alerts', ({ content }) => alerts.push(...(content as AlertView[])));
    tradebot.service.subscribe('status', ({ content }) => shown.push(content as StatusView));
    void tradebot.start();
    await time.pass(timeframeMs);
    await tradebot.service.call('killSwitch.activate', { reason: 'pressed' });
    await time.pass(5 * SECOND);
    await tradebot.service.call('killSwitch.reset', { confirmation: 'RESET' });
    await time.pass(5 * SECOND);
    expect(await status()).toMatchObject({ trading: 'paused', killSwitch: { engaged: false } });
    expect(shown.filter(({ killSwitch: { engaged, reason } }) => engaged && reason === null)).toEqual([]);
    const critical = alerts.filter(({ severity }) => severity === 'critical');
    // The reset raises none; it shows once more the one that nobody needs to acknowledge any more.
    expect(critical.map(({ message, acknowledged }) => [message, acknowledged?.by])).toEqual([
      ['Kill switch engaged: pressed', undefined],
      ['Kill switch engaged: pressed', 'its end'],
    ]);
  });

  it('does not begin once it was told to end', async () => {
    const { tradebot, time, steps, timeframeMs } = await demo();
    await tradebot.stop();
    await tradebot.start();
    await time.pass(2 * timeframeMs);
    expect(steps).toEqual([]);
  });

  it('ends without waiting for the debate, and nothing trades after it', async () => {
    const { tradebot, time, voters, steps, timeframeMs } = await demo();
    voters.says.set(ETH, 'BUY');
    voters.thinksMs.set(ETH, 10 * MINUTE);
    const run = tradebot.start();
    await time.pass(timeframeMs + SECOND);
    await tradebot.stop();
    await run;
    const before = steps.length;
    expect(time.waiting).toBe(1);
    await time.pass(10 * MINUTE);
    expect(steps).toHaveLength(before);
    const after = openStores(folder, 'demo');
    try {
      expect(after.decisions.list({ symbol: ETH, limit: 9 })).toMatchObject([{ reasonCode: 'abandoned' }]);
      expect(after.ledger.recentOrders({ limit: 9 })).toEqual([]);
    } finally {
      after.close();
    }
  });
});

describe('a demo in time-lapse', () => {
  it('waits for its voters, and does not call their thinking old data', async () => {
    const { tradebot, time, voters, decided, status } = await demo({ speed: 1_800 });
    voters.says.set(ETH, 'BUY');
    voters.thinksMs.set(ETH, 40 * SECOND);
    void tradebot.start();
    await time.pass(39 * SECOND);
    expect([decided(BTC).length, decided(ETH).length]).toEqual([1, 0]);
    expect((await status()).feed).toMatchObject({ stale: false, lastMessageAgeMs: 0 });
    await time.pass(2 * SECOND);
    expect(decided(ETH)).toMatchObject([{ outcome: 'traded', reasonCode: 'entry', thinkingMs: 40 * SECOND }]);
  });

  it('ends while it waits, and leaves the bar to the next start, which gets it again', async () => {
    const { tradebot, time, voters, stores, decided } = await demo({ speed: 1_800 });
    voters.thinksMs.set(ETH, 10 * MINUTE);
    const run = tradebot.start();
    await time.pass(SECOND);
    const recorded = stores.decisions.append.bind(stores.decisions);
    const late: string[] = [];
    stores.decisions.append = (decision) => {
      late.push(decision.symbol);
      recorded(decision);
    };
    expect(decided(BTC)).toHaveLength(1);
    await tradebot.stop();
    await run;
    expect(late).toEqual([]);
  });

  it('that replays has come, when it ends while it waits, to the bar before', async () => {
    const { tradebot, time, voters, stores, decided } = await demo({ mode: 'replay', speed: 1_800 });
    voters.thinksMs.set(ETH, 10 * MINUTE);
    const run = tradebot.start();
    await time.pass(SECOND);
    const [decision] = decided(BTC);
    const reached: unknown[] = [];
    stores.state.write = (name, value) => {
      if (name === 'replay-position') reached.push(value);
    };
    await tradebot.stop();
    await run;
    expect(decision).toMatchObject({ reasonCode: 'unanimous-hold' });
    expect(reached).toEqual([]);
  });
});

describe('the running program', () => {
  it('V8 compares its books with the venue’s one time after the other, however often it is asked', async () => {
    const { tradebot, time, venue } = await demo();
    let [asking, most, asked] = [0, 0, 0];
    const openOrders = venue.openOrders.bind(venue);
    venue.openOrders = async () => {
      asking += 1;
      asked += 1;
      most = Math.max(most, asking);
      await time.wait(40 * SECOND);
      asking -= 1;
      return openOrders();
    };
    void tradebot.start();
    await time.pass(SECOND);
    const wanted = ['wake', 'reconnect', 'a hint'].map((reason) => tradebot.reconcile(reason));
    await time.pass(10 * MINUTE);
    await Promise.all(wanted);
    expect(asked).toBeGreaterThan(2);
    expect(most).toBe(1);
  });

  it('V20 enters nothing once its line was down, until the books were found to agree again', async () => {
    const { tradebot, time, venue, voters, decided } = await demo();
    void tradebot.start();
    await time.pass(100 * SECOND);
    const openOrders = venue.openOrders.bind(venue);
    venue.openOrders = async () => {
      await time.wait(20 * SECOND);
      return openOrders();
    };
    voters.says.set(ETH, 'BUY');
    await venue.close();
    await venue.open({ symbols: [BTC, ETH] });
    await time.pass(30 * SECOND);
    expect(decided(ETH).at(-1)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('our books have not been found to agree with the venue yet'),
    });
    await time.pass(MINUTE);
    expect(decided(ETH).at(-1)).toMatchObject({ outcome: 'traded' });
  });

  it('V20 enters nothing after the machine slept, until a comparison that began after it', async () => {
    const { tradebot, time, venue, voters, decided } = await demo();
    const told: AlertView[] = [];
    tradebot.service.subscribe('alerts', ({ content }) => told.push(...(content as AlertView[])));
    void tradebot.start();
    await time.pass(100 * SECOND);
    const openOrders = venue.openOrders.bind(venue);
    venue.openOrders = async () => {
      await time.wait(11 * SECOND);
      return openOrders();
    };
    // One is under way when the machine falls asleep: what it saw is of before.
    void tradebot.reconcile('every 30 s');
    voters.says.set(ETH, 'BUY');
    sleptMs = 8 * 60 * MINUTE;
    await time.pass(30 * SECOND);
    expect(decided(ETH).at(-1)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('our books have not been found to agree with the venue yet'),
    });
    await time.pass(MINUTE);
    expect(decided(ETH).at(-1)).toMatchObject({ outcome: 'traded' });
    const alerts = told.filter(({ title }) => title === 'The program stood still');
    expect(new Set(alerts.map(({ message }) => message.split(':')[0]))).toEqual(new Set(['for 8 h 0 min']));
  });

  it('enters nothing while its host says why not, and shows that', async () => {
    const { tradebot, time, voters, decided, status } = await demo();
    void tradebot.start();
    await time.pass(SECOND);
    voters.says.set(ETH, 'BUY');
    tradebot.holdEntries('the machine goes to sleep');
    await time.pass(MINUTE);
    expect(decided(ETH).at(-1)).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('the machine goes to sleep'),
    });
    expect((await status()).conditions).toMatchObject([{ id: 'held' }]);
    tradebot.holdEntries(null);
    await time.pass(MINUTE);
    expect(decided(ETH).at(-1)).toMatchObject({ outcome: 'traded' });
  });

  it('ends although the venue does not answer', async () => {
    const { tradebot, time, venue } = await demo();
    void tradebot.start();
    await time.pass(MINUTE);
    venue.openOrders = () => new Promise(() => undefined);
    await time.pass(MINUTE);
    const stopped = tradebot.stop().then(() => time.monotonicMs());
    await time.pass(MINUTE);
    expect(await stopped).toBe(2 * MINUTE + 5 * SECOND);
  });

  it('V13 dates its alerts by the clock on the wall', async () => {
    const { tradebot, time } = await demo();
    await time.pass(5 * SECOND);
    tradebot.alert('info', 'Something', 'happened');
    const told: AlertView[] = [];
    tradebot.service.subscribe('alerts', ({ content }) => told.push(...(content as AlertView[])));
    expect(told).toMatchObject([{ title: 'Something', time: TODAY + 5 * SECOND }]);
  });

  it('tells which symbols the venue does not list', async () => {
    const { tradebot, time, venue, status } = await demo();
    const instrument = venue.instrument.bind(venue);
    venue.instrument = (symbol) => (symbol === ETH ? undefined : instrument(symbol));
    void tradebot.start();
    await time.pass(SECOND);
    expect((await status()).markets).toMatchObject([
      { symbol: BTC, tradable: true, message: '' },
      {
        symbol: ETH,
        tradable: false,
        message:
          'ETH/USDT is delisted at simulated: it is only closed out, or was never listed: check its name in the settings',
      },
    ]);
    const told: AlertView[] = [];
    tradebot.service.subscribe('alerts', ({ content }) => told.push(...(content as AlertView[])));
    expect(told.map(({ title }) => title)).toContain('A symbol cannot be traded');
  });
});
