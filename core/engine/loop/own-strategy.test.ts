import { describe, expect, it } from 'vitest';
import { MemoryStateStore } from '../../storage/index.ts';
import { type ProposingStrategy, readOwnStrategy } from '../../strategies/index.ts';
import { BTC, engineScene } from '../testing/engine-scene.ts';

/** A strategy as its file, with a version of its own. */
function own(decide: string, version = 'first'): ProposingStrategy {
  const file = `export default { describes: 'a test', everyHours: 1, historyDays: 2, decide(market) { ${decide} } };`;
  return { ...readOwnStrategy('mine', file), version };
}

const BUYS = own("return { hold: 0.2, stop: 0.05, reason: 'always' };");
/** Buys below 1,010, fails at 2,000, sells all at 1,500. */
const FRAGILE = `
  if (market.price === 2000) throw new Error('a price that I do not know');
  return market.price >= 1500 ? { hold: 0, reason: 'dear' } : { hold: 0.2, stop: 0.05, reason: 'cheap' };`;

async function scene(strategy: ProposingStrategy, state = new MemoryStateStore()) {
  const test = await engineScene({ symbols: [BTC], state });
  test.now.proposes = strategy;
  const last = () => test.told.decisions.at(-1);
  return { ...test, last };
}

describe("a strategy of the trader's own in the engine", () => {
  it('buys through every safety layer with its reason and its stop, without an expectation on paper', async () => {
    const test = await scene(BUYS);
    await test.bar(BTC, 1_000);
    expect(test.last()).toMatchObject({
      strategy: 'mine',
      outcome: 'traded',
      reasonCode: 'entry',
      proposal: { reason: 'always' },
    });
    const gate = test.last()?.verdicts.find(({ layer }) => layer === 'cost-gate');
    expect(gate).toMatchObject({ allowed: true, code: 'no-expectation' });
    await test.step(BTC, 1_000);
    // 5 % below the fill at 1,000.
    expect(test.working(BTC)).toEqual(['protection 2@950 OPEN']);
  });

  it('one that fails is named, buys nothing any more, and may still sell', async () => {
    const test = await scene(own(FRAGILE));
    await test.bar(BTC, 1_000);
    await test.bar(BTC, 2_000, { open: 1_000 });
    expect(test.last()).toMatchObject({ outcome: 'held', reasonCode: 'strategy-failed' });
    expect(test.last()?.reason).toContain('mine failed on BTC/USDT (broken)');
    expect(test.told.strategyFaults).toEqual([expect.stringContaining('a price that I do not know')]);
    // Its stop stays where it was.
    expect(test.working(BTC)).toEqual(['protection 2@950 OPEN']);
    await test.bar(BTC, 1_600);
    expect(test.last()).toMatchObject({ outcome: 'traded', reasonCode: 'target-flat' });
    await test.bar(BTC, 1_000);
    expect(test.last()).toMatchObject({ outcome: 'blocked', reasonCode: 'strategy-reduce-only' });
    expect(test.last()?.reason).toContain('a price that I do not know');
    expect(test.told.failures).toEqual([]);
  });

  it('stays lowered over a restart, until its file is another one', async () => {
    const state = new MemoryStateStore();
    const before = await scene(own(FRAGILE), state);
    await before.bar(BTC, 2_000);
    const after = await scene(own(FRAGILE), state);
    await after.bar(BTC, 1_000);
    expect(after.last()).toMatchObject({ reasonCode: 'strategy-reduce-only' });
    after.now.proposes = own(FRAGILE, 'second');
    await after.bar(BTC, 1_000);
    expect(after.last()).toMatchObject({ reasonCode: 'entry' });
  });

  it.each([
    ['loops for ever', 'for (;;);', 'too-long'],
    ['allocates without end', 'const xs = []; for (;;) xs.push([1, 2, 3, 4]);', 'too-much'],
    [
      'reads the next bar',
      "return { hold: market.close(-1) > market.price ? 1 : 0, reason: 'x' };",
      'look-ahead',
    ],
    ['answers NaN', "return { hold: 0 / 0, stop: 0.1, reason: 'x' };", 'wrong-answer'],
    ['wants a huge amount', "return { hold: 1e9, stop: 0.1, reason: 'x' };", 'wrong-answer'],
  ])('one that %s is stopped and named', async (_what, decide, kind) => {
    const test = await scene(own(decide));
    await test.bar(BTC, 1_000);
    expect(test.last()).toMatchObject({ outcome: 'held', reasonCode: 'strategy-failed' });
    expect(test.last()?.reason).toContain(`mine failed on BTC/USDT (${kind})`);
    expect(test.told.strategyFaults).toHaveLength(1);
    expect(test.working(BTC)).toEqual([]);
  });

  it('no answer passes a limit', async () => {
    const test = await scene(own("return { hold: 1, stop: 0.05, reason: 'everything' };"));
    await test.bar(BTC, 1_000);
    await test.step(BTC, 1_000);
    expect(test.last()?.proposal).toMatchObject({ targetShare: 1, allowedShare: expect.closeTo(0.3, 2) });
  });
});
