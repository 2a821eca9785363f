import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { PLATFORM } from '../../platform/index.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { damageOf } from './copy.ts';
import { openDatabase } from './database.ts';
import { migrationsFolder } from './migrations.ts';
import { SqliteOrderLedger } from './order-ledger.ts';

const { folder, open } = temporaryDatabases();
const PROGRAM = fileURLToPath(new URL('../testing/no-room.ts', import.meta.url));
const BLOCK = 1_024;
const DOCUMENTS = 20;

/** Runs it with files of so many bytes at most. What it says, a line each. */
function withoutRoom(directory: string, deed: string, bytes: number): readonly string[] {
  const blocks = Math.ceil(bytes / BLOCK);
  // Ignored, the signal becomes an error of the write, as a full disk's is.
  const script = `trap '' XFSZ; ulimit -f ${blocks}; exec "$@"`;
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['-c', script, 'bash', process.execPath, PROGRAM, directory, deed],
    { encoding: 'utf8' },
  );
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\n').filter(Boolean);
}

/** Books with something in them. */
function books(migrations?: string): string {
  const directory = folder();
  const file = join(directory, 'demo.sqlite');
  const database = openDatabase({
    file,
    owner: 'demo',
    ...(migrations === undefined ? {} : { migrationsFolder: migrations }),
  });
  database.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${DOCUMENTS})
    INSERT INTO state SELECT 'document ' || i, '"' || hex(zeroblob(1000)) || '"' FROM n`);
  database.close();
  return directory;
}

// The limit is the shell's, which Windows does not have.
describe.skipIf(PLATFORM === 'win32')('where no file can grow any more', () => {
  test('an order’s write is refused in one line, what was said to be written is, and it goes on with room', () => {
    const directory = books();
    const lines = withoutRoom(directory, 'fill', 1_200_000);
    const written = lines.filter((line) => /^o\d+$/.test(line));
    const refused = lines.filter((line) => !/^o\d+$/.test(line));
    expect(written.length).toBeGreaterThan(10);
    expect(refused).toHaveLength(3);
    for (const line of refused)
      expect(line).toMatch(/^LedgerError: the order ledger cannot be written: .*(full|disk)/);
    const database = open(join(directory, 'demo.sqlite'));
    expect(damageOf(database)).toBeNull();
    const ledger = new SqliteOrderLedger(database);
    const found = ledger.recentOrders({ limit: 100_000 }).map(({ clientOrderId }) => clientOrderId);
    expect(found.toReversed()).toEqual(written);
  });

  test('books are not brought to a newer version, in one line; with room they are, and nothing is lost', () => {
    const older = join(folder(), 'sqlite');
    cpSync(migrationsFolder(), older, { recursive: true });
    for (const name of readdirSync(older)) if (name >= '0010') rmSync(join(older, name));
    const directory = books(older);
    const file = join(directory, 'demo.sqlite');
    const { size } = statSync(file);
    // Not enough for the copy that is made before; then for that, and not for the whole way.
    for (const room of [size / 2, size + 4_096]) {
      expect(withoutRoom(directory, 'open', room)).toEqual([expect.stringMatching(/no room on the disk/)]);
      expect(readdirSync(directory).filter((name) => name.includes('unfinished'))).toEqual([]);
    }
    const database = open(file);
    expect(damageOf(database)).toBeNull();
    expect(database.prepare('SELECT count(*) FROM state').pluck().get()).toBe(DOCUMENTS);
  });

  test('a backup is refused in one line and leaves nothing behind; the books stay as they are', () => {
    const directory = books();
    expect(withoutRoom(directory, 'copy', 100_000)).toEqual([expect.stringMatching(/no room on the disk/)]);
    expect(readdirSync(directory).filter((name) => name.startsWith('copy'))).toEqual([]);
    expect(damageOf(open(join(directory, 'demo.sqlite')))).toBeNull();
  });
});
