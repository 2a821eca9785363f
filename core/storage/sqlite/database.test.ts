import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { StorageError, type StorageFault } from '../storage-error.ts';
import { temporaryDatabases } from '../testing/temporary-databases.ts';
import { type DatabaseOptions, openDatabase } from './database.ts';
import { migrationsFolder } from './migrations.ts';
import { SqliteStateStore } from './state-store.ts';

const { folder, open, reopen } = temporaryDatabases();

function refusal(act: () => unknown): { fault: StorageFault; message: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Every file of a folder with its content. */
function contents(path: string): [string, string][] {
  return readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'base64')]);
}

/** A copy of the migrations to tamper with. */
function copiedMigrations(): string {
  const copy = join(folder(), 'sqlite');
  cpSync(migrationsFolder(), copy, { recursive: true });
  return copy;
}

/** A closed demo database, and a check that opening it is refused and changes nothing. */
function expectRefused(
  given: Partial<DatabaseOptions> & { damage?: (file: string) => void },
  fault: StorageFault,
  message: string,
): void {
  const directory = folder();
  const file = join(directory, 'demo.sqlite');
  const { damage, ...options } = given;
  openDatabase({ file, owner: 'demo' }).close();
  damage?.(file);
  const before = contents(directory);
  const refused = refusal(() => openDatabase({ file, owner: 'demo', ...options }));
  expect(refused.fault).toBe(fault);
  expect(refused.message).toBe(`${file} ${message}`);
  expect(contents(directory)).toEqual(before);
}

describe('openDatabase', () => {
  test('writes are on disk when a call returns', () => {
    const database = open();
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1);
  });

  test('what can be had again does not wait for the disk', () => {
    const database = openDatabase({
      file: join(folder(), 'history.sqlite'),
      owner: 'history',
      rebuildable: true,
    });
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(database.pragma('synchronous', { simple: true })).toBe(1);
    database.close();
  });

  test('every migration is applied once and recorded with its hash', () => {
    const database = reopen(open());
    const recorded = database
      .prepare('SELECT name, length(sha256) AS digits FROM migrations ORDER BY number')
      .all();
    expect(recorded).toEqual(
      readdirSync(migrationsFolder())
        .sort()
        .map((name) => ({ name, digits: 64 })),
    );
  });

  test('an older database gets what it lacks and keeps what it has', () => {
    const file = join(folder(), 'demo.sqlite');
    const older = copiedMigrations();
    for (const name of readdirSync(older).sort().slice(2)) rmSync(join(older, name));
    const before = openDatabase({ file, owner: 'demo', migrationsFolder: older });
    new SqliteStateStore(before).write('kept', 1);
    before.close();
    const after = open(file);
    expect(new SqliteStateStore(after).read('kept')).toBe(1);
    expect(after.prepare('SELECT count(*) FROM alerts').pluck().get()).toBe(0);
  });

  test('a migration that fails changes nothing, and the next start goes on from there', () => {
    const file = join(folder(), 'demo.sqlite');
    const broken = copiedMigrations();
    const next = readdirSync(broken).length + 1;
    writeFileSync(
      join(broken, `${String(next).padStart(4, '0')}_broken.sql`),
      'CREATE TABLE half (x); SELECT nonsense FROM nowhere;',
    );
    const { fault, message } = refusal(() => openDatabase({ file, owner: 'demo', migrationsFolder: broken }));
    expect([fault, message]).toEqual(['unusable', expect.stringContaining('the version before goes on')]);
    const database = open(file);
    expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'half'").get()).toBeUndefined();
    expect(database.prepare('SELECT max(number) FROM migrations').pluck().get()).toBe(next - 1);
  });

  test('a database is kept as it was before a newer version changes it, once, and one that is new or complete is not', () => {
    const file = join(folder(), 'demo.sqlite');
    const older = copiedMigrations();
    const last = readdirSync(older).sort().at(-1) ?? '';
    rmSync(join(older, last));
    const before = openDatabase({ file, owner: 'demo', migrationsFolder: older });
    before.exec("INSERT INTO state VALUES ('kept', '1')");
    before.close();
    writeFileSync(`${file}.before-0003`, 'of an earlier change');
    writeFileSync(`${file}.before-202601020304`, 'of a restore');
    open(file);
    open(file);
    const kept = `${file}.before-${last.slice(0, 4)}`;
    expect(
      readdirSync(dirname(file))
        .filter((name) => name.includes('before'))
        .sort(),
    ).toEqual([basename(kept), 'demo.sqlite.before-202601020304'].sort());
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    const copy = new Sqlite(kept, { readonly: true });
    expect(copy.prepare('SELECT document FROM state').pluck().all()).toEqual(['1']);
    expect(copy.prepare('SELECT max(number) FROM migrations').pluck().get()).toBe(
      Number(last.slice(0, 4)) - 1,
    );
    copy.close();
  });

  test('a database that cannot be kept as it was is not changed', () => {
    const file = join(folder(), 'demo.sqlite');
    const older = copiedMigrations();
    const last = readdirSync(older).sort().at(-1) ?? '';
    rmSync(join(older, last));
    openDatabase({ file, owner: 'demo', migrationsFolder: older }).close();
    mkdirSync(`${file}.before-${last.slice(0, 4)}.unfinished`);
    expect(refusal(() => openDatabase({ file, owner: 'demo' })).fault).toBe('unusable');
    expect(() => openDatabase({ file, owner: 'demo', migrationsFolder: older }).close()).not.toThrow();
  });

  test('line endings of a checkout do not make another migration', () => {
    const file = join(folder(), 'demo.sqlite');
    const copy = copiedMigrations();
    for (const name of readdirSync(copy)) {
      const path = join(copy, name);
      writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
    }
    openDatabase({ file, owner: 'demo', migrationsFolder: copy }).close();
    expect(() => open(file)).not.toThrow();
  });

  test('#25 a database of one mode is refused to another', () => {
    expectRefused({ owner: 'live' }, 'wrong-mode', 'holds demo data, not live: modes never share a database');
  });

  test('#25 a live database copied over the demo’s is refused too', () => {
    const file = join(folder(), 'live.sqlite');
    openDatabase({ file, owner: 'live' }).close();
    const copy = join(dirname(file), 'demo.sqlite');
    renameSync(file, copy);
    expect(refusal(() => openDatabase({ file: copy, owner: 'demo' })).fault).toBe('wrong-mode');
  });

  test('a database of a newer version is left as it is', () => {
    const fewer = copiedMigrations();
    rmSync(join(fewer, readdirSync(fewer).sort().at(-1) ?? ''));
    expectRefused(
      { migrationsFolder: fewer },
      'newer-version',
      'was made by a newer version of the program: update it, or choose another --data-dir',
    );
  });

  test('a database made by another form of a migration is left as it is', () => {
    const changed = copiedMigrations();
    writeFileSync(join(changed, '0001_ledger.sql'), 'CREATE TABLE something_else (x);');
    expectRefused(
      { migrationsFolder: changed },
      'changed-migration',
      'was made with another 0001_ledger.sql: use the version that made it, or choose another --data-dir',
    );
  });

  test.each<[string, (file: string) => void]>([
    ['text', (file) => writeFileSync(file, 'This is no database. '.repeat(500))],
    ['a file that was cut off', (file) => truncateSync(file, 5_000)],
  ])('%s is left as it is', (_name, damage) => {
    expectRefused(
      { damage },
      'corrupt',
      'is damaged or not a database: restore a backup with tradebot db restore FILE, or move it away',
    );
  });

  test('another program’s database is left as it is', () => {
    const damage = (file: string): void => {
      rmSync(file);
      new Sqlite(file).exec('CREATE TABLE orders (theirs TEXT)').close();
    };
    expectRefused({ damage }, 'unusable', 'belongs to another program: move it away');
  });

  test('a folder in the file’s place is refused in one line', () => {
    const file = join(folder(), 'demo.sqlite');
    mkdirSync(file);
    expect(refusal(() => openDatabase({ file, owner: 'demo' }))).toMatchObject({
      fault: 'read-only',
      message: `${file} cannot be written: check its rights and the disk`,
    });
  });

  test('a file that another program keeps locked is refused in one line', () => {
    const file = join(folder(), 'demo.sqlite');
    const other = new Sqlite(file);
    other.pragma('locking_mode = EXCLUSIVE');
    other.exec('CREATE TABLE held (x)');
    const { fault, message } = refusal(() => openDatabase({ file, owner: 'demo' }));
    other.close();
    expect([fault, message]).toEqual([
      'locked',
      `${file} is in use by another program: close it and try again`,
    ]);
  });

  test('opening a complete database writes nothing, so it waits for no other program’s write', () => {
    const writing = open();
    writing.exec('BEGIN IMMEDIATE');
    expect(() => open(writing.name)).not.toThrow();
    writing.exec('ROLLBACK');
  });

  test('two may have the same file open, and each sees what the other wrote', () => {
    const first = open();
    const second = open(first.name);
    new SqliteStateStore(first).write('a', 1);
    expect(new SqliteStateStore(second).read('a')).toBe(1);
  });
});

describe('migrationsFolder', () => {
  test('is found above a bundle wherever in the tree it lies', () => {
    const root = folder();
    mkdirSync(join(root, 'migrations', 'sqlite'), { recursive: true });
    mkdirSync(join(root, 'out', 'main', 'chunks'), { recursive: true });
    expect(migrationsFolder(join(root, 'out', 'main', 'chunks'))).toBe(join(root, 'migrations', 'sqlite'));
  });

  test('a program that came without migrations says so', () => {
    const missing = join(folder(), 'nowhere');
    expect(refusal(() => migrationsFolder(folder())).message).toContain('install the program again');
    const file = join(folder(), 'demo.sqlite');
    expect(refusal(() => openDatabase({ file, owner: 'demo', migrationsFolder: missing })).message).toBe(
      `${missing} cannot be read: install the program again`,
    );
  });

  test('a gap in the numbers is a mistake of ours, and thrown', () => {
    const gap = copiedMigrations();
    rmSync(join(gap, '0002_market_and_decisions.sql'));
    const file = join(folder(), 'demo.sqlite');
    expect(() => openDatabase({ file, owner: 'demo', migrationsFolder: gap })).toThrow('out of sequence');
  });
});
