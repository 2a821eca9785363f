import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepAside } from './restore.ts';

let folder: string;
let of: (name: string) => string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradebot-aside-'));
  of = (name) => join(folder, name);
  writeFileSync(of('books'), 'every order');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As a file system that knows no second names. */
function refuses(code: string): () => never {
  return () => {
    throw Object.assign(new Error(code), { code });
  };
}

describe('books that are kept aside', () => {
  it.each([
    ['has second names', undefined],
    ['has none, as exFAT under Linux', refuses('EPERM')],
    ['has none, as exFAT under macOS', refuses('ENOTSUP')],
    ['has none, as exFAT under Windows', refuses('EISDIR')],
  ])('are whole beside their own file where the file system %s', (_, link) => {
    keepAside(of('books'), of('aside'), link);
    expect(['books', 'aside'].map((name) => readFileSync(of(name), 'utf8'))).toEqual([
      'every order',
      'every order',
    ]);
  });

  it.each([undefined, refuses('EPERM')])('take no other file’s place', (link) => {
    writeFileSync(of('aside'), 'older books');
    expect(() => keepAside(of('books'), of('aside'), link)).toThrow('EEXIST');
    expect(readFileSync(of('aside'), 'utf8')).toBe('older books');
    expect(readdirSync(folder).sort()).toEqual(['aside', 'books']);
  });
});
