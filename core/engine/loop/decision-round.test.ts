import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { Question } from './decision-maker.ts';
import { DecisionRound } from './decision-round.ts';

/** As much of a question as a round looks at. */
function question(symbol: string, time = 100): Question {
  return { brief: { symbol }, time } as unknown as Question;
}

function scene(sales: readonly string[], limitMs: number | null = null) {
  const time = new VirtualTimers();
  const released: string[] = [];
  const failures: unknown[] = [];
  let slow: PromiseWithResolvers<void> | null = null;
  const round = new DecisionRound({
    symbols: ['A', 'B', 'C'],
    isSale: ({ brief }) => sales.includes(brief.symbol),
    release: ({ brief }) => {
      released.push(brief.symbol);
      return slow?.promise;
    },
    timers: time,
    limitMs,
    onFailure: (error) => failures.push(error),
  });
  const hold = (): PromiseWithResolvers<void> => (slow = Promise.withResolvers<void>());
  return { time, released, failures, round, hold };
}

describe('the bars of one moment', () => {
  it('wait for each other, and sales go first', () => {
    const { round, released } = scene(['C']);
    void round.take(question('A'));
    void round.take(question('B'));
    expect([released, round.moment]).toEqual([[], 100]);
    void round.take(question('C'));
    expect([released, round.moment]).toEqual([['C', 'A', 'B'], null]);
  });

  it('go on without the missing ones when the moment is over', () => {
    const { round, released } = scene(['B']);
    void round.take(question('A'));
    void round.take(question('B'));
    void round.end();
    void round.end();
    expect(released).toEqual(['B', 'A']);
  });

  it('are decided on one after the other where somebody is waited for', async () => {
    const { round, released, hold } = scene([]);
    const first = hold();
    void round.take(question('A'));
    const work = round.end();
    void round.take(question('B', 200));
    expect(released).toEqual(['A']);
    first.resolve();
    await work;
    expect([released, round.moment]).toEqual([['A'], 200]);
  });

  it('go on after a while at a real venue, and a failure then is told', async () => {
    const { round, released, time, hold, failures } = scene([], 1_000);
    const work = hold();
    void round.take(question('B'));
    void round.take(question('A'));
    await time.pass(999);
    expect(released).toEqual([]);
    await time.pass(1);
    work.reject(new Error('broken'));
    await time.pass(1);
    expect([released, failures]).toEqual([['A'], [new Error('broken')]]);
  });

  it('that a timer was set for may have been decided on already', async () => {
    const { round, released, time } = scene([], 1_000);
    void round.take(question('A'));
    void round.end();
    void round.take(question('B', 200));
    await time.pass(500);
    round.close();
    await time.pass(5_000);
    expect([released, round.moment]).toEqual([['A'], null]);
  });
});
