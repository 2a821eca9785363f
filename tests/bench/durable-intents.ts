import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, SqliteOrderLedger } from '../../core/storage/index.ts';
import { intentOf } from '../contracts/builders.ts';

export interface DurableIntentsBench {
  readonly count: number;
  /** Intents that are on the disk when the call returns. */
  readonly intentsPerSecond: number;
  /** What the disk does at most: a page appended to a file and synced, beside them in the same run. */
  readonly fsyncsPerSecond: number;
  readonly ratio: number;
}

/** As SQLite writes them. */
const PAGE_BYTES = 4_096;
/** The two take turns, so that a disk that is busy for a while is busy for both. */
const ROUND = 20;

/** How fast orders can be made durable before they leave, beside how fast this disk makes anything durable. */
export function benchDurableIntents(rounds = 100): DurableIntentsBench {
  const directory = mkdtempSync(join(tmpdir(), 'tradebot-bench-'));
  const database = openDatabase({ file: join(directory, 'ledger.sqlite'), owner: 'sandbox' });
  const bare = openSync(join(directory, 'bare'), 'w');
  const page = Buffer.alloc(PAGE_BYTES, 1);
  try {
    const ledger = new SqliteOrderLedger(database);
    let [intentMs, fsyncMs] = [0, 0];
    for (let round = 0; round < rounds; round += 1) {
      intentMs += timeOf((place) => ledger.appendIntent(intentOf(`bench-${round * ROUND + place}`)));
      fsyncMs += timeOf(() => {
        writeSync(bare, page);
        fsyncSync(bare);
      });
    }
    const count = rounds * ROUND;
    return {
      count,
      intentsPerSecond: Math.round((count / intentMs) * 1_000),
      fsyncsPerSecond: Math.round((count / fsyncMs) * 1_000),
      ratio: Math.round((fsyncMs / intentMs) * 100) / 100,
    };
  } finally {
    closeSync(bare);
    database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Milliseconds that a round of it takes. */
function timeOf(write: (place: number) => void): number {
  const startedAt = performance.now();
  for (let place = 0; place < ROUND; place += 1) write(place);
  return performance.now() - startedAt;
}
