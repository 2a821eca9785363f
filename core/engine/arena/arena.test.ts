import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { openAgents } from '../../agents/index.ts';
import { type Action, SettingsSchema } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  SILENT_LOGGER,
  type StateStore,
  simulatedInstrument,
} from '../../domain/index.ts';
import { Portfolio } from '../../portfolio/index.ts';
import { MemoryStateStore } from '../../storage/index.ts';
import { type ProposingStrategy, StrategyFault } from '../../strategies/index.ts';
import { type LineUp, lineUpOf } from '../loop/line-up.ts';
import { votesFor } from '../testing/engine-scene.ts';
import { portfolioView } from '../views/account-views.ts';
import { Arena } from './arena.ts';
import { Rival, type RivalParts } from './rival.ts';
import { openRivalStores } from './rival-stores.ts';

const HOUR = 3_600_000;
const SYMBOL = 'BTC/USDT';
const WARM_UP_BARS = 800;
const settings = SettingsSchema.parse({ symbols: [SYMBOL] });

let folder: string;
let opened: Arena[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-arena-'));
  opened = [];
});
afterEach(async () => {
  await Promise.all(opened.map((arena) => arena.close()));
  rmSync(folder, { recursive: true, force: true });
});

/** A long wave: the rules find something to trade in it. */
function bar(index: number): Candle {
  const price = (at: number): number => 1_000 + 60 * Math.sin(at / 25) + 4 * Math.sin(at * 1.7);
  const [open, close] = [price(index - 1), price(index)];
  const range = { high: Math.max(open, close) + 2, low: Math.min(open, close) - 2 };
  return { openTime: index * HOUR, open, close, volume: 10_000, ...range };
}

function lineUp(name: string, debate?: LineUp['debate']): LineUp {
  const made = lineUpOf({
    name,
    settings: { ...settings, strategy: { id: 'rules' } },
    agents: openAgents({ mode: 'offline' }),
    ensemble: {
      opine: () => ({ kind: 'abstention', voter: 'ensemble', source: 'models', code: 'off', message: '' }),
    },
  });
  return debate === undefined ? made : { ...made, debate };
}

const failing: LineUp['debate'] = () => {
  throw new Error('its model has lost its mind');
};

async function arenaOf(
  rivals: readonly LineUp[],
  state: StateStore = new MemoryStateStore(),
  startBar = WARM_UP_BARS,
  given: Partial<RivalParts> = { waitForSlowVoters: true },
  afterOthers: (() => Promise<void>) | null = null,
): Promise<Arena> {
  const warmUp = Array.from({ length: WARM_UP_BARS }, (_, index) => bar(startBar - WARM_UP_BARS + index));
  const arena = new Arena({
    configured: lineUp('settings'),
    rivals: await Promise.all(
      rivals.map((each) =>
        Rival.open({
          recentMarket: null,
          lineUp: each,
          settings,
          symbols: [SYMBOL],
          timers: new VirtualTimers(),
          waitForSlowVoters: false,
          barrierMs: null,
          ...given,
          instruments: new Map([[SYMBOL, simulatedInstrument(SYMBOL, 1_000)]]),
          startTime: startBar * HOUR,
          warmUp: new Map([[SYMBOL, warmUp]]),
          lookBack: new Map(),
          stores: openRivalStores(folder, `demo-arena-${each.name}`),
          log: SILENT_LOGGER,
        }),
      ),
    ),
    state,
    startTime: startBar * HOUR,
    minSample: 1,
    afterOthers,
    log: SILENT_LOGGER,
  });
  opened.push(arena);
  return arena;
}

/** What the engine in use decided on a bar. */
function decided(index: number, action: Action): Decision {
  const vote = { kind: 'vote', voter: 'bull', action } as const;
  // All that an arena looks at.
  return { id: `${SYMBOL}@1h@${index * HOUR}`, action, votes: [vote] } as unknown as Decision;
}

async function run(arena: Arena, from: number, bars: number): Promise<void> {
  for (let index = from; index < from + bars; index += 1) {
    await arena.handle({ kind: 'step', symbol: SYMBOL, candle: bar(index), durationMs: HOUR });
    arena.decided(decided(index, 'HOLD'));
    await arena.handle({ kind: 'bar', symbol: SYMBOL, candle: bar(index) });
  }
}

function account() {
  const instruments = () => simulatedInstrument(SYMBOL, 1_000);
  const portfolio = new Portfolio({
    quote: 'USDT',
    instruments,
    history: { fills: [], accountEvents: [], equity: [] },
  });
  return portfolioView(portfolio, 0);
}

describe('the shadow arena', () => {
  it('holds up no real market: rivals take its events after everybody else, in their order, and none after the end', async () => {
    const turns: (() => void)[] = [];
    const afterOthers = () => new Promise<void>((resolve) => turns.push(resolve));
    const arena = await arenaOf([lineUp('rules')], undefined, undefined, undefined, afterOthers);
    const bars = () => arena.view(account())[1]?.bars;
    for (let index = WARM_UP_BARS; index < WARM_UP_BARS + 3; index += 1) {
      arena.decided(decided(index, 'HOLD'));
      expect(arena.handle({ kind: 'bar', symbol: SYMBOL, candle: bar(index) })).toBeUndefined();
    }
    const seen: unknown[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      await vi.waitFor(() => expect(turns).toHaveLength(turn + 1));
      seen.push(bars());
      turns.at(-1)?.();
    }
    await vi.waitFor(() => expect(turns).toHaveLength(3));
    await arena.close();
    turns.at(-1)?.();
    await new Promise((resolve) => setImmediate(resolve));
    expect([...seen, bars()]).toEqual([0, 1, 2]);
  });

  it('has each rival trade the same bars on an account of its own', async () => {
    const arena = await arenaOf([lineUp('rules'), lineUp('twin')]);
    await run(arena, WARM_UP_BARS, 150);
    const [active, rules, twin] = arena.view(account());
    expect(active).toMatchObject({ name: 'settings', active: true, bars: 150, agreement: 1, trades: 0 });
    expect(rules).toMatchObject({ name: 'rules', active: false, bars: 150, problem: null, llmCostUsd: 0 });
    expect(rules?.trades).toBeGreaterThan(0);
    expect(rules?.agreement).toBeLessThan(1);
    expect({ ...twin, name: 'rules' }).toEqual(rules);
    expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toEqual([
      'demo-arena-rules.sqlite',
      'demo-arena-twin.sqlite',
    ]);
  });

  it('goes on with accounts and tallies after a restart', async () => {
    const state = new MemoryStateStore();
    const first = await arenaOf([lineUp('rules')], state);
    await run(first, WARM_UP_BARS, 120);
    const facts = (arena: Arena) =>
      arena.view(account()).map(({ name, bars, equity, trades, fees, agreement, since }) => {
        return { name, bars, equity, trades, fees, agreement, since };
      });
    const before = facts(first);
    await first.close();
    opened = [];
    const again = await arenaOf([lineUp('rules')], state, WARM_UP_BARS + 120);
    expect(facts(again)).toEqual(before);
    await run(again, WARM_UP_BARS + 120, 10);
    expect(again.view(account()).map(({ bars }) => bars)).toEqual([130, 130]);
  });

  it('is not held up by a rival that thinks, in a market that goes on; its agreement is counted when it has decided', async () => {
    const time = new VirtualTimers();
    const slow: LineUp = {
      ...lineUp('slow', () => time.wait(5 * 60_000).then(() => votesFor('HOLD'))),
      patience: 'slow',
    };
    const arena = await arenaOf([slow], new MemoryStateStore(), WARM_UP_BARS, { timers: time });
    await run(arena, WARM_UP_BARS, 1);
    expect(arena.view(account()).map(({ bars }) => bars)).toEqual([1, 0]);
    await time.pass(5 * 60_000);
    expect(arena.view(account())).toMatchObject([{ bars: 1 }, { bars: 1, agreement: 1, problem: null }]);
  });

  it('lets a rival drop out whose voters break while nobody waits for them', async () => {
    const broken: LineUp = {
      ...lineUp('broken', () => Promise.reject(new Error('its model has lost its mind'))),
      patience: 'slow',
    };
    const arena = await arenaOf([broken], new MemoryStateStore(), WARM_UP_BARS, {});
    await run(arena, WARM_UP_BARS, 2);
    expect(arena.view(account())[1]).toMatchObject({ problem: 'its model has lost its mind', bars: 0 });
  });

  it('lets a rival that fails drop out, and the others go on', async () => {
    const arena = await arenaOf([lineUp('broken', failing), lineUp('rules')]);
    await run(arena, WARM_UP_BARS, 5);
    expect(arena.view(account())).toMatchObject([
      { name: 'settings', problem: null },
      { name: 'broken', problem: 'its model has lost its mind', bars: 0 },
      { name: 'rules', problem: null, bars: 5 },
    ]);
  });

  it('keeps the account of a rival whose strategy fails: it is listed with the reason, and what it holds lives on', async () => {
    let asked = 0;
    const own: ProposingStrategy = {
      ...{ kind: 'proposing', id: 'mine', label: 'a test', limits: {}, everyMs: HOUR, when: 'every hour' },
      data: { timeframe: '1h', historyMs: 0 },
      propose() {
        asked += 1;
        if (asked > 1) throw new StrategyFault('broken', 'it has lost its mind');
        const words = { reason: 'the test wants it', invalidation: 'the test', numbers: {} };
        const size = { targetShare: 0.2, band: 0.05, stopShare: 0.5, expectedMove: null };
        return { kind: 'target', ...size, ...words };
      },
    };
    const arena = await arenaOf([{ ...lineUp('mine'), decides: own, debate: null }]);
    const rival = () => arena.view(account())[1];
    await run(arena, WARM_UP_BARS, 2);
    expect(rival()).toMatchObject({
      name: 'mine',
      problem: expect.stringContaining('it has lost its mind') as string,
    });
    const before = rival()?.equity;
    await run(arena, WARM_UP_BARS + 2, 10);
    expect(rival()?.equity).not.toBe(before);
    expect(rival()?.problem).toContain('it has lost its mind');
  });

  it('makes a promoted rival the one in use, also after a restart', async () => {
    const state = new MemoryStateStore();
    const arena = await arenaOf([lineUp('rules')], state);
    expect(arena.active.name).toBe('settings');
    arena.promote('rules');
    expect(arena.active.name).toBe('rules');
    await arena.close();
    opened = [];
    expect((await arenaOf([lineUp('rules')], state)).active.name).toBe('rules');
  });

  it('shows every line-up once whichever decides, the one of the settings always among them', async () => {
    const arena = await arenaOf([lineUp('rules'), lineUp('twin')]);
    const shown = () => arena.view(account()).map(({ name, active }) => [name, active]);
    arena.promote('rules');
    expect(shown()).toEqual([
      ['rules', true],
      ['settings', false],
      ['twin', false],
    ]);
    arena.promote('settings');
    expect(arena.active.name).toBe('settings');
    expect(shown()).toEqual([
      ['settings', true],
      ['rules', false],
      ['twin', false],
    ]);
  });

  it('has no figures for the line-up of the settings while another decides: it trades nowhere', async () => {
    const arena = await arenaOf([lineUp('rules')]);
    await run(arena, WARM_UP_BARS, 3);
    arena.promote('rules');
    expect(arena.view(account())).toMatchObject([
      { name: 'rules', active: true, bars: 3, equity: expect.any(String) },
      { name: 'settings', active: false, bars: 0, since: null, equity: null, returnPct: null, problem: null },
    ]);
  });

  it('does not promote the one that decides', async () => {
    const arena = await arenaOf([lineUp('rules')]);
    arena.promote('rules');
    expect(() => arena.promote('rules')).toThrow('rules decides already');
  });

  it('says which rivals there are when one is promoted that is not', async () => {
    {
      const arena = await arenaOf([lineUp('rules')]);
      expect(() => arena.promote('nobody')).toThrow('choose one of rules');
    }
    {
      const arena = await arenaOf([]);
      expect(() => arena.promote('nobody')).toThrow('choose one of none');
    }
  });

  it('goes on with what was kept before documents had versions', async () => {
    const state = new MemoryStateStore();
    state.write('line-up-in-use', 'rules');
    state.write('arena-tally', { since: 5 * HOUR, bars: 7, agreed: 7 });
    const arena = await arenaOf([lineUp('rules')], state);
    expect(arena.active.name).toBe('rules');
    expect(arena.view(account())[0]).toMatchObject({ since: 5 * HOUR, bars: 7 });
  });

  it('counts anew, with the line-up of the settings, when what was kept is damaged', async () => {
    const state = new MemoryStateStore();
    state.write('line-up-in-use', { name: 'rules' });
    state.write('arena-tally', { since: 5 * HOUR, bars: 'seven', agreed: 7 });
    const arena = await arenaOf([lineUp('rules')], state);
    expect(arena.active.name).toBe('settings');
    expect(arena.view(account())[0]).toMatchObject({ since: WARM_UP_BARS * HOUR, bars: 0 });
  });

  it('falls back on the settings when the promoted rival is gone', async () => {
    const state = new MemoryStateStore();
    state.write('line-up-in-use', 'gone');
    expect((await arenaOf([], state)).active.name).toBe('settings');
  });
});
