import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeContractService, statusOf } from '../../../tests/contracts/fake-contract-service.ts';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import {
  CallError,
  type PositionView,
  type Settings,
  SettingsSchema,
  type StartupView,
  type StatusView,
  type StreamMessage,
  type VenueChoice,
} from '../../contract/index.ts';
import { SILENT_LOGGER, TraderError } from '../../domain/index.ts';
import { KillSwitch, LATCH_FILE } from '../../safety/index.ts';
import type { Tradebot } from '../running-tradebot.ts';
import { HostedTradebot } from './hosted-tradebot.ts';
import { KeyRing } from './key-ring.ts';

const CHOICE: VenueChoice = {
  exchange: 'binance',
  symbols: ['BTC/USDT'],
  timeframe: '1h',
  endpoint: null,
  proxy: null,
};

interface Scene {
  readonly first?: Settings;
  readonly instead?: Settings;
  readonly status?: Partial<StatusView>;
  readonly positions?: number;
  /** What opening a mode comes to; an engine when absent. */
  readonly opening?: (mode: string, signal: AbortSignal) => Promise<void>;
  /** Before an engine tells how it stands, by how often that was asked. */
  readonly looking?: (times: number) => Promise<void>;
  /** Changed while an engine runs. */
  readonly limits?: Partial<Settings['safety']>;
  /** Gives up the first opening. */
  readonly gaveUp?: AbortSignal;
  /** Putting back the settings that were there before. */
  readonly undo?: () => void;
}

/** Engines that do as told, in the order in which they were opened. */
async function hosting({ status, positions = 0, opening = async () => undefined, ...start }: Scene = {}) {
  const { looking = async () => undefined, undo = () => undefined, limits = {} } = start;
  let looks = 0;
  const { first = SettingsSchema.parse({}), instead = null, gaveUp = new AbortController().signal } = start;
  const directory = mkdtempSync(join(tmpdir(), 'hosting-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const happened: string[] = [];
  /** What each engine was opened with. */
  const opened: Settings[] = [];
  const engines: (Tradebot & { readonly service: FakeContractService; fail(error: Error): void })[] = [];
  const timers = new VirtualTimers();
  const begin = { settings: first, instead, signal: gaveUp, onProgress: () => undefined };
  const hosted = await HostedTradebot.open(begin, {
    open: async (settings, onProgress, signal) => {
      const { mode } = settings;
      opened.push(settings);
      onProgress(`asking for ${mode}`);
      await opening(mode, signal);
      happened.push(`opened ${mode}`);
      const service = new FakeContractService({
        'status.get': async () => {
          looks += 1;
          await looking(looks);
          return statusOf({ ...status, mode: engines.length > 1 ? mode : (status?.mode ?? mode) });
        },
        'settings.get': () => ({ ...settings, safety: { ...settings.safety, ...limits } }),
        'killSwitch.activate': () => statusOf().killSwitch,
        'positions.list': () => Array.from({ length: positions }, () => ({}) as PositionView), // only counted
      });
      service.hub.set('status', statusOf({ mode }));
      const run = Promise.withResolvers<void>();
      const engine = {
        service,
        log: SILENT_LOGGER,
        start: () => run.promise,
        goodbye: async () => undefined,
        stop: async () => {
          happened.push(`stopped ${mode}`);
          run.resolve();
        },
        fail: (error: Error) => run.reject(error),
        reconcile: async () => undefined,
        holdEntries: (reason: string | null) => void happened.push(`${mode} holds: ${reason}`),
        distrustBooks: () => void happened.push(`${mode} distrusts its books`),
        alert: (severity: string, title: string) => happened.push(`${severity}: ${title}`),
        metrics: async () => mode,
        onStatus: (listener: (view: StatusView) => void) => {
          listener(statusOf({ mode }));
          return () => undefined;
        },
      };
      engines.push(engine); // `alert` returns what `push` does
      return engine;
    },
    write: ({ mode }) => {
      happened.push(`wrote ${mode}`);
      return {
        settings: SettingsSchema.parse({ mode }),
        undo: () => {
          happened.push('put back');
          undo();
        },
      };
    },
    booksFault: () => null,
    keys: new KeyRing({ environment: {}, keychain: null }),
    directory,
    clock: timers,
    timers,
  });
  const startups: StartupView[] = [];
  hosted.service.subscribe('startup', ({ content }) => startups.push(content as StartupView));
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
  };
  const choose = (params: { readonly leavePositions?: boolean } = {}) =>
    hosted.service.call('venues.start', { choice: CHOICE, mode: 'paper', leavePositions: false, ...params });
  return { hosted, happened, opened, engines, startups, settled, choose, directory, timers };
}

describe('other settings are started while the host goes on', () => {
  it('what holds entries holds those of the next engine as well', async () => {
    const { hosted, happened, choose, settled } = await hosting();
    hosted.holdEntries('the machine goes to sleep');
    await choose();
    await settled();
    hosted.distrustBooks();
    hosted.holdEntries(null);
    expect(happened.filter((line) => /holds|distrusts/.test(line))).toEqual([
      'demo holds: the machine goes to sleep',
      'paper holds: the machine goes to sleep',
      'paper distrusts its books',
      'paper holds: null',
    ]);
  });

  it('one engine has ended before the next is opened', async () => {
    const { happened, choose, settled, startups, hosted } = await hosting();
    expect(await choose()).toMatchObject({ state: 'starting', mode: 'paper', run: 1 });
    await settled();
    expect(happened).toEqual([
      'opened demo',
      'wrote paper',
      'stopped demo',
      'opened paper',
      'info: Started by your choice',
    ]);
    expect(startups.map(({ state, message }) => `${state} ${message}`)).toEqual([
      'running ',
      'starting ',
      'starting asking for paper',
      'running ',
    ]);
    expect(startups.at(-1)).toEqual({ run: 2, state: 'running', mode: 'paper', message: '', failed: false });
    expect(await hosted.metrics()).toBe('paper');
  });

  it('who follows a stream gets the next engine’s from its beginning', async () => {
    const { hosted, choose, settled } = await hosting();
    const seen: StreamMessage[] = [];
    const end = hosted.service.subscribe('status', (message) => seen.push(message));
    await choose();
    await settled();
    expect(seen.map(({ kind, content }) => `${kind} ${(content as StatusView).mode}`)).toEqual([
      'snapshot demo',
      'snapshot paper',
    ]);
    end();
  });

  it('a stream that the next engine does not have stays still, and harms no other', async () => {
    const { hosted, choose, settled, engines } = await hosting();
    const first = engines[0]?.service;
    if (first !== undefined) first.subscribe = () => () => undefined;
    hosted.service.subscribe('candles:NOT/TRADED', () => undefined);
    const seen: unknown[] = [];
    hosted.service.subscribe('status', ({ content }) => seen.push(content));
    await choose();
    await settled();
    expect(seen).toHaveLength(1);
  });

  it('whoever follows the status, such as the tray, is told by every engine', async () => {
    const { hosted, choose, settled } = await hosting();
    const modes: string[] = [];
    const end = hosted.onStatus(({ mode }) => modes.push(mode));
    await choose();
    await settled();
    end();
    expect(modes).toEqual(['demo', 'paper']);
  });
});

describe('what cannot be started', () => {
  it('leaves the settings as they were, and what ran before goes on', async () => {
    const { choose, settled, happened, startups } = await hosting({
      opening: async (mode) => {
        if (mode === 'paper') throw new TraderError('bad-input', 'the venue takes no such key');
      },
    });
    await choose();
    await settled();
    expect(happened.slice(1)).toEqual([
      'wrote paper',
      'stopped demo',
      'put back',
      'opened demo',
      'warning: What you chose could not be started',
    ]);
    expect(startups.at(-1)).toMatchObject({
      run: 2,
      state: 'running',
      mode: 'demo',
      failed: true,
      message: 'the venue takes no such key. The program runs in the demo instead',
    });
  });

  it('what is opened again has the limits that were changed while it ran', async () => {
    const { choose, settled, opened } = await hosting({
      limits: { maxPositions: 2 },
      opening: async (mode) => {
        if (mode === 'paper') throw new TraderError('failure', 'the venue cannot be had');
      },
    });
    await choose();
    await settled();
    expect(opened.map(({ mode, safety }) => `${mode} ${safety.maxPositions}`)).toEqual([
      'demo 5',
      'paper 5',
      'demo 2',
    ]);
  });

  it('at the program’s start gives way to what the trader can choose from again', async () => {
    const { happened, startups } = await hosting({
      first: SettingsSchema.parse({ mode: 'paper' }),
      instead: SettingsSchema.parse({}),
      opening: async (mode) => {
        if (mode === 'paper') throw new TraderError('failure', 'the venue cannot be had');
      },
    });
    expect(happened).toEqual(['opened demo', 'warning: What you chose could not be started']);
    expect(startups).toEqual([
      {
        run: 1,
        state: 'running',
        mode: 'demo',
        failed: true,
        message: 'the venue cannot be had. The program runs in the demo instead',
      },
    ]);
  });

  it('at the program’s start is a failure where nothing is to be opened instead', async () => {
    const opening = async (): Promise<void> => {
      throw new TraderError('failure', 'the venue cannot be had');
    };
    await expect(hosting({ opening })).rejects.toThrow('the venue cannot be had');
  });

  it('ends the host where what ran before cannot be started again either', async () => {
    let opened = 0;
    const { choose, hosted } = await hosting({
      opening: async () => {
        opened += 1;
        if (opened > 1) throw new TraderError('failure', 'the disk is full');
      },
    });
    const end = expect(hosted.start()).rejects.toThrow(
      'what ran before cannot be started again: the disk is full',
    );
    await choose();
    await end;
  });

  it('is given up by the trader, and what ran before goes on', async () => {
    const { choose, settled, happened, hosted, startups } = await hosting({
      opening: (mode, signal) =>
        mode === 'demo'
          ? Promise.resolve()
          : new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => reject(new Error('aborted')));
            }),
    });
    await expect(hosted.service.call('venues.giveUp', {})).rejects.toMatchObject({ code: 'CONFLICT' });
    await choose();
    await settled();
    expect(happened).toEqual(['opened demo', 'wrote paper', 'stopped demo']);
    expect(await hosted.service.call('venues.giveUp', {})).toMatchObject({
      state: 'starting',
      mode: 'paper',
    });
    await settled();
    expect(happened.slice(3)).toEqual([
      'put back',
      'opened demo',
      'warning: What you chose could not be started',
    ]);
    expect(startups.at(-1)?.message).toBe('you gave it up. The program runs in the demo instead');
    await expect(hosted.service.call('venues.giveUp', {})).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('nothing is opened in the place of what the trader has given up', async () => {
    const modes: string[] = [];
    const gone = hosting({
      first: SettingsSchema.parse({ mode: 'paper', symbols: ['BTC/USDT'] }),
      instead: SettingsSchema.parse({}),
      gaveUp: AbortSignal.abort(),
      opening: async (mode) => {
        modes.push(mode);
        throw new TraderError('failure', 'the opening was given up');
      },
    });
    await expect(gone).rejects.toThrow('given up');
    expect(modes).toEqual(['paper']);
  });

  it.each<[string, Scene, string]>([
    ['real money', { status: { mode: 'live' } }, 'real money is traded now'],
    [
      'the kill switch',
      { status: { killSwitch: { engaged: true, at: 1, reason: 'x', stage: 'flat', failures: [] } } },
      'the kill switch is engaged',
    ],
  ])('%s is not left from here', async (_name, scene, words) => {
    const { choose, happened } = await hosting(scene);
    await expect(choose({ leavePositions: true })).rejects.toThrow(words);
    expect(happened).toEqual(['opened demo']);
  });

  it('open positions of a sandbox are left only by one who was told', async () => {
    const scene = { status: { mode: 'sandbox' as const }, positions: 2 };
    const { choose, happened, settled } = await hosting(scene);
    await expect(choose()).rejects.toMatchObject({ code: 'CONFIRMATION_REQUIRED' });
    expect(happened).toEqual(['opened demo']);
    await choose({ leavePositions: true });
    await settled();
    expect(happened).toContain('opened paper');
  });

  it.each<[string, (scene: Awaited<ReturnType<typeof hosting>>) => Promise<unknown>]>([
    [
      'another choice was made and started',
      async ({ choose, settled }) => {
        await choose();
        await settled();
      },
    ],
    ['the program ends', ({ hosted }) => hosted.stop()],
  ])('what was still being looked at when %s is not begun', async (_name, meanwhile) => {
    const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const scene = await hosting({
      looking: async (times) => {
        asked.resolve();
        if (times === 1) await held.promise;
      },
    });
    const first = scene.choose().catch((error: unknown) => error);
    await asked.promise;
    await meanwhile(scene);
    const happened = [...scene.happened];
    held.resolve();
    expect(await first).toMatchObject({ code: 'CONFLICT' });
    await scene.settled();
    expect(scene.happened).toEqual(happened);
  });

  it('goes back to what ran before also where the settings cannot be put back, and says so', async () => {
    const { choose, settled, happened, startups } = await hosting({
      opening: async (mode) => {
        if (mode === 'paper') throw new TraderError('failure', 'the venue cannot be had');
      },
      undo: () => {
        throw new TraderError('failure', 'the settings file cannot be written');
      },
    });
    await choose();
    await settled();
    expect(happened.slice(-2)).toEqual(['opened demo', 'warning: What you chose could not be started']);
    expect(startups.at(-1)).toMatchObject({
      state: 'running',
      mode: 'demo',
      message:
        'the venue cannot be had; and it stays in the settings: the settings file cannot be written. The program runs in the demo instead',
    });
  });

  it('a second choice waits for the first', async () => {
    const held = Promise.withResolvers<void>();
    const { choose, hosted } = await hosting({
      opening: (mode) => (mode === 'paper' ? held.promise : Promise.resolve()),
    });
    await choose();
    await expect(choose()).rejects.toMatchObject({ code: 'CONFLICT' });
    held.resolve();
    await hosted.stop();
  });
});

describe('between two engines', () => {
  async function between() {
    const held = Promise.withResolvers<void>();
    const scene = await hosting({ opening: (mode) => (mode === 'paper' ? held.promise : Promise.resolve()) });
    await scene.choose();
    await scene.settled();
    return { ...scene, held };
  }

  it('the emergency stop is on disk at once, for the next engine to find', async () => {
    const { hosted, directory, timers, held } = await between();
    const view = await hosted.service.call('killSwitch.activate', { reason: 'now' });
    expect(view).toMatchObject({ engaged: true, stage: 'latched', reason: 'now', failures: [] });
    expect(new KillSwitch({ directory, clock: timers }).state()?.reason).toBe('now');
    held.resolve();
  });

  it('an emergency stop that cannot be written is pressed on the next engine before it runs', async () => {
    const { hosted, directory, engines, held, settled } = await between();
    mkdirSync(join(directory, `${LATCH_FILE}.${process.pid}.${threadId}.tmp`));
    const view = await hosted.service.call('killSwitch.activate', { reason: 'now', from: 'button' });
    expect(view.failures).toEqual([expect.stringContaining('cannot be written')]);
    held.resolve();
    await settled();
    const pressed = ({ service }: (typeof engines)[number]) =>
      service.calls.filter(({ method }) => method === 'killSwitch.activate').map(({ params }) => params);
    expect(engines.map(pressed)).toEqual([[], [{ reason: 'now', from: 'button' }]]);
  });

  it('it is not ready, and other calls are told to wait', async () => {
    const { hosted, held } = await between();
    expect(await hosted.service.call('health.get', {})).toEqual({
      ready: false,
      problems: ['the program is starting on paper'],
      components: [],
    });
    await expect(hosted.service.call('orders.list', { limit: 1 })).rejects.toThrow(CallError);
    expect(await hosted.metrics()).toBe('');
    held.resolve();
  });

  it('a page that is opened then sees the next engine as soon as it runs', async () => {
    const { hosted, held, settled } = await between();
    const seen: StreamMessage[] = [];
    hosted.service.subscribe('status', (message) => seen.push(message));
    expect(seen).toEqual([]);
    held.resolve();
    await settled();
    expect(seen.map(({ kind }) => kind)).toEqual(['snapshot']);
  });
});

describe('the end', () => {
  it('of the engine that runs is the host’s', async () => {
    const { hosted, engines, choose, settled } = await hosting();
    const end = expect(hosted.start()).rejects.toThrow('out of memory');
    await choose();
    await settled();
    engines.at(-1)?.fail(new Error('out of memory'));
    await end;
  });

  it('has come when it is told to stop before it was started, and nothing starts after it', async () => {
    const { hosted, engines } = await hosting();
    const starts = vi.spyOn(engines[0] ?? hosted, 'start');
    await hosted.stop();
    await hosted.start();
    expect(starts).not.toHaveBeenCalled();
  });

  it('comes when it is told to stop', async () => {
    const { hosted, happened } = await hosting();
    const end = hosted.start();
    await hosted.stop();
    await end;
    expect(happened).toContain('stopped demo');
  });
});
