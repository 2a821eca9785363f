import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FILES = '{core,electron,renderer,scripts,tests}/**/*{.test,-contract}.{ts,tsx}';
/** A test's name that begins with the rows that it proves. */
const TAGGED_NAME = /'((?:[#VCB]\d+ )+[^'\n]+)'/g;
const TAGS = /^(?:[#VCB]\d+ )+/;

/** The tables, by what the rows' tags begin with. */
const TABLES = [
  { page: 'docs/incidents.md', mark: '#', rows: 36 },
  { page: 'docs/venues.md', mark: 'V', rows: 20 },
  { page: 'docs/venues.md', mark: 'C', rows: 32 },
  { page: 'docs/venues.md', mark: 'B', rows: 19 },
] as const;

interface Proof {
  readonly file: string;
  readonly name: string;
}
interface Row {
  readonly tag: string;
  readonly proofs: readonly Proof[];
  /** Why there is no test; null where there is one. */
  readonly untried: string | null;
}

const tagged: readonly Proof[] = globSync(FILES, { cwd: ROOT }).flatMap((path) => {
  const file = path.replaceAll('\\', '/');
  return [...read(file).matchAll(TAGGED_NAME)].map(([, name = '']) => ({ file, name }));
});

describe.each(TABLES)('the table of $mark in $page', ({ page, mark, rows: count }) => {
  const rows = rowsOf(read(page), mark);

  test('has its rows in order, each with a test or the reason why there is none', () => {
    expect(rows.map(({ tag }) => tag)).toEqual(
      Array.from({ length: count }, (_, row) => `${mark}${row + 1}`),
    );
    expect(rows.filter(({ proofs, untried }) => (proofs.length === 0) === (untried === null))).toEqual([]);
  });

  test('names tests that are there, under the tag of their row', () => {
    const known = new Set(tagged.map(keyOf));
    for (const { tag, proofs } of rows)
      expect(proofs.filter((proof) => !known.has(keyOf(proof)) || !tagsOf(proof).includes(tag))).toEqual([]);
  });

  test('has a row for every tag in the name of a test', () => {
    const tags = new Set(rows.map(({ tag }) => tag));
    const strays = tagged.filter((proof) =>
      tagsOf(proof).some((tag) => tag.startsWith(mark) && !tags.has(tag)),
    );
    expect(strays).toEqual([]);
  });
});

/** The rows of one table: the tag first, and last the tests as `file`: name, one under another. */
function rowsOf(page: string, mark: string): readonly Row[] {
  // The page of incidents leaves the mark to its heading.
  const first = new RegExp(`^\\| ${mark === '#' ? '' : mark}(\\d+) \\|`);
  return page.split('\n').flatMap((line) => {
    const number = first.exec(line)?.[1];
    if (number === undefined) return [];
    const last = line.split(' | ').at(-1) ?? '';
    const proofs = [...last.matchAll(/`([^`]+)`: (.+?)(?:<br>| \|$)/g)];
    return [
      {
        tag: `${mark}${number}`,
        proofs: proofs.map(([, file = '', name = '']) => ({ file, name })),
        untried: /^Not tried: (.+) \|$/.exec(last)?.[1] ?? null,
      },
    ];
  });
}

function keyOf({ file, name }: Proof): string {
  return `${file}: ${name}`;
}

function tagsOf({ name }: Proof): readonly string[] {
  return (TAGS.exec(name)?.[0] ?? '').trim().split(' ');
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
