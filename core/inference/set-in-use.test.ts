import type * as Fs from 'node:fs';
import { readdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { ModelLibrary } from './model-library.ts';
import { SMALL_FEATURES } from './testing/model-set-folder.ts';
import { temporarySets } from './testing/temporary-sets.ts';

/** Which renames another program does not let happen, as Windows does for a folder whose files are open. */
const held = vi.hoisted(() => ({ by: (_from: string, _to: string): boolean => false }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const rename: typeof fs.renameSync = (from, to) => {
    if (held.by(String(from), String(to))) throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
    fs.renameSync(from, to);
  };
  return { ...fs, renameSync: rename };
});

const sets = temporarySets();

test.each([
  ['cannot be put aside', (_: string, to: string) => to.endsWith('.before')],
  ['cannot be replaced', (from: string) => from.endsWith('.part')],
])('a set that %s because it is in use stays whole, and that is said in a line', (_, by) => {
  const ownFolder = sets.folder();
  const { folder: shippedFolder } = sets.write({ setId: 'shipped-set' });
  const library = new ModelLibrary({ shippedFolder, ownFolder, features: SMALL_FEATURES });
  const first = library.install(sets.write({ setId: 'mine', seed: 5 }).folder);
  held.by = by;
  expect(() => library.install(sets.write({ setId: 'mine', seed: 6 }).folder)).toThrow(
    'mine: another program has its files open: stop the program that uses this set, and install it again',
  );
  held.by = () => false;
  expect(library.find('mine').manifest).toEqual(first.manifest);
  expect(readdirSync(ownFolder)).toEqual(['mine']);
});
