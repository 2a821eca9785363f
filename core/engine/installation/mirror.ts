import { existsSync } from 'node:fs';
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
import { type MirrorState, TimescaleSync } from '../../storage/index.ts';
import type { Secrets } from './secrets.ts';
import { storeNames } from './store-names.ts';
import { openStores, type Stores } from './stores.ts';

const MirrorSchema = z.object({
  state: z.enum(['connecting', 'up', 'down']),
  since: z.number(),
  lastError: z.string().nullable(),
  notices: z.array(z.string()),
});
type Stored = z.infer<typeof MirrorSchema>;

export interface MirrorOptions {
  readonly settings: Settings;
  /** The name of the books. */
  readonly account: string;
  readonly stores: Pick<Stores, 'outbox' | 'whenever' | 'state'>;
  readonly secrets: Secrets;
  readonly timers: Timers;
  readonly wallClock: Clock;
  readonly log: Logger;
  /** Has it closed before what was opened earlier. */
  readonly keep: (resource: { close(): Promise<void> }) => unknown;
}

/** Mirrors the trade history to the server of the settings, where they name one. How that goes is in the books as well. */
export function openMirror({
  settings,
  account,
  stores,
  secrets,
  timers,
  wallClock,
  log,
  keep,
}: MirrorOptions): void {
  const { url, retentionDays } = settings.timescale;
  if (url === null) return;
  const document = mirrorDocument(stores.state);
  const sync = new TimescaleSync({
    ...{ url, retentionDays, account, timers, log },
    password: () => secrets.read('timescale.password'),
    outbox: stores.outbox,
    write: (run) => stores.whenever(run),
    now: () => wallClock.now(),
    onState: ({ state, since, lastError, notices }) =>
      document.write({ state, since, lastError, notices: [...notices] }),
  });
  keep(sync);
}

export interface MirrorReport extends Pick<MirrorState, 'lastError' | 'notices'> {
  /** `never`: no program with a server in its settings has run on these books. */
  readonly state: MirrorState['state'] | 'never';
  readonly since: number | null;
  /** Rows that the server has not confirmed. */
  readonly backlog: number;
}

/** How a mode's mirror does, as its program last said, running or not. @throws TraderError where there are no books. */
export function storedMirror(directory: string, settings: Settings): MirrorReport {
  const names = storeNames(directory, settings);
  if (!existsSync(join(directory, `${names.account}.sqlite`))) {
    throw new TraderError('bad-input', `there are no ${settings.mode} books in ${directory} yet`);
  }
  const stores = openStores(directory, settings.mode, undefined, names);
  try {
    const stored = mirrorDocument(stores.state).readOr(() => NEVER);
    const { backlog } = stores.outbox;
    if (stored.since === 0) return { state: 'never', since: null, lastError: null, notices: [], backlog };
    return { ...stored, backlog };
  } finally {
    stores.close();
  }
}

const NEVER: Stored = { state: 'connecting', since: 0, lastError: null, notices: [] };

function mirrorDocument(state: StateStore): StateDocument<Stored> {
  return new StateDocument<Stored>(state, 'mirror', {
    version: 1,
    initial: NEVER,
    parse: (stored) => MirrorSchema.safeParse(stored).data,
  });
}
