import { describe, expect, test } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import { SILENT_LOGGER } from '../../domain/index.ts';
import { Pursuit } from './pursuit.ts';
import { VenuePatience } from './venue-patience.ts';

function build(answers: (boolean | Error)[]) {
  const timers = new VirtualTimers();
  const attempts: string[] = [];
  const during: { run: () => void } = { run: () => undefined };
  const patience = new VenuePatience(timers);
  const pursuit = new Pursuit({
    timers,
    log: SILENT_LOGGER,
    patience,
    goal: 'testing',
    pausesMs: [100, 1_000],
    attempt: async (symbol) => {
      attempts.push(`${symbol} ${timers.monotonicMs()}`);
      const answer = answers.shift() ?? true;
      during.run();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  return { timers, attempts, patience, pursuit, during };
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
    const { timers, attempts, patience, pursuit, during } = build([new Error('no line'), false, true]);
    pursuit.begin('A');
    during.run = () => {
      if (attempts.length === 2) patience.wait(30_000);
    };
    await timers.pass(120_000);
    expect(attempts).toEqual(['A 100', 'A 1100', 'A 31100']);
  });

  test('a reason that comes during an attempt has another one follow', async () => {
    const { timers, attempts, pursuit, during } = build([true, true]);
    during.run = () => {
      if (attempts.length === 1) pursuit.begin('A');
    };
    pursuit.begin('A');
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100', 'A 1100']);
  });

  test('something new does not wait for the end of a long pause', async () => {
    const { timers, attempts, pursuit, during } = build([false, false, false, true]);
    pursuit.hurry('A');
    await timers.pass(1_500);
    pursuit.hurry('A');
    // What is new during an attempt is part of it.
    during.run = () => pursuit.hurry('A');
    await timers.pass(200);
    during.run = () => undefined;
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100', 'A 1100', 'A 1600', 'A 2600']);
  });

  test('each goal is gone after by itself', async () => {
    const { timers, attempts, pursuit } = build([false, true, true]);
    pursuit.begin('A');
    await timers.pass(50);
    pursuit.begin('B');
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100', 'B 150', 'A 1100']);
  });

  test('after close nothing is tried any more', async () => {
    const { timers, attempts, pursuit } = build([false, false]);
    pursuit.begin('A');
    await timers.pass(150);
    pursuit.close();
    pursuit.begin('B');
    pursuit.hurry('A');
    await timers.pass(60_000);
    expect(attempts).toEqual(['A 100']);
    expect(timers.waiting).toBe(0);
  });
});
