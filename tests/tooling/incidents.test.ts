import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const TEST_FILES = globSync('{core,electron,renderer,scripts,tests}/**/*.test.{ts,tsx}', { cwd: ROOT });
/** A test's name that begins with the numbers of the rules it proves. */
const TAGGED_NAME = /'((?:#\d+ )+[^'\n]+)'/g;

interface Proof {
  readonly file: string;
  readonly name: string;
}
interface Rule {
  readonly number: number;
  readonly proofs: readonly Proof[];
}

const tagged: readonly Proof[] = TEST_FILES.flatMap((path) => {
  const file = path.replaceAll('\\', '/');
  return [...read(file).matchAll(TAGGED_NAME)].map(([, name = '']) => ({ file, name }));
});
const rules = rulesIn(read('docs/incidents.md'));

test('the table has the 36 rules in order, each with a test', () => {
  expect(rules.map(({ number }) => number)).toEqual(Array.from({ length: 36 }, (_, index) => index + 1));
  expect(rules.filter(({ proofs }) => proofs.length === 0)).toEqual([]);
});

test('every test that the table names is there, under the number of its row', () => {
  const known = new Set(tagged.map(keyOf));
  for (const { number, proofs } of rules) {
    expect(proofs.filter((proof) => !known.has(keyOf(proof)) || !numbersOf(proof).includes(number))).toEqual(
      [],
    );
  }
});

test('every number in the name of a test is a rule of the table', () => {
  const numbers = new Set(rules.map(({ number }) => number));
  expect(tagged.filter((proof) => numbersOf(proof).some((number) => !numbers.has(number)))).toEqual([]);
});

/** The rows of the table: the number first, and last the tests as `file`: name, one under another. */
function rulesIn(page: string): readonly Rule[] {
  return page
    .split('\n')
    .filter((line) => /^\| \d+ \|/.test(line))
    .map((line) => {
      const cells = line.split(' | ');
      const proofs = (cells.at(-1) ?? '').matchAll(/`([^`]+)`: (.+?)(?:<br>| \|$)/g);
      return {
        number: Number(/\d+/.exec(line)?.[0]),
        proofs: [...proofs].map(([, file = '', name = '']) => ({ file, name })),
      };
    });
}

function keyOf({ file, name }: Proof): string {
  return `${file}: ${name}`;
}

function numbersOf({ name }: Proof): readonly number[] {
  return [...(/^(?:#\d+ )+/.exec(name)?.[0] ?? '').matchAll(/\d+/g)].map(([number]) => Number(number));
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
