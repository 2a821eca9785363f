import type { MarketState } from '../../core/contract/index.ts';
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
  markets: readonly MarketState[] | undefined,
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
  return marketStaleness(markets ?? []);
}

/** Symbols that are named one by one. */
const MOST_NAMED = 3;

/** Entries stop in the symbols whose data is old, and in no others: it says which. */
function marketStaleness(markets: readonly MarketState[]): Staleness | null {
  const stale = markets.filter((market) => market.stale);
  if (stale.length === 0) return null;
  const all = stale.length === markets.length;
  const named = stale.slice(0, MOST_NAMED).map(({ symbol }) => symbol);
  const rest = stale.length - named.length;
  const whose = all ? '' : ` of ${named.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  const reasons = [...new Set(stale.map(({ message }) => message).filter(Boolean)), ageText(stale)];
  const stops = all ? 'No entries until it comes back' : 'No entries there until it comes back';
  return { extent: 'market', message: `Market data${whose} is stale: ${reasons.join('; ')}. ${stops}` };
}

function ageText(stale: readonly MarketState[]): string {
  const ages = stale.map(({ ageMs }) => ageMs ?? Number.POSITIVE_INFINITY);
  const oldest = Math.max(...ages);
  return Number.isFinite(oldest) ? `last message ${duration(oldest)} ago` : 'no message yet';
}

/** A running program says something every second or two; one that hangs leaves the line open and says nothing. */
const SILENCE_LIMIT_MS = 10_000;

function isSilent(lastHeardAt: number | null, now: number): boolean {
  return lastHeardAt !== null && now - lastHeardAt > SILENCE_LIMIT_MS;
}

/** Whether the program is connected and says something: what it does now is known only then. */
export function useHeard(): boolean {
  const silent = isSilent(
    useConnection((store) => store.lastHeardAt),
    useNow(1_000),
  );
  return useConnection(({ state }) => state.kind === 'connected') && !silent;
}

/** Whether what depends on a symbol's market must look old; without one, on any market. */
export function useStale(symbol?: string): boolean {
  const heard = useHeard();
  const stale = useStatus(
    ({ content }) =>
      content?.markets.some((market) => market.stale && (symbol === undefined || market.symbol === symbol)) ??
      false,
  );
  return stale || !heard;
}
