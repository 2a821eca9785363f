import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Settings } from '../../contract/index.ts';
import {
  type Clock,
  type Logger,
  StateDocument,
  type StateStore,
  type Timers,
  TraderError,
} from '../../domain/index.ts';
import {
  type MirrorSource,
  type MirrorState,
  type SqliteOutbox,
  TimescaleSync,
} from '../../storage/index.ts';
import type { Secrets } from './secrets.ts';
import { type StoreNames, storeNames } from './store-names.ts';
import { openStores, type Stores } from './stores.ts';

const MirrorSchema = z.object({
  state: z.enum(['connecting', 'up', 'down']),
  since: z.number(),
  lastError: z.string().nullable(),
  notices: z.array(z.string()),
  caughtUpAt: z.number().nullable().default(null),
  rowsPerSecond: z.number().nullable().default(null),
});
type Stored = z.infer<typeof MirrorSchema>;

export interface MirrorOptions {
  readonly settings: Settings;
  readonly names: StoreNames;
  readonly stores: Pick<Stores, 'outbox' | 'whenever' | 'state' | 'historyOutbox' | 'wheneverToHistory'>;
  readonly secrets: Secrets;
  readonly timers: Timers;
  readonly wallClock: Clock;
  readonly log: Logger;
  /** Has it closed before what was opened earlier. */
  readonly keep: (resource: { close(): Promise<void> }) => unknown;
}

/** Says how the mirror does now; null: there is none. */
export type MirrorView = () => MirrorReport | null;

/** Mirrors the books to the server of the settings, where they name one. How that goes is in the books as well. */
export function openMirror({
  settings,
  names,
  stores,
  secrets,
  timers,
  wallClock,
  log,
  keep,
}: MirrorOptions): MirrorView {
  const sources = sourcesOf(stores, names);
  const { url, ...use } = settings.timescale;
  if (url === null) {
    for (const { outbox, write } of sources) write(() => outbox.leave());
    return () => null;
  }
  const document = mirrorDocument(stores.state);
  const sync = new TimescaleSync({
    ...{ url, use, sources, timers, log },
    machine: hostname(),
    password: () => secrets.read('timescale.password'),
    now: () => wallClock.now(),
    onState: ({ told: _told, notices, ...state }) => document.write({ ...state, notices: [...notices] }),
  });
  keep(sync);
  const outboxes = sources.map(({ outbox }) => outbox);
  return () => reportOf(sync.state, backlogOf(outboxes), wallClock.now());
}

/** The account's books, and the bars where they have a database of their own. */
function sourcesOf(stores: MirrorOptions['stores'], names: StoreNames): readonly MirrorSource[] {
  const account: MirrorSource = {
    account: names.account,
    outbox: stores.outbox,
    write: (run) => stores.whenever(run),
  };
  if (stores.historyOutbox === null) return [account];
  return [
    account,
    {
      account: names.history,
      outbox: stores.historyOutbox,
      write: (run) => stores.wheneverToHistory(run),
    },
  ];
}

export interface MirrorReport extends Pick<MirrorState, 'lastError' | 'notices' | 'rowsPerSecond'> {
  /** `never`: no program with a server in its settings has run on these books. */
  readonly state: MirrorState['state'] | 'never';
  readonly since: number | null;
  /** Rows that the server has not confirmed. */
  readonly backlog: number;
  /** For how long there has been something that it was not told; null: it was never told everything. */
  readonly lagMs: number | null;
}

/** How a mode's mirror does, as its program last said, running or not. @throws TraderError where there are no books. */
export function storedMirror(directory: string, settings: Settings, now: number): MirrorReport {
  const names = storeNames(directory, settings);
  if (!existsSync(join(directory, `${names.account}.sqlite`))) {
    throw new TraderError('bad-input', `there are no ${settings.mode} books in ${directory} yet`);
  }
  const stores = openStores(directory, settings.mode, undefined, names);
  try {
    const stored = mirrorDocument(stores.state).readOr(() => NEVER);
    const { outbox, historyOutbox } = stores;
    const backlog = backlogOf(historyOutbox === null ? [outbox] : [outbox, historyOutbox]);
    const report = reportOf(stored, backlog, now);
    return stored.since === 0 ? { ...report, state: 'never', since: null } : report;
  } finally {
    stores.close();
  }
}

function reportOf(stored: Stored | MirrorState, backlog: number, now: number): MirrorReport {
  const { state, since, lastError, notices, rowsPerSecond, caughtUpAt } = stored;
  const behindMs = caughtUpAt === null ? null : Math.max(0, now - caughtUpAt);
  return {
    ...{ state, since, lastError, notices, rowsPerSecond, backlog },
    lagMs: backlog === 0 ? 0 : behindMs,
  };
}

function backlogOf(outboxes: readonly SqliteOutbox[]): number {
  return outboxes.reduce((sum, { backlog }) => sum + backlog, 0);
}

const NEVER: Stored = {
  ...{ state: 'connecting', since: 0, lastError: null, notices: [] },
  ...{ caughtUpAt: null, rowsPerSecond: null },
};

function mirrorDocument(state: StateStore): StateDocument<Stored> {
  return new StateDocument<Stored>(state, 'mirror', {
    version: 1,
    initial: NEVER,
    parse: (stored) => MirrorSchema.safeParse(stored).data,
  });
}
