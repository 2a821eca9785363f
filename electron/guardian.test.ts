import { expect, test, vi } from 'vitest';

const forks = vi.hoisted(() => [] as { file: string; env: object; posted: unknown[]; exit: () => void }[]);
vi.mock('electron', async () => {
  const { EventEmitter } = await import('node:events');
  return {
    utilityProcess: {
      fork(file: string, _args: string[], { env }: { env: object }) {
        const child = new EventEmitter();
        const posted: unknown[] = [];
        forks.push({ file, env, posted, exit: () => child.emit('exit', 1) });
        return Object.assign(child, { pid: 7, postMessage: (message: unknown) => posted.push(message) });
      },
    },
  };
});

const { spawnGuardian } = await import('./guardian.ts');

test('the desktop’s guardian is a utility process that inherits no keys, and is sent nothing once it has ended', () => {
  const guardian = spawnGuardian({ PATH: '/bin', TRADEBOT_SECRET_EXCHANGE_BINANCE_SECRET: 's' });
  const [fork] = forks;
  expect(fork).toMatchObject({ file: expect.stringMatching(/guardian-process\.js$/), env: { PATH: '/bin' } });
  expect(JSON.stringify(fork?.env)).not.toContain('SECRET');
  const ends: string[] = [];
  // As Electron tells it: what listens first is told first.
  guardian.onExit((how) => {
    ends.push(how);
    guardian.send({ kind: 'beat' });
  });
  guardian.send({ kind: 'beat' });
  fork?.exit();
  expect([ends, fork?.posted]).toEqual([['it ended with 1'], [{ kind: 'beat' }]]);
});
