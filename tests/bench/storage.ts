import { benchQueries, type QueriesBench } from './storage/queries.ts';
import { benchStart, type StartBench } from './storage/start.ts';
import { benchSync, type SyncBench } from './storage/sync.ts';

export interface StorageBench {
  readonly queries: QueriesBench;
  readonly sync: SyncBench;
  readonly start: StartBench;
}

/** Measures what the records cost: asking them, telling a server of them, and starting with many. Takes minutes. */
export async function benchStorage(): Promise<StorageBench> {
  return { queries: benchQueries(), sync: await benchSync(), start: await benchStart() };
}
