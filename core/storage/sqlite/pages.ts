import type { Statement } from 'better-sqlite3';

/** Rows read at a time: a table of any length passes through little memory. */
const PAGE = 1_000;

/**
 * Goes through a table in the order of its `sequence`, a page at a time. Unlike a cursor of SQLite it leaves the
 * connection free for writing in between.
 *
 * @param select rows with a sequence above the first parameter, ascending, as many as the second.
 * @param from the sequence after which to begin.
 */
export function* pagesOf<Row extends { readonly sequence: number }, T>(
  select: Statement<[number, number], Row>,
  read: (row: Row) => T,
  from = 0,
): Generator<T, void> {
  let after = from;
  for (;;) {
    const rows = select.all(after, PAGE);
    for (const row of rows) {
      yield read(row);
      after = row.sequence;
    }
    if (rows.length < PAGE) return;
  }
}
