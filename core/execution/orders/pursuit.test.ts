import { describe, expect, test } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER, VenueError } from '../../domain/index.ts';
import { Pursuit } from './pursuit.ts';

function build(answers: (boolean | Error)[]) {
  const timers = new VirtualTimers();
  const attempts: string[] = [];
  const pursuit = new Pursuit({
    timers,
    log: SILENT_LOGGER,
    goal: 'testing',
    pausesMs: [100, 1_000],
    attempt: async (symbol) => {
      attempts.push(`${symbol} ${timers.monotonicMs()}`);
      const answer = answers.shift() ?? true;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { timers, attempts, pursuit };
}

describe('going after a goal', () => {
  test('tries at once, then with growing pauses, until it is reached', async () => {
    const { timers, attempts, pursuit } = build([false, false, false, true]);
    pursuit.begin('A');
    pursuit.begin('A');
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100', 'A 1100', 'A 2100', 'A 3100']);
    pursuit.begin('A');
    await timers.pass(60_000);
    expect(attempts).toHaveLength(5);
  });

  test('a failure is no end, and a venue that wants to be left alone is', async () => {
    const limited = new VenueError('rate-limited', 'slow down', { retryAfterMs: 30_000 });
    const { timers, attempts, pursuit } = build([new Error('no line'), limited, true]);
    pursuit.begin('A');
    await timers.pass(120_000);
    expect(attempts).toEqual(['A 100', 'A 1100', 'A 32100']);
  });

  test('after close nothing is tried any more', async () => {
    const { timers, attempts, pursuit } = build([false, false]);
    pursuit.begin('A');
    await timers.pass(150);
    pursuit.close();
    pursuit.begin('B');
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100']);
    expect(timers.waiting).toBe(0);
  });
});
