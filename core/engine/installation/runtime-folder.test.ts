import { chmodSync, mkdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryDatabases } from '../../storage/testing/temporary-databases.ts';
import { requireOwnFolder, runtimeFolders, userId } from './runtime-folder.ts';

const { folder } = temporaryDatabases();

describe('the folder of running programs', () => {
  it.each([
    [
      'linux',
      { XDG_RUNTIME_DIR: '/run/user/7' },
      [join('/run/user/7', 'llm-tradebot'), join('/tmp', 'llm-tradebot-7')],
    ],
    [
      'linux',
      { XDG_RUNTIME_DIR: '/run/mine' },
      [
        join('/run/mine', 'llm-tradebot'),
        join('/run/user/7', 'llm-tradebot'),
        join('/tmp', 'llm-tradebot-7'),
      ],
    ],
    ['linux', {}, [join('/tmp', 'llm-tradebot-7'), join('/run/user/7', 'llm-tradebot')]],
    ['darwin', { XDG_RUNTIME_DIR: '' }, [join('/tmp', 'llm-tradebot-7')]],
    ['darwin', { XDG_RUNTIME_DIR: 'run' }, [join('/tmp', 'llm-tradebot-7')]],
    ['darwin', { TRADEBOT_RUNTIME_DIR: 'mine' }, [join('/tmp', 'llm-tradebot-7')]],
    ['win32', { LOCALAPPDATA: '/local' }, [join('/local', 'LLM-TradeBot', 'running')]],
    ['win32', {}, [join('/home/ada', 'AppData', 'Local', 'LLM-TradeBot', 'running')]],
    ['linux', { TRADEBOT_RUNTIME_DIR: '/mine', XDG_RUNTIME_DIR: '/run/user/7' }, ['/mine']],
  ] as const)(
    'on %s with %o is the first of %j, and may be one of the others',
    (platform, environment, expected) => {
      const found = runtimeFolders({
        platform,
        environment,
        home: '/home/ada',
        temporary: '/tmp',
        userId: 7,
      });
      expect(found).toEqual(expected);
    },
  );

  it('is made for its user alone', () => {
    const own = join(folder(), 'a', 'running');
    requireOwnFolder(own, userId());
    if (process.platform !== 'win32') expect(statSync(own).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform === 'win32')('is not used where others could put something into it', () => {
    const open = join(folder(), 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    expect(() => requireOwnFolder(open, userId())).toThrow('not a folder of this user alone');
    const own = join(folder(), 'own');
    mkdirSync(own, { mode: 0o700 });
    expect(() => requireOwnFolder(own, (userId() ?? 0) + 1)).toThrow('not a folder of this user alone');
    const link = join(folder(), 'link');
    symlinkSync(own, link);
    expect(() => requireOwnFolder(link, userId())).toThrow('not a folder of this user alone');
  });
});
