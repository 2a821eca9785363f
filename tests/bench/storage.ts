import { benchStart, type StartBench } from './storage/start.ts';
import { benchSync, type SyncBench } from './storage/sync.ts';

export interface StorageBench {
  readonly sync: SyncBench;
  readonly start: StartBench;
}

/** Measures what the records cost: telling a server of them, and starting with many. Takes a minute. */
export async function benchStorage(): Promise<StorageBench> {
  return { sync: await benchSync(), start: await benchStart() };
}
