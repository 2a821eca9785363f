import { closeSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import '../../../scripts/compile-cache.mjs';

/** `tradebot` as the command line runs it, in a process that can be got into trouble by word of its parent. */

export type Trouble =
  /** The event loop does nothing for so long. */
  | { readonly kind: 'block'; readonly ms: number }
  /** Not one more file or socket can be opened; or they can again. */
  | { readonly kind: 'descriptors'; readonly taken: boolean }
  /** Not one more row has room in the account's books; or there is room again. */
  | { readonly kind: 'books'; readonly full: boolean };
/** That it is in it, or out of it. */
export interface InTrouble {
  readonly kind: Trouble['kind'];
}

const PLENTY = 1_000_000;
const BALLAST = 4_096;

const taken: number[] = [];
const databases = new Set<Sqlite.Database>();
const prepare = Sqlite.prototype.prepare;
/** Every database is known by its first statement: nothing of the program knows. */
Sqlite.prototype.prepare = function (this: Sqlite.Database, source: string): Sqlite.Statement {
  databases.add(this);
  return prepare.call(this, source);
} as typeof prepare;

function books(): readonly Sqlite.Database[] {
  return [...databases].filter(
    ({ name, open, readonly }) => open && !readonly && name.endsWith('sandbox.sqlite'),
  );
}

function fillUp(database: Sqlite.Database): void {
  database.exec('CREATE TABLE ballast (text)');
  database.pragma(`max_page_count = ${database.pragma('page_count', { simple: true })}`);
  const insert = database.prepare('INSERT INTO ballast VALUES (?)');
  for (let length = BALLAST; length > 0; length = Math.floor(length / 2)) {
    try {
      for (;;) insert.run('x'.repeat(length));
    } catch (error) {
      // Full for this length: shorter ones may still have room.
      if (!String(error).includes('full')) throw error;
    }
  }
}

function makeRoom(database: Sqlite.Database): void {
  database.pragma(`max_page_count = ${PLENTY}`);
  database.exec('DROP TABLE ballast');
}

function takeDescriptors(): void {
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch (error) {
    if (!String(error).includes('EMFILE')) throw error;
  }
}

function get(trouble: Trouble): void {
  switch (trouble.kind) {
    case 'block':
      // Told before: it says nothing until it is over.
      process.send?.({ kind: 'block' } satisfies InTrouble, () =>
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, trouble.ms),
      );
      return;
    case 'descriptors':
      if (trouble.taken) takeDescriptors();
      else for (const descriptor of taken.splice(0)) closeSync(descriptor);
      break;
    case 'books':
      for (const database of books()) (trouble.full ? fillUp : makeRoom)(database);
      break;
  }
  process.send?.({ kind: trouble.kind } satisfies InTrouble);
}

process.on('message', get);
// It does not outlive the test.
process.on('disconnect', () => process.exit(0));
// What is worked out of it once is kept, as where the command line starts it.
const { main } = await import('../../../core/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
process.exit();
