import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PLATFORM, thisMachine } from '../../platform/index.ts';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { requireOwnFolder } from './runtime-folder.ts';

const { userId: USER } = thisMachine();
const { folder } = temporaryDatabases();

describe('the folder of running programs', () => {
  it('is made for its user alone', () => {
    const own = join(folder(), 'a', 'running');
    requireOwnFolder(own, USER);
    if (PLATFORM !== 'win32') expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it.skipIf(PLATFORM === 'win32')('is not used where others could put something into it', () => {
    const open = join(folder(), 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => requireOwnFolder(open, USER)).toThrow('not a folder of this user alone');
    const own = join(folder(), 'own');
    mkdirSync(own, { mode: 0o700 });
    expect(() => requireOwnFolder(own, (USER ?? 0) + 1)).toThrow('not a folder of this user alone');
    const link = join(folder(), 'link');
    symlinkSync(own, link);
    expect(() => requireOwnFolder(link, USER)).toThrow('not a folder of this user alone');
  });
});
