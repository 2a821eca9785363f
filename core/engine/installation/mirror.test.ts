import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SettingsSchema } from '../../contract/index.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { openMirror, storedMirror } from './mirror.ts';
import { openStores, type Stores } from './stores.ts';
import { SYSTEM_TIMERS } from './system-timers.ts';

/** Nobody listens there. */
const URL_OF_NOBODY = 'postgres://me@127.0.0.1:1/books';
const NAMES = { account: 'paper', history: 'history' };
let directory: string;
let stores: Stores;
const kept: { close(): Promise<void> }[] = [];
const asked: string[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tradebot-mirror-'));
  stores = openStores(directory, 'paper');
  asked.length = 0;
});
afterEach(async () => {
  for (const each of kept.splice(0)) await each.close();
  stores.close();
  rmSync(directory, { recursive: true, force: true });
});

const settingsWith = (url: string | null) => SettingsSchema.parse({ mode: 'paper', timescale: { url } });

const open = (url: string | null) =>
  openMirror({
    settings: settingsWith(url),
    names: NAMES,
    stores,
    secrets: {
      sourceOf: () => undefined,
      read: (name) => {
        asked.push(name);
        return 'sesame';
      },
    },
    timers: SYSTEM_TIMERS,
    wallClock: { now: () => 1_000_000 },
    log: SILENT_LOGGER,
    keep: (resource) => kept.push(resource),
  });

test('a server that cannot be reached is told of, also when the program has ended', async () => {
  const view = open(URL_OF_NOBODY);
  stores.equity.append({ time: 5, equity: '1', capital: null });
  await untilDown(view);
  expect(view()).toMatchObject({ state: 'down', lastError: expect.stringMatching(/ECONNREFUSED/), lagMs: 0 });
  expect(asked).toContain('timescale.password');
  for (const each of kept.splice(0)) await each.close();
  stores.close();
  expect(storedMirror(directory, settingsWith(URL_OF_NOBODY), 1_000_000)).toMatchObject({
    state: 'down',
    lastError: expect.stringMatching(/ECONNREFUSED/),
    rowsPerSecond: null,
  });
  stores = openStores(directory, 'paper');
});

test('without a server nothing is kept for one, also what an earlier one was not told', () => {
  for (const outbox of [stores.outbox, stores.historyOutbox]) {
    outbox?.meet({ server: 's', newest: 0, turn: 't', isStrange: true });
  }
  stores.equity.append({ time: 5, equity: '1', capital: null });
  stores.history.append('BTC/USDT', '1h', [{ openTime: 0, open: 1, high: 1, low: 1, close: 1, volume: 1 }]);
  stores.together(() => undefined);
  stores.retry();
  expect([stores.outbox.backlog, stores.historyOutbox?.backlog]).toEqual([1, 1]);
  expect(open(null)()).toBeNull();
  stores.retry();
  stores.equity.append({ time: 6, equity: '1', capital: null });
  stores.retry();
  expect([stores.outbox.backlog, stores.historyOutbox?.backlog]).toEqual([0, 0]);
  expect(storedMirror(directory, settingsWith(null), 0)).toMatchObject({
    state: 'never',
    since: null,
    backlog: 0,
  });
});

test('books that are not there have no mirror', () => {
  expect(() => storedMirror(join(directory, 'nowhere'), settingsWith(null), 0)).toThrow(
    /there are no paper books/,
  );
});

async function untilDown(view: () => { readonly state: string } | null): Promise<void> {
  while (view()?.state !== 'down') await SYSTEM_TIMERS.wait(1);
}
