import { describe, expect, it } from 'vitest';
import { VirtualTimers } from '../../../tests/contracts/virtual-timers.ts';
import type { Question } from './decision-maker.ts';
import { DecisionRound } from './decision-round.ts';

/** As much of a question as a round looks at. */
function question(symbol: string, time = 100): Question {
  return { brief: { symbol }, time } as unknown as Question;
}

/** Symbols of which a question cannot be asked, or decided on. */
interface Broken {
  readonly isSale: readonly string[];
  readonly release: readonly string[];
}

interface SceneOptions {
  readonly limitMs?: number | null;
  readonly broken?: Broken;
}

/** Whatever needs no time has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function scene(sales: readonly string[], { limitMs = null, broken }: SceneOptions = {}) {
  const time = new VirtualTimers();
  const released: string[] = [];
  const failures: unknown[] = [];
  let slow: PromiseWithResolvers<void> | null = null;
  const round = new DecisionRound({
    symbols: ['A', 'B', 'C'],
    isSale: ({ brief }) => {
      if (broken?.isSale.includes(brief.symbol)) throw new Error(brief.symbol);
      return sales.includes(brief.symbol);
    },
    release: ({ brief }) => {
      released.push(brief.symbol);
      if (broken?.release.includes(brief.symbol)) throw new Error(brief.symbol);
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

  it('go on after a while at a real venue', async () => {
    const { round, released, time } = scene([], { limitMs: 1_000 });
    void round.take(question('B'));
    void round.take(question('A'));
    await time.pass(999);
    expect(released).toEqual([]);
    await time.pass(1);
    expect(released).toEqual(['A', 'B']);
  });

  it('have the market wait for nothing at a real venue, but purchases for sales', async () => {
    const { round, released, hold } = scene(['C', 'B'], { limitMs: 1_000 });
    const sales = hold();
    for (const symbol of ['A', 'B']) expect(round.take(question(symbol))).toBeUndefined();
    expect(round.take(question('C'))).toBeUndefined();
    await settled();
    expect(released).toEqual(['B', 'C']);
    sales.resolve();
    await settled();
    expect(released).toEqual(['B', 'C', 'A']);
  });

  it('are decided on at a real venue whichever of them fails, and each failure is told', async () => {
    const broken = { isSale: ['A'], release: ['A', 'C'] };
    const { round, released, failures } = scene(['C'], { limitMs: 1_000, broken });
    for (const symbol of ['A', 'B', 'C']) void round.take(question(symbol));
    await settled();
    expect(released).toEqual(['C', 'A', 'B']);
    expect(failures).toEqual([new Error('A'), new Error('C'), new Error('A')]);
  });

  it('buy nothing any more when it was closed while a sale was on its way', async () => {
    const { round, released, hold } = scene(['C'], { limitMs: 1_000 });
    const sale = hold();
    for (const symbol of ['A', 'B', 'C']) void round.take(question(symbol));
    round.close();
    sale.resolve();
    await settled();
    expect(released).toEqual(['C']);
  });

  it('that a timer was set for may have been decided on already', async () => {
    const { round, released, time } = scene([], { limitMs: 1_000 });
    void round.take(question('A'));
    void round.end();
    void round.take(question('B', 200));
    await time.pass(500);
    round.close();
    await time.pass(5_000);
    expect([released, round.moment]).toEqual([['A'], null]);
  });
});
