import { expect, test } from 'vitest';
import type { Machine } from '../../platform/index.ts';
import { systemWarnings } from './system-warnings.ts';

const machine = (changes: Partial<Machine>): Machine => ({
  ...{ platform: 'linux', arch: 'x64', release: '6.1.0', environment: {}, home: '/home/ada' },
  ...{ temporary: '/tmp', userId: 7 },
  ...changes,
});

test.each([
  [machine({}), '2.36', '/home/ada/.local/share/llm-tradebot', []],
  [machine({}), '2.31', '/home/ada/Dropbox/bot', ['the models will abstain: glibc here is 2.31', 'Dropbox']],
  [machine({ platform: 'darwin', release: '24.0.0' }), undefined, '/Users/ada/bot', ['Intel']],
  [
    machine({ platform: 'win32', release: '10.0.22631', home: String.raw`C:\Users\ada` }),
    undefined,
    String.raw`\\server\share\bot`,
    ['network'],
  ],
] as const)('on %o with glibc %s and the folder %s the doctor warns of %j', (on, glibc, folder, expected) => {
  const lines = systemWarnings(on, glibc, folder).map(({ line }) => line);
  expect(lines).toEqual(expected.map((words) => expect.stringContaining(words)));
});
