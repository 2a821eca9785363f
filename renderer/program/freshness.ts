import type { StatusView } from '../../core/contract/index.ts';
import { duration } from '../format/index.ts';
import type { ConnectionState } from '../host/index.ts';
import { useNow } from '../parts/index.ts';
import { useConnection, useStatus } from '../stores/index.ts';

export interface Staleness {
  /** Everything shown is old, or only what depends on the market. */
  readonly extent: 'everything' | 'market';
  readonly message: string;
}

/** What of the page is out of date and why; null when all of it is fresh. Times in UTC milliseconds. */
export function stalenessOf(
  connection: ConnectionState,
  lastHeardAt: number | null,
  feed: StatusView['feed'] | undefined,
  now: number,
): Staleness | null {
  if (connection.kind !== 'connected') {
    if (lastHeardAt === null) return null;
    const age = duration(now - lastHeardAt);
    return { extent: 'everything', message: `Not live: this is how things stood ${age} ago` };
  }
  if (isSilent(lastHeardAt, now)) {
    const age = duration(now - (lastHeardAt ?? now));
    return { extent: 'everything', message: `Not live: the program has said nothing for ${age}` };
  }
  if (feed === undefined || !feed.stale) return null;
  const since =
    feed.lastMessageAgeMs === null ? 'no message yet' : `last message ${duration(feed.lastMessageAgeMs)} ago`;
  return {
    extent: 'market',
    message: `Market data is stale: ${since}. Entries are blocked until it comes back`,
  };
}

/** A running program says something every second or two; one that hangs leaves the line open and says nothing. */
const SILENCE_LIMIT_MS = 10_000;

function isSilent(lastHeardAt: number | null, now: number): boolean {
  return lastHeardAt !== null && now - lastHeardAt > SILENCE_LIMIT_MS;
}

/** Whether what depends on the market must look old. */
export function useStale(): boolean {
  const silent = isSilent(
    useConnection((store) => store.lastHeardAt),
    useNow(1_000),
  );
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const stale = useStatus(({ content }) => content?.feed.stale ?? false);
  return stale || silent || !connected;
}
