import Sqlite, { type Database } from 'better-sqlite3';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RetriedWrites, type RetriedWritesOptions, type Write } from './index.ts';
import { BUSY_TIMEOUT_MS } from './sqlite/database.ts';
import { temporaryDatabases } from './testing/temporary-databases.ts';

const { open } = temporaryDatabases();

const FULL = new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL');

/** Writes over a list instead of a database, which fails while `fault` is set. */
function overList(options: Partial<RetriedWritesOptions> = {}) {
  const list: string[] = [];
  const place: { fault: Error | null; calls: number } = { fault: null, calls: 0 };
  const writes = new RetriedWrites({
    name: 'demo.sqlite',
    transact: (run) => {
      const before = list.length;
      try {
        run();
      } catch (error) {
        list.length = before;
        throw error;
      }
    },
    ...options,
  });
  const write = (text: string, given: Partial<Write> = {}): void =>
    writes.write({
      expendable: false,
      run: () => {
        place.calls += 1;
        if (place.fault !== null) throw place.fault;
        list.push(text);
      },
      ...given,
    });
  return { list, place, writes, write };
}

/** Writes to a table of a real database. */
function overDatabase() {
  const database = open();
  database.exec('CREATE TABLE notes (note TEXT UNIQUE)');
  database.pragma('busy_timeout = 0');
  const insert = database.prepare('INSERT INTO notes VALUES (?)');
  const transaction = database.transaction((run: () => void) => run());
  const writes = new RetriedWrites({
    name: 'demo.sqlite',
    transact: (run) => transaction.immediate(run),
  });
  const write = (note: string): void => writes.write({ expendable: false, run: () => insert.run(note) });
  return { database, writes, write, notes: (from: Database = database) => notesIn(from) };
}

function notesIn(database: Database): unknown {
  return database.prepare('SELECT note FROM notes ORDER BY rowid').pluck().all();
}

describe('writes to a database', () => {
  test('are written at once while it can be', () => {
    const { writes, write, notes } = overDatabase();
    write('a');
    expect(notes()).toEqual(['a']);
    expect([writes.pending, writes.lost, writes.fault]).toEqual([0, 0, null]);
  });

  test('that another connection keeps locked wait, in their order, and are there once it is free', () => {
    const { database, writes, write, notes } = overDatabase();
    const other = new Sqlite(database.name);
    other.exec('BEGIN IMMEDIATE');
    write('a');
    write('b');
    writes.retry();
    expect(notes()).toEqual([]);
    expect([writes.pending, writes.fault]).toEqual([
      2,
      'demo.sqlite cannot be written, another program keeps it locked: changes kept in memory and tried again: 2',
    ]);
    other.exec('COMMIT');
    // What comes now does not overtake what waits.
    write('c');
    writes.retry();
    expect(notes(other)).toEqual(['a', 'b', 'c']);
    expect([writes.pending, writes.lost, writes.fault]).toEqual([0, 0, null]);
    other.close();
  });

  test('wait for another program a moment at most: the kill switch waits with them', () => {
    expect(open().pragma('busy_timeout', { simple: true })).toBe(BUSY_TIMEOUT_MS);
    expect(BUSY_TIMEOUT_MS).toBeLessThanOrEqual(250);
  });

  test('on a full disk wait until there is room', () => {
    const { database, writes, write, notes } = overDatabase();
    const long = 'x'.repeat(50_000);
    database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
    write(long);
    write('b');
    expect(writes.fault).toBe(
      'demo.sqlite cannot be written, the disk is full: changes kept in memory and tried again: 2',
    );
    writes.retry();
    expect(notes()).toEqual([]);
    database.pragma('max_page_count = 100000');
    writes.retry();
    expect(notes()).toEqual([long, 'b']);
  });

  test('to a database that is closed, or may only be read, wait', () => {
    const { database, writes, write, notes } = overDatabase();
    database.pragma('query_only = ON');
    write('a');
    expect(writes.fault).toContain('it is read-only');
    database.pragma('query_only = OFF');
    writes.retry();
    expect(notes()).toEqual(['a']);
    database.close();
    write('b');
    writes.retry();
    expect([writes.pending, writes.fault]).toEqual([
      1,
      'demo.sqlite cannot be written, it is closed: changes kept in memory and tried again: 1',
    ]);
  });

  test('that it refuses are given up and shown, and hold up nothing', () => {
    const { database, writes, write, notes } = overDatabase();
    write('a');
    write('a');
    expect([writes.pending, writes.lost, writes.fault]).toEqual([
      0,
      1,
      'demo.sqlite refused a write, SqliteError: UNIQUE constraint failed: notes.note, given up: 1',
    ]);
    const other = new Sqlite(database.name);
    other.exec('BEGIN IMMEDIATE');
    for (const note of ['b', 'a', 'c']) write(note);
    expect(writes.fault).toContain('tried again: 3, given up: 1');
    other.close();
    writes.retry();
    expect([notes(), writes.pending, writes.lost]).toEqual([['a', 'b', 'c'], 0, 2]);
  });
});

describe('writes that belong together', () => {
  test('are all there or none', () => {
    const { writes, write, notes } = overDatabase();
    writes.together(() => {
      write('a');
      writes.together(() => write('b'));
      expect(notes()).toEqual([]);
      write('c');
    });
    expect(notes()).toEqual(['a', 'b', 'c']);
    writes.together(() => {
      write('d');
      write('a');
    });
    expect([notes(), writes.lost]).toEqual([['a', 'b', 'c'], 2]);
  });

  test('wait together too', () => {
    const { database, writes, write, notes } = overDatabase();
    const other = new Sqlite(database.name);
    other.exec('BEGIN IMMEDIATE');
    writes.together(() => {
      write('a');
      write('b');
    });
    expect(writes.pending).toBe(2);
    other.close();
    writes.retry();
    expect(notes()).toEqual(['a', 'b']);
  });

  test('are none when whoever writes them fails half-way, and the next are written as ever', () => {
    const { writes, write, notes } = overDatabase();
    const half = (): void => {
      write('a');
      throw new Error('half-way');
    };
    expect(() => writes.together(half)).toThrow('half-way');
    write('b');
    writes.together(() => undefined);
    expect(notes()).toEqual(['b']);
  });
});

describe('writes that wait', () => {
  test('are not tried one by one: a locked database is waited for once a retry', () => {
    const { place, writes, write } = overList();
    place.fault = FULL;
    for (const text of ['a', 'b', 'c', 'd']) write(text);
    expect(place.calls).toBe(1);
    writes.retry();
    expect(place.calls).toBe(2);
  });

  test('are tried now and then even where nobody sets a timer', () => {
    const { list, place, write } = overList();
    place.fault = FULL;
    write('0');
    place.fault = null;
    for (let index = 1; index <= 40; index += 1) write(`${index}`);
    expect(list).toHaveLength(41);
    expect(list.slice(0, 3)).toEqual(['0', '1', '2']);
  });

  test('are written a thousand at a time, so that a long queue holds nobody up', () => {
    const { list, place, writes, write } = overList();
    place.fault = FULL;
    for (let index = 0; index < 2_500; index += 1) write(`${index}`);
    place.fault = null;
    writes.retry();
    expect([list.length, writes.pending]).toEqual([1_000, 1_500]);
    writes.retry();
    writes.retry();
    writes.retry();
    expect([list.length, writes.pending, list.at(-1)]).toEqual([2_500, 0, '2499']);
  });

  test('are told when they wait and when they no longer do', () => {
    const { place, writes, write } = overList();
    const told: string[] = [];
    const telling = (name: string): Partial<Write> => ({
      onWait: () => told.push(`${name} waits`),
      onEnd: () => told.push(`${name} ends`),
    });
    write('a', telling('a'));
    place.fault = FULL;
    write('b', telling('b'));
    place.fault = null;
    writes.retry();
    expect(told).toEqual(['a ends', 'b waits', 'b ends']);
  });

  test('with a key give way to a later one of that key', () => {
    const { list, place, writes, write } = overList();
    place.fault = FULL;
    write('a1', { key: 'a' });
    write('b1', { key: 'b' });
    write('x');
    write('a2', { key: 'a' });
    expect(writes.pending).toBe(3);
    place.fault = null;
    writes.retry();
    expect(list).toEqual(['b1', 'x', 'a2']);
  });

  test('in a group do not give way: the group would not be whole', () => {
    const { list, place, writes, write } = overList();
    place.fault = FULL;
    writes.together(() => {
      write('a1', { key: 'a' });
      write('x');
    });
    write('a2', { key: 'a' });
    place.fault = null;
    writes.retry();
    expect(list).toEqual(['a1', 'x', 'a2']);
  });

  test('are given up beyond the limit, the oldest expendable one first', () => {
    const { list, place, writes, write } = overList({ limit: 3 });
    const gone: string[] = [];
    const say = (name: string, expendable = false): void =>
      write(name, { expendable, onEnd: () => gone.push(name) });
    place.fault = FULL;
    say('decision 1');
    say('candle 1', true);
    say('candle 2', true);
    say('decision 2');
    say('decision 3');
    say('decision 4');
    expect(gone).toEqual(['candle 1', 'candle 2', 'decision 1']);
    expect([writes.pending, writes.lost, writes.fault]).toEqual([
      3,
      3,
      'demo.sqlite cannot be written, the disk is full: changes kept in memory and tried again: 3, given up: 3',
    ]);
    place.fault = null;
    writes.retry();
    expect(list).toEqual(['decision 2', 'decision 3', 'decision 4']);
  });

  test('with a key are kept beyond the limit, also those of a group that is given up', () => {
    const { list, place, writes, write } = overList({ limit: 2 });
    place.fault = FULL;
    writes.together(() => {
      write('state 1', { key: '1' });
      write('decision');
    });
    for (const key of ['2', '3', '4']) write(`state ${key}`, { key });
    expect([writes.pending, writes.lost]).toEqual([4, 1]);
    place.fault = null;
    writes.retry();
    expect(list).toEqual(['state 1', 'state 2', 'state 3', 'state 4']);
  });

  test('wait on whatever the transaction itself fails of', () => {
    let fault: Error | null = FULL;
    const list: string[] = [];
    const writes = new RetriedWrites({
      name: 'demo.sqlite',
      transact: (run) => {
        if (fault !== null) throw fault;
        run();
      },
    });
    writes.write({ expendable: false, run: () => list.push('a') });
    fault = new Error('cannot start a transaction');
    writes.retry();
    expect(writes.fault).toContain('Error: cannot start a transaction: changes kept in memory');
    fault = null;
    writes.retry();
    expect(list).toEqual(['a']);
  });

  test.each([
    ['SQLITE_IOERR_FSYNC', 'the disk fails'],
    ['SQLITE_NOMEM', 'it fails (SQLITE_NOMEM)'],
    ['SQLITE_CORRUPT', 'it is damaged'],
    ['SQLITE_CANTOPEN', 'it cannot be opened'],
  ])('say %s in words', (code, words) => {
    const { place, writes, write } = overList();
    place.fault = new Sqlite.SqliteError('no', code);
    write('a');
    expect(writes.fault).toContain(words);
  });

  test('whenever the database fails, everything is written once and in order', () => {
    const step = fc.constantFrom('write', 'group', 'fail', 'recover', 'retry');
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { list, place, writes, write } = overList();
        const expected: string[] = [];
        const say = (): void => {
          const text = `${expected.length}`;
          expected.push(text);
          write(text);
        };
        for (const next of steps) {
          if (next === 'write') say();
          else if (next === 'group') writes.together(() => [say(), say()]);
          else if (next === 'fail') place.fault = FULL;
          else if (next === 'recover') place.fault = null;
          else writes.retry();
          expect(list).toEqual(expected.slice(0, list.length));
          expect(list.length + writes.pending).toBe(expected.length);
        }
        place.fault = null;
        writes.retry();
        expect(list).toEqual(expected);
      }),
    );
  });
});

describe('reading', () => {
  test('a database that cannot be read now answers with what is known, says so, and recovers', () => {
    const { writes } = overList();
    const failing = (): number => {
      throw new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR');
    };
    expect(writes.read(failing, 7)).toBe(7);
    expect(writes.fault).toBe('demo.sqlite cannot be read, the disk fails');
    expect(writes.read(() => 8, 7)).toBe(8);
    expect(writes.fault).toBeNull();
  });

  test('what is wrong by itself is thrown', () => {
    const { writes } = overList();
    const wrong = (): number => {
      throw new TypeError('a bug');
    };
    expect(() => writes.read(wrong, 7)).toThrow('a bug');
  });
});

/** Writes of which some may wait: until the test says that a moment has passed. */
function withMoments() {
  const moments: (() => void)[] = [];
  const scene = overList({ later: (run) => moments.push(run) });
  const { list, place, writes } = scene;
  const mayWait = (text: string, given: Partial<Write> = {}): void =>
    scene.write(text, { mayWait: true, ...given });
  /** Somebody else's write to the same database. */
  const another = (text: string, fault?: Error): void =>
    writes.carry((carry) => {
      const before = list.length;
      try {
        carry();
        if (fault !== undefined) throw fault;
        list.push(text);
      } catch (error) {
        list.length = before;
        throw error;
      }
    });
  const pass = (): void => {
    for (const over of moments.splice(0)) over();
  };
  return { ...scene, mayWait, another, pass, place };
}

describe('writes that may wait', () => {
  test('are written at once where nobody calls back', () => {
    const { list, write } = overList();
    write('a', { mayWait: true });
    expect(list).toEqual(['a']);
  });

  test('are written a moment later, together and in order', () => {
    const { list, writes, mayWait, pass } = withMoments();
    mayWait('a');
    writes.together(() => {
      mayWait('b');
      mayWait('c');
    });
    expect([list, writes.pending, writes.fault]).toEqual([[], 0, null]);
    pass();
    expect(list).toEqual(['a', 'b', 'c']);
    mayWait('d');
    pass();
    expect(list).toEqual(['a', 'b', 'c', 'd']);
  });

  test('go before the next write, and a group in which one may not wait goes at once', () => {
    const { list, writes, write, mayWait, pass } = withMoments();
    mayWait('a');
    write('b');
    expect(list).toEqual(['a', 'b']);
    writes.together(() => {
      mayWait('c');
      write('d');
    });
    expect(list).toEqual(['a', 'b', 'c', 'd']);
    pass();
    expect(list).toHaveLength(4);
  });

  test('go along with somebody else’s write, and are told that they wait no longer', () => {
    const { list, mayWait, another, pass } = withMoments();
    const told: string[] = [];
    mayWait('a', { onWait: () => told.push('waits'), onEnd: () => told.push('ended') });
    another('order');
    expect([list, told]).toEqual([
      ['a', 'order'],
      ['waits', 'ended'],
    ]);
    another('order');
    pass();
    expect(list).toEqual(['a', 'order', 'order']);
  });

  test('stay when that one fails', () => {
    const { list, writes, mayWait, another, pass } = withMoments();
    mayWait('a');
    expect(() => another('order', new Error('no such order'))).toThrow('no such order');
    expect([list, writes.pending]).toEqual([[], 0]);
    mayWait('b');
    pass();
    expect(list).toEqual(['a', 'b']);
  });

  test('that fail along with it are tried again without it, and it is written', () => {
    const { list, place, writes, mayWait, another, pass } = withMoments();
    mayWait('a');
    place.fault = FULL;
    another('order');
    expect([list, writes.pending]).toEqual([['order'], 1]);
    expect(writes.fault).toContain('the disk is full');
    place.fault = null;
    // What waits longer goes first.
    mayWait('b');
    another('order 2');
    pass();
    writes.retry();
    expect(list).toEqual(['order', 'order 2', 'a', 'b']);
  });

  test('that the database refuses are given up, also along with others', () => {
    const { list, place, writes, mayWait, another } = withMoments();
    place.fault = new Error('not a row');
    mayWait('a');
    another('order');
    expect([list, writes.pending, writes.lost]).toEqual([['order'], 0, 1]);
  });

  test('wait on when the disk fails in that moment, and go with the next retry', () => {
    const { list, place, writes, mayWait, pass } = withMoments();
    mayWait('a');
    place.fault = FULL;
    pass();
    expect([list, writes.pending]).toEqual([[], 1]);
    place.fault = null;
    mayWait('b');
    writes.retry();
    expect([list, writes.pending]).toEqual([['a', 'b'], 0]);
  });
});
