import type { StatusView } from '../../core/contract/index.ts';
import { duration } from '../format/index.ts';
import type { ConnectionState } from '../host/index.ts';
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
  if (feed === undefined || !feed.stale) return null;
  const since =
    feed.lastMessageAgeMs === null ? 'no message yet' : `last message ${duration(feed.lastMessageAgeMs)} ago`;
  return {
    extent: 'market',
    message: `Market data is stale: ${since}. Entries are blocked until it comes back`,
  };
}

/** Whether what depends on the market must look old. */
export function useStale(): boolean {
  const connected = useConnection(({ state }) => state.kind === 'connected');
  const stale = useStatus(({ content }) => content?.feed.stale ?? false);
  return stale || !connected;
}
