import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { desktopFlags } from '../../scripts/desktop-flags.mjs';

describe('the flags of npm start', () => {
  it.each([
    [[], {}, undefined],
    [['--data-dir', 'd'], { TRADEBOT_DATA_DIR: resolve('d') }, undefined],
    [
      ['--config', 'c.json', '--data-dir', 'd'],
      { TRADEBOT_CONFIG: resolve('c.json'), TRADEBOT_DATA_DIR: resolve('d') },
      undefined,
    ],
    [['--mode', 'replay'], {}, '--mode'],
    [['--data-dir', 'd', '--port', '0'], { TRADEBOT_DATA_DIR: resolve('d') }, '--port'],
    [['--data-dir'], {}, '--data-dir'],
    [['--data-dir', ''], {}, '--data-dir'],
    [['--data-dir=d'], { TRADEBOT_DATA_DIR: resolve('d') }, undefined],
    [['--data-dir='], {}, '--data-dir'],
    [['--mode=replay'], {}, '--mode'],
  ])('%j', (args, environment, foreign) => {
    expect(desktopFlags(args)).toEqual({ environment, foreign });
  });
});
