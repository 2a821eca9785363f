import type * as Fs from 'node:fs';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { hasFileModes, PLATFORM } from '../../platform/index.ts';
import { openDataDirectory } from '../../storage/index.ts';
import { openDatabase } from '../../storage/sqlite/database.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { warnOfRights } from './rights-kept.ts';

const state = vi.hoisted(() => ({ fails: false }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>();
  const chmod: typeof fs.chmodSync = (path, mode) => {
    if (state.fails) throw Object.assign(new Error('EPERM: chmod'), { code: 'EPERM' });
    fs.chmodSync(path, mode);
  };
  return { ...fs, chmodSync: chmod };
});

const { folder } = temporaryDatabases();

test.skipIf(!hasFileModes(PLATFORM))(
  'a folder that keeps no rights is opened all the same, and told of once',
  () => {
    const path = folder();
    writeFileSync(join(path, 'demo.sqlite'), '');
    chmodSync(join(path, 'demo.sqlite'), 0o644);
    state.fails = true;
    const warned: string[] = [];
    const log = { ...SILENT_LOGGER, warn: (_: object, line: string) => warned.push(line) };
    const directory = openDataDirectory(path);
    chmodLayout(path);
    warnOfRights(path, log);
    openDatabase({ file: join(path, 'demo.sqlite'), owner: 'demo' }).close();
    directory.close();
    expect(warned).toEqual([
      `others may read what is kept in ${path}: choose a folder on a disk of this machine`,
    ]);
  },
);

test('a folder that keeps them is not told of', () => {
  state.fails = false;
  const path = folder();
  const directory = openDataDirectory(path);
  warnOfRights(path, { ...SILENT_LOGGER, warn: () => expect.fail('warned') });
  directory.close();
});

/** Whatever mask the tests run under. */
function chmodLayout(path: string): void {
  state.fails = false;
  chmodSync(join(path, 'layout-version'), 0o644);
  state.fails = true;
}
