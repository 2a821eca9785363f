import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SettingsInput, SettingsSchema, type StatusView } from '../core/contract/index.ts';
import { SILENT_LOGGER } from '../core/domain/index.ts';
import type { Tradebot } from '../core/engine/index.ts';
import { FakeContractService, statusOf } from '../tests/contracts/fake-contract-service.ts';

const electron = await vi.hoisted(async () => {
  const { EventEmitter } = await import('node:events');
  const shortcuts = new Map<string, () => void>();
  const askAndAnswer = async ({ message }: { message: string }) => {
    electron.questions.push(message);
    return { response: electron.answer };
  };
  return {
    askAndAnswer,
    Notification: { isSupported: () => false },
    menu: undefined as unknown,
    Menu: {
      buildFromTemplate: (template: unknown) => template,
      setApplicationMenu: (menu: unknown) => {
        electron.menu = menu;
      },
    },
    app: Object.assign(new EventEmitter(), { quits: 0, quit: () => undefined, getPath: () => '/nowhere' }),
    powerMonitor: new EventEmitter(),
    powerSaveBlocker: { start: () => 1, stop: () => true },
    windows: [] as InstanceType<typeof EventEmitter>[],
    shortcuts,
    taken: false,
    answer: 0,
    questions: [] as string[],
    globalShortcut: {
      register(accelerator: string, pressed: () => void): boolean {
        shortcuts.set(accelerator, pressed);
        return !electron.taken;
      },
      unregisterAll: () => shortcuts.clear(),
    },
    dialog: { showMessageBox: askAndAnswer },
  };
});
vi.mock('electron', () => electron);
vi.mock('./app-protocol.ts', () => ({ serveRenderer: () => undefined }));
vi.mock('./bridge.ts', () => ({ connectWindow: () => () => undefined }));
vi.mock('./main-window.ts', async () => {
  const { EventEmitter } = await import('node:events');
  return {
    openMainWindow: ({ appears }: { appears: boolean }) => {
      const window = Object.assign(new EventEmitter(), {
        appears,
        shown: 0,
        hidden: 0,
        isDestroyed: () => false,
        isMinimized: () => false,
        show: () => (window.shown += 1),
        focus: () => undefined,
        hide: () => (window.hidden += 1),
      });
      electron.windows.push(window);
      return window;
    },
  };
});
const trays = vi.hoisted(
  () =>
    [] as {
      run: (command: string) => void;
      emergencyKeys: string | null;
      shown: string[];
      destroyed: boolean;
    }[],
);
vi.mock('./tray.ts', () => ({
  StatusTray: class {
    readonly shown: string[] = [];
    readonly run: (command: string) => void;
    destroyed = false;

    readonly emergencyKeys: string | null;

    constructor({ run, emergencyKeys }: { run: (command: string) => void; emergencyKeys: string | null }) {
      this.run = run;
      this.emergencyKeys = emergencyKeys;
      trays.push(this);
    }

    /** As Electron's does. */
    show({ trading }: StatusView): void {
      if (this.destroyed) throw new TypeError('Tray is destroyed');
      this.shown.push(trading);
    }

    destroy(): void {
      this.destroyed = true;
    }
  },
}));

const { Desktop } = await import('./desktop.ts');

/** An engine that does what it is told and remembers it. */
class FakeTradebot implements Tradebot {
  readonly service: FakeContractService;
  readonly log = SILENT_LOGGER;
  readonly alerts: string[] = [];
  readonly reasons: string[] = [];
  starts = 0;
  stops = 0;
  stopFault: Error | undefined;
  readonly #listeners = new Set<(status: StatusView) => void>();

  constructor(service: FakeContractService) {
    this.service = service;
  }

  async start(): Promise<void> {
    this.starts += 1;
    for (const listener of this.#listeners) listener(statusOf());
  }

  async goodbye(): Promise<void> {
    return undefined;
  }

  async stop(): Promise<void> {
    this.stops += 1;
    for (const listener of this.#listeners) listener(statusOf({ trading: 'stopped' }));
    if (this.stopFault !== undefined) throw this.stopFault;
  }

  async reconcile(reason: string): Promise<void> {
    this.reasons.push(reason);
    throw new Error('the venue does not answer');
  }

  holdEntries(reason: string | null): void {
    this.reasons.push(`hold: ${reason}`);
  }

  distrustBooks(): void {
    this.reasons.push('distrust');
  }

  async metrics(): Promise<string> {
    return '';
  }
  alert(_severity: string, title: string, message: string): void {
    this.alerts.push(`${title}: ${message}`);
  }

  onStatus(listener: (status: StatusView) => void): () => void {
    this.#listeners.add(listener);
    return () => undefined;
  }
}

const POSITION = {
  symbol: 'BTC/USDT',
  quantity: '1',
  averageEntryPrice: '1',
  markPrice: '1',
  notional: '1',
  unrealisedPnl: '0',
  unrealisedPnlPct: 0,
  realisedPnl: '0',
  fees: '0',
  stopPrice: null,
  protection: 'none',
  entryThesis: null,
  openedAt: 0,
} as const;

let desktop: InstanceType<typeof Desktop>;
/** Until then the settings are on their way. */
let settingsRead: Promise<void> = Promise.resolve();

async function start(
  positions?: number,
  platform: NodeJS.Platform = 'linux',
  wanted?: SettingsInput['desktop'],
  startsInTray = false,
): Promise<FakeTradebot> {
  const service = new FakeContractService({
    ...(positions === undefined
      ? {}
      : { 'positions.list': () => Array.from({ length: positions }, () => POSITION) }),
    ...(wanted === undefined
      ? {}
      : {
          'settings.get': async () => {
            await settingsRead;
            return SettingsSchema.parse({ desktop: wanted });
          },
        }),
  });
  const tradebot = new FakeTradebot(service);
  desktop = new Desktop(tradebot, {
    startsInTray,
    machine: { platform, environment: {}, home: '/nowhere' },
    isPackaged: false,
    executable: '/nowhere/electron',
    outFolder: '/out',
    resourcesFolder: '/resources',
  });
  await desktop.start();
  return tradebot;
}

/** Asks to quit as Electron does: whether that was prevented for now. */
function askToQuit(): boolean {
  const event = { prevented: false, preventDefault: () => (event.prevented = true) };
  electron.app.emit('before-quit', event);
  return event.prevented;
}

const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  settingsRead = Promise.resolve();
  electron.app.quits = 0;
  electron.app.quit = () => {
    electron.app.quits += 1;
    return undefined;
  };
  electron.questions.length = 0;
  electron.answer = 0;
  electron.dialog.showMessageBox = electron.askAndAnswer;
  electron.taken = false;
  trays.length = 0;
  electron.windows.length = 0;
});
afterEach(() => {
  electron.app.removeAllListeners();
  electron.powerMonitor.removeAllListeners();
});

describe('quitting', () => {
  it('stops the engine first, without a question when nothing is open', async () => {
    const tradebot = await start(0);
    expect(askToQuit()).toBe(true);
    await settled();
    expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 1, quits: 1 });
    expect(electron.questions).toEqual([]);
    expect(askToQuit()).toBe(false);
  });

  it.each([
    [1, 'One position is open.'],
    [3, '3 positions are open.'],
    [undefined, 'Whether positions are open cannot be told.'],
  ])('with %s positions asks, and goes on when told so', async (positions, question) => {
    const tradebot = await start(positions);
    askToQuit();
    await settled();
    expect(electron.questions).toEqual([question]);
    expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 0, quits: 0 });
    electron.answer = 1;
    askToQuit();
    await settled();
    expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 1, quits: 1 });
  });

  it('asks once, however often it is wanted', async () => {
    const tradebot = await start(1);
    electron.answer = 1;
    for (let times = 0; times < 3; times += 1) expect(askToQuit()).toBe(true);
    await settled();
    expect(electron.questions).toHaveLength(1);
    expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 1, quits: 1 });
  });

  it('succeeds although the engine does not stop cleanly', async () => {
    const tradebot = await start(0);
    tradebot.stopFault = new Error('the database is locked');
    askToQuit();
    await settled();
    expect(electron.app.quits).toBe(1);
  });

  it('before it has begun begins nothing, and takes no keys', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    settingsRead = promise;
    const beginning = start(0, 'linux', {});
    askToQuit();
    await settled();
    resolve();
    const tradebot = await beginning;
    expect({ starts: tradebot.starts, stops: tradebot.stops, quits: electron.app.quits }).toEqual({
      starts: 0,
      stops: 1,
      quits: 1,
    });
    expect([electron.shortcuts.size, trays]).toEqual([0, []]);
  });

  it('takes the tray away before the engine tells its last state', async () => {
    await start(0);
    askToQuit();
    await settled();
    expect(trays).toMatchObject([{ destroyed: true, shown: ['running'] }]);
    expect(electron.shortcuts.size).toBe(0);
  });
});

describe('commands of tray and shortcut', () => {
  it.each([
    ['emergency-stop', 'killSwitch.activate'],
    ['pause', 'trading.pause'],
    ['resume', 'trading.resume'],
  ])('%s calls %s and tells the trader when that fails', async (command, method) => {
    const tradebot = await start(0);
    trays[0]?.run(command);
    await settled();
    expect(tradebot.service.calls.slice(1)).toMatchObject([{ method, params: { from: 'tray' } }]);
    expect(tradebot.alerts).toEqual([`This failed: ${command}: ${method} is not ready`]);
  });

  it('the emergency shortcut needs no window', async () => {
    const tradebot = await start(0);
    electron.shortcuts.get('Control+Shift+F9')?.();
    await settled();
    expect(tradebot.service.calls.slice(1)).toEqual([
      {
        method: 'killSwitch.activate',
        params: { reason: 'emergency stop from the desktop', from: 'shortcut' },
      },
    ]);
  });

  it('a shortcut that cannot be had is told to the trader, by alert and tray', async () => {
    electron.taken = true;
    const tradebot = await start(0);
    expect(tradebot.alerts).toEqual([
      expect.stringMatching(/^The emergency shortcut is not available: Ctrl\+Shift\+F9 /),
    ]);
    expect(trays[0]?.emergencyKeys).toBeNull();
  });

  it.each([
    ['darwin', undefined, 'Command+Alt+K'],
    ['win32', undefined, 'Control+Shift+F9'],
    ['win32', { emergencyShortcut: 'Control+Shift+F8' }, 'Control+Shift+F8'],
  ] as const)('on %s with %j the keys are %s, and the tray shows them', async (platform, wanted, keys) => {
    electron.shortcuts.clear();
    await start(0, platform, wanted);
    expect([...electron.shortcuts.keys()]).toEqual([keys]);
    expect(trays[0]?.emergencyKeys).toBe(keys);
  });

  it('a start with the session that cannot be had is told, and nothing else stops for it', async () => {
    const tradebot = await start(0, 'linux', { autoLaunch: true });
    expect(tradebot.alerts).toEqual([
      'The start with the session cannot be set: only the installed program can be started with the session: npm start cannot',
    ]);
    expect(trays[0]?.shown).toEqual(['running']);
  });

  it('macOS’ menu bar does what the tray does', async () => {
    const tradebot = await start(0, 'darwin');
    const [, trading] = electron.menu as { submenu: { label?: string; click?: () => void }[] }[]; // the template
    trading?.submenu.find(({ label }) => label === 'Emergency Stop')?.click?.();
    await settled();
    expect(tradebot.service.calls.at(-1)).toMatchObject({ method: 'killSwitch.activate' });
  });
});

describe('the machine', () => {
  it('#22 V20 reconciles when it wakes up, and lives on when that fails', async () => {
    const tradebot = await start(0);
    electron.powerMonitor.emit('suspend');
    electron.powerMonitor.emit('resume');
    await settled();
    expect(tradebot.reasons).toEqual([
      'hold: the machine goes to sleep',
      'distrust',
      'hold: null',
      'the machine woke up',
    ]);
  });

  it.each(['shutdown', 'session-end'])(
    'told of %s, stops without a question, once, with positions open',
    async (event) => {
      const tradebot = await start(1);
      const ends = { reasons: ['shutdown'], preventDefault: () => undefined };
      const source = event === 'shutdown' ? electron.powerMonitor : electron.windows[0];
      source?.emit(event, ends);
      source?.emit(event, ends);
      await settled();
      expect(electron.questions).toEqual([]);
      expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 1, quits: 1 });
      expect(tradebot.alerts[0]).toMatch(/^The program ends: .* stops at the venue stay as they are$/);
      expect(askToQuit()).toBe(false);
    },
  );

  it('ends also while it asks whether it may', async () => {
    const tradebot = await start(1);
    const answered = Promise.withResolvers<{ response: number }>();
    electron.dialog.showMessageBox = () => answered.promise;
    askToQuit();
    await settled();
    await desktop.end('the machine shuts down');
    answered.resolve({ response: 0 });
    await settled();
    expect({ stops: tradebot.stops, quits: electron.app.quits }).toEqual({ stops: 1, quits: 1 });
    expect(askToQuit()).toBe(false);
  });

  it.each([
    ['win32', true],
    ['darwin', false],
    ['linux', false],
  ] as const)('on %s a closed window is hidden: %s', async (platform, isHidden) => {
    await start(0, platform);
    const [window] = electron.windows;
    const closing = { prevented: false, preventDefault: () => (closing.prevented = true) };
    window?.emit('close', closing);
    expect(closing.prevented).toBe(isHidden);
    expect(window).toMatchObject({ hidden: isHidden ? 1 : 0 });
    await desktop.end('the terminal was closed');
    const atTheEnd = { prevented: false, preventDefault: () => (atTheEnd.prevented = true) };
    window?.emit('close', atTheEnd);
    expect(atTheEnd.prevented).toBe(false);
  });

  it.each([
    [false, true],
    [true, false],
  ])('that starts it with the session (%s) gets a window that appears: %s', async (startsInTray, appears) => {
    await start(0, 'linux', undefined, startsInTray);
    expect(electron.windows).toMatchObject([{ appears, shown: 0 }]);
    // Whoever starts it again wants to see it.
    electron.app.emit('second-instance');
    expect(electron.windows).toMatchObject([{ shown: 1 }]);
  });

  it('keeps trading with no window', async () => {
    await start(0);
    expect(electron.app.listenerCount('window-all-closed')).toBe(1);
    electron.app.emit('window-all-closed');
    expect(electron.app.quits).toBe(0);
  });
});
