import { describe, expect, it } from 'vitest';
import type { Candle } from '../../domain/index.ts';
import { HourlyBars } from '../hourly-bars.ts';
import { HourlyCloses } from '../hourly-closes.ts';
import type { Proposal } from '../strategy.ts';
import { readOwnStrategy } from './own-strategy.ts';
import { type FaultKind, StrategyFault } from './strategy-fault.ts';
import { STRATEGY_TEMPLATE } from './template.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 10 * DAY;

/** Bars of an hour up to `until`: the price is the number of the hour. */
function market(until = NOW + 5 * DAY): { bars: HourlyBars; closes: HourlyCloses } {
  const [bars, closes] = [new HourlyBars(), new HourlyCloses()];
  for (let openTime = 0; openTime < until; openTime += HOUR) {
    const price = openTime / HOUR + 1;
    const bar: Candle = {
      openTime,
      open: price - 1,
      high: price + 1,
      low: price - 2,
      close: price,
      volume: 10,
    };
    bars.take(bar, HOUR);
    closes.take(openTime + HOUR, price, HOUR);
  }
  return { bars, closes };
}

const file = (decide: string, before = ''): string =>
  `${before}\nexport default { describes: 'a test', everyHours: 1, historyDays: 2, decide(market) {\n${decide}\n} };`;

function answer(decide: string, before = ''): Proposal {
  const { bars, closes } = market();
  return readOwnStrategy('mine', file(decide, before)).propose(closes, {
    symbol: 'BTC/USDT',
    at: NOW,
    symbols: 2,
    bars,
  });
}

/** What an expression comes to, as the number that a strategy shows. */
function shownOf(expression: string, before = ''): number | undefined {
  const proposal = answer(`return { hold: 0, reason: 'x', numbers: { value: ${expression} } };`, before);
  return proposal.kind === 'target' ? proposal.numbers['value'] : undefined;
}

function faultOf(run: () => unknown): StrategyFault {
  try {
    run();
  } catch (error) {
    if (error instanceof StrategyFault) return error;
    throw error;
  }
  throw new Error('it had no fault');
}

describe("a strategy of the trader's own", () => {
  it('answers with a share of the equity, a stop and its reason', () => {
    const proposal = answer(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the strategy's own text
      "return { hold: 0.5, stop: 0.04, reason: `price ${market.price}`, ends: 'later', expects: 0.02, numbers: { at: 1 } };",
    );
    expect(proposal).toEqual({
      kind: 'target',
      // Of two symbols: half of a half.
      targetShare: 0.25,
      band: 0.05,
      stopShare: 0.04,
      expectedMove: 0.02,
      reason: 'price 240',
      invalidation: 'later',
      numbers: { at: 1 },
    });
  });

  it.each([
    ['hold: 1', 0.05],
    ['hold: 0.1', 0.025],
    ['hold: 0.1, band: 0.1', 0.05],
  ])('opens a small position too: of %s, of two symbols, the band is %s', (hold, band) => {
    expect(answer(`return { ${hold}, stop: 0.04, reason: 'x' };`)).toMatchObject({ band });
  });

  it('says nothing, and says so; is not asked before its history is there', () => {
    expect(answer('return null;')).toMatchObject({ kind: 'none', code: 'no-opinion' });
    const { bars, closes } = market(DAY);
    const strategy = readOwnStrategy('mine', file('throw "never asked";'));
    const question = { symbol: 'BTC/USDT', at: DAY, symbols: 1, bars };
    expect(strategy.propose(closes, question)).toMatchObject({ kind: 'none', code: 'warming-up' });
    closes.take(2 * DAY, 1, DAY);
    expect(strategy.propose(closes, question)).toMatchObject({ kind: 'none', code: 'bars-too-long' });
  });

  it('says how the position is to be led', () => {
    const proposal = answer(
      "return { hold: 1, stop: 0.05, reason: 'x', expects: 0.02, breakEven: 0.05, trail: { by: 0.08 }, " +
        'takeProfit: [{ at: 0.05, sell: 0.5 }, { at: 0.1, sell: 1 }], add: [{ at: 0.04, hold: 0.2 }] };',
    );
    expect(proposal).toMatchObject({
      plan: {
        takeProfits: [
          { at: 0.05, sell: 0.5 },
          { at: 0.1, sell: 1 },
        ],
        trail: { by: 0.08, from: 0 },
        breakEvenAt: 0.05,
        // Of two symbols.
        adds: [{ at: 0.04, share: 0.1 }],
        expects: 0.02,
      },
    });
    expect(answer("return { hold: 0, reason: 'x', breakEven: 0.05 };")).not.toHaveProperty('plan');
  });

  it.each([
    ['breakEven: 0', 'breakEven is 0'],
    ['trail: { by: 0.9 }', 'trail.by is 0.9'],
    ['trail: { by: 0.1, to: 2 }', 'trail has by and from, and nothing else'],
    ['trail: 0.1', 'trail has by and from'],
    ['takeProfit: { at: 1 }', 'takeProfit has to be a list'],
    ['takeProfit: Array.from({ length: 11 }, () => 1)', 'a list of at most 10'],
    ['takeProfit: [{ at: 0.1, sell: 2 }]', 'sell in takeProfit is 2'],
    ['takeProfit: [{ at: 0.1, sell: 0.5 }, { at: 0.1, sell: 0.5 }]', 'takeProfit has to rise'],
    ['add: [{ at: NaN, hold: 0.5 }]', 'at in add is NaN'],
    ['add: [{ at: 0.1 }]', 'hold in add is undefined'],
  ])('a plan of %s is no answer', (plan, words) => {
    const fault = faultOf(() => answer(`return { hold: 1, stop: 0.05, reason: 'x', ${plan} };`));
    expect(fault).toMatchObject({ kind: 'wrong-answer', message: expect.stringContaining(words) });
  });

  it('keeps nothing between two answers: the same prices give the same answer', () => {
    const { bars, closes } = market();
    const strategy = readOwnStrategy(
      'mine',
      file(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the strategy's own text
        'calls += 1; seen.push(calls); return { hold: 0, reason: `${calls} ${seen.length}` };',
        'let calls = 0; const seen = [];',
      ),
    );
    const ask = () => strategy.propose(closes, { symbol: 'BTC/USDT', at: NOW, symbols: 1, bars });
    expect(ask()).toEqual(ask());
    expect(ask()).toMatchObject({ reason: '1 1' });
  });

  it('the template works as it is', () => {
    const strategy = readOwnStrategy('mine', STRATEGY_TEMPLATE);
    expect(strategy).toMatchObject({ everyMs: DAY, data: { historyMs: 45 * DAY } });
    const { bars, closes } = market(60 * DAY);
    expect(strategy.propose(closes, { symbol: 'BTC/USDT', at: 50 * DAY, symbols: 1, bars })).toMatchObject({
      kind: 'target',
      reason: expect.stringContaining('the mean of 10 days is above that of 40'),
    });
  });
});

describe('what it sees', () => {
  it.each([
    ['market.price', 240],
    ['market.close()', 240],
    ['market.close(3)', 237],
    ['market.bar(1).high', 240],
    ['market.bar().time', NOW - HOUR],
    ['market.time', NOW],
    ['market.hour + market.weekday', 0],
    ['market.symbols', 2],
    ['market.closes(3)[0]', 238],
    ['market.closes(3).length', 3],
    ['market.volumes(4).reduce((sum, each) => sum + each, 0)', 40],
    ['market.closes(9999).length', 48],
    ['market.bars(2).length', 2],
    ['market.bars(2)[1].close', 240],
    ['market.bars(1, 24)[0].open', 216],
    ['market.bars(1, 24)[0].high', 241],
    ['market.bars(1, 24)[0].low', 215],
    ['market.bars(1, 24)[0].volume', 240],
    ['market.bars(9, 24).length', 2],
    ['market.bars(1, 7)[0].close', 238],
    ['sma(market.closes(4), 4)', 238.5],
    ['ema([1, 1, 4], 3)', 2.5],
    ['stdev([1, 3], 2)', 1],
    ['highest([5, 1, 2], 2)', 2],
    ['lowest([0, 1, 2], 2)', 1],
    ['change([100, 110], 1)', 0.1],
    ['rsi([1, 2, 3, 4], 2)', 100],
    ['rsi([1, 1, 1, 1], 2)', 50],
    ['atr(market.bars(5), 2)', 3],
    ['Number.isNaN(sma([1], 2)) ? 1 : 0', 1],
    ['Number.isNaN(atr(market.bars(2), 2)) ? 1 : 0', 1],
    ['Number.isNaN(change([1], 1)) ? 1 : 0', 1],
    ['Number.isNaN(rsi([1, 2], 2)) ? 1 : 0', 1],
  ])('%s is %d', (expression, value) => {
    expect(shownOf(expression)).toBeCloseTo(value, 10);
  });

  it('nothing of what comes later: the same answer whatever that is', () => {
    const seen =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the strategy's own text
      'return { hold: 0, reason: `${market.closes(48).join()} ${market.bars(2, 24).map((b) => b.close).join()}` };';
    const strategy = readOwnStrategy('mine', file(seen));
    const [long, short] = [market(NOW + 9 * DAY), market(NOW)];
    const ask = ({ bars, closes }: typeof long) =>
      strategy.propose(closes, { symbol: 'BTC/USDT', at: NOW, symbols: 1, bars });
    expect(ask(long)).toEqual(ask(short));
  });

  it.each(['market.close(-1)', 'market.bar(-1).close', 'market.closes(-3).length', 'market.bars(-1).length'])(
    '%s asks for what has not happened: stopped, and named',
    (expression) => {
      const fault = faultOf(() => shownOf(expression));
      expect(fault).toMatchObject({ kind: 'look-ahead', place: { line: 3 } });
      expect(fault.message).toMatch(/ha(s|ve) not happened yet/);
    },
  );
});

describe('what it can compute with', () => {
  it.each([
    ['1 + 2 * 3 ** 2 - 8 / 4 % 3', 17],
    ['-2 ** 2', 'brackets are missing'],
    ['(1 < 2 && 3 >= 3) || false ? 7 : 8', 7],
    ['null ?? 5', 5],
    ['0 ?? 5', 0],
    ['0 || 4', 4],
    ['Math.max(...[1, 5, 3], 2)', 5],
    ['Math.round(2.6) + Math.hypot(3, 4) + Math.min(1, 2)', 9],
    ['[3, 1, 2].toSorted()[0]', 1],
    ['[3, 1, 2].sort((a, b) => b - a)[0]', 3],
    ['[1, 2, 3, 4].filter((x) => x % 2 === 0).map((x) => x * 10).reduce((a, b) => a + b)', 60],
    ['[1, 2, 3].at(-1) + [1, 2, 3].slice(1)[0] + [1, 2].concat([3], 4).length', 9],
    ['[1, 2, 3].includes(2) && [1].indexOf(1) === 0 && [1].some((x) => x > 0) ? 1 : 0', 1],
    ['[1, 2].find((x) => x > 1) + [1, 2, 3].findLast((x) => x < 3) + [5].findIndex((x) => x === 5)', 4],
    ['Array.from({ length: 3 }, (_, i) => i).length', 3],
    ['Object.keys({ a: 1, b: 2 }).length + Object.values({ a: 4 })[0]', 6],
    ['Object.entries({ a: 4 })[0][1]', 4],
    ['"a-b".split("-").length + "abc".length + ("abc".startsWith("a") ? 1 : 0)', 6],
    ['typeof 1 === "number" && typeof "a" === "string" && typeof (() => 1) === "function" ? 1 : 0', 1],
    ['({ a: { b: 3 } }).a.b', 3],
    ['({ a: null }).a?.b.c ?? 9', 9],
    ['market.nothing?.(1) ?? 9', 'has no nothing'],
    ['((x: number, y = 2): number => x + y)(1)', 3],
    ['((...all) => all.length)(1, 2, 3)', 3],
    ['(({ a, b: [c] }) => a + c)({ a: 1, b: [2] })', 3],
    ['(1.5e1 as number) + 1_000', 1015],
    ['helper(4)', 8],
    ['fib(15)', 610],
    ['loops()', 31],
    ['switched(2) + switched(9)', 120],
    ['captured()', 3],
    ['Number((5).toFixed(0) === "5") === undefined ? 1 : 0', 'is no function'],
  ])('%s is %s', (expression, value) => {
    const before = `
      interface Thing { a: number; b?: () => void }
      type Pair = readonly [number, string] | { x: Array<Array<number>> };
      const twice: (x: number) => number = (x) => x * 2;
      function helper(x: number): number { return twice(x); }
      function fib(n: number): number { if (n < 2) return n; return fib(n - 1) + fib(n - 2); }
      function loops(): number {
        let sum = 0;
        for (let i = 0; i < 10; i++) { if (i === 3) continue; if (i > 6) break; sum += i; }
        for (const x of [1, 2, 3]) sum += x;
        while (sum < 25) sum++;
        do { sum += 1; } while (sum < 20)
        let n = 0; n ||= 4; n &&= 5; n -= 0;
        return sum + n;
      }
      function switched(x: number): number {
        switch (x) { case 1: return 1; case 2: { let y = 10; y *= 2; return y; } default: return 100; }
      }
      function captured(): number {
        const made: (() => number)[] = [];
        for (let i = 0; i < 3; i++) made.push(() => i);
        return made.map((f) => f()).reduce((a, b) => a + b, 0);
      }`;
    if (typeof value === 'number') expect(shownOf(expression, before)).toBe(value);
    else expect(faultOf(() => shownOf(expression, before)).message).toContain(value);
  });
});

describe('what it is stopped at', () => {
  const attacks: readonly (readonly [what: string, decide: string, kind: FaultKind, words: string])[] = [
    ['loops for ever', 'while (true) {}', 'too-long', 'a loop that never ends'],
    ['loops for ever without a body', 'for (;;);', 'too-long', 'a loop that never ends'],
    ['calls itself for ever', 'const f = () => f(); f();', 'too-much', 'deep'],
    [
      'goes on in a list of its own',
      'const xs = [1]; for (const x of xs) xs.push(x);',
      'too-long',
      'never ends',
    ],
    ['sorts for ever', 'for (;;) market.closes(48).toSorted();', 'too-long', 'never ends'],
    [
      'makes lists without end',
      'const xs = []; for (;;) xs.push([1, 2, 3, 4, 5, 6, 7, 8]);',
      'too-much',
      'values and letters',
    ],
    ['doubles a text for ever', "let s = 'x'; for (;;) s = s + s;", 'too-much', 'a text of more than'],
    [
      'doubles a template for ever',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the strategy's own text
      "let s = 'x'; for (;;) s = `${s}${s}`;",
      'too-much',
      'a text of more than',
    ],
    [
      'doubles a list for ever',
      'let xs = [1]; for (;;) xs = [...xs, ...xs];',
      'too-much',
      'values and letters',
    ],
    ['asks for a huge list', 'return Array.from({ length: 4e9 });', 'too-long', 'steps'],
    [
      'fills an object without end',
      'const o = {}; for (let i = 0; ; i++) o[i] = i;',
      'too-long',
      'never ends',
    ],
    ['reaches far into a list', 'const xs = []; xs[4e9] = 1;', 'broken', 'has no place'],
    ['throws', "throw new Error('I give up');", 'broken', 'it stopped itself: I give up'],
    [
      'reads what is not there',
      'return market.closes(3)[9].toFixed(1);',
      'broken',
      'undefined has no toFixed',
    ],
    [
      'computes with what is not there',
      'return { hold: market.closes(3)[9] * 2 };',
      'broken',
      'undefined beside *',
    ],
    ['answers NaN', "return { hold: NaN, stop: 0.1, reason: 'x' };", 'wrong-answer', 'hold is NaN'],
    [
      'answers a huge amount',
      "return { hold: 1e12, stop: 0.1, reason: 'x' };",
      'wrong-answer',
      'hold is 1000000000000',
    ],
    [
      'answers less than nothing',
      "return { hold: -1, stop: 0.1, reason: 'x' };",
      'wrong-answer',
      'hold is -1',
    ],
    ['answers without a stop', "return { hold: 1, reason: 'x' };", 'wrong-answer', 'stop is undefined'],
    ['answers a stop of nothing', "return { hold: 1, stop: 0, reason: 'x' };", 'wrong-answer', 'stop is 0'],
    ['answers without a reason', 'return { hold: 0 };', 'wrong-answer', 'reason has to say why'],
    [
      'answers a book',
      "return { hold: 0, reason: 'x'.trim() + market.closes(48).map(() => '1234567890').join() };",
      'wrong-answer',
      'at most 300',
    ],
    ['answers a number', 'return 1;', 'wrong-answer', 'it is a number'],
    ['answers a function', 'return () => 1;', 'wrong-answer', 'it is a function'],
    ['answers what looks like a promise', 'return { then: (f) => f() };', 'wrong-answer', 'there is no then'],
    [
      'answers more than it may',
      "return { hold: 0, reason: 'x', side: 'short' };",
      'wrong-answer',
      'there is no side',
    ],
    [
      'shows no number',
      "return { hold: 0, reason: 'x', numbers: { a: 0 / 0 } };",
      'wrong-answer',
      'a in numbers is NaN',
    ],
    [
      'climbs to a constructor',
      'return market.constructor;',
      'broken',
      'constructor: a strategy makes no programs',
    ],
    [
      'climbs there by a computed name',
      "return market['const' + 'ructor'];",
      'broken',
      'constructor: a strategy makes no programs',
    ],
    [
      'climbs from a text',
      "return 'x'['constructor']['constructor']('return process')();",
      'broken',
      'constructor',
    ],
    ['climbs from a function', "return market.bar.constructor('return process')();", 'broken', 'constructor'],
    ['climbs from a list', "return [].constructor.constructor('return process')();", 'broken', 'constructor'],
    ['climbs from a number', 'return (1).constructor;', 'broken', 'constructor'],
    ['pollutes by a prototype', "const o = {}; o['__proto__'] = { hold: 1 };", 'broken', '__proto__'],
    ['pollutes by a written prototype', "const o = { ['__proto__']: { hold: 1 } };", 'broken', '__proto__'],
    ['pollutes by a literal prototype', 'const o = { "__proto__": { hold: 1 } };', 'broken', '__proto__'],
    ['changes prices', 'const p = market.closes(3); p[0] = 1;', 'broken', 'cannot be changed'],
    ['changes prices in place', 'market.closes(3).reverse();', 'broken', 'prices cannot be changed'],
    ['changes the market', 'market.price = 1;', 'broken', 'cannot be changed'],
    ['changes what all share', 'Math.abs = () => 1;', 'broken', 'cannot be changed'],
    ['uses chance', 'return Math.random();', 'broken', 'a strategy has no chance'],
    ['reads a name too early', 'const a = b; const b = 1;', 'broken', 'b is read before it has a value'],
    ['calls what is none', 'market.price();', 'broken', 'a number is no function'],
  ];
  it.each(attacks)('%s', (_what, decide, kind, words) => {
    const fault = faultOf(() => answer(decide));
    expect(fault.kind).toBe(kind);
    expect(fault.message).toContain(words);
  });

  /** A letter and a number, many times over. */
  const many = (count: number, of: (index: number) => string): string =>
    Array.from({ length: count }, (_, index) => of(index)).join('');
  const names = many(9_000, (index) => `, v${index}`);
  // Each of these took half a minute or all the memory of the program while a statement was one step, however long.
  it.each([
    ['an expression', `let x = 1; for (;;) x = x${many(1_500, () => ' - x')};`],
    ['a test', `let x = 1; while (x === 1${many(1_000, () => ' && x === 1')}) x = 1;`],
    ['the cases of a switch', `for (;;) switch (1) {${many(8_000, () => 'case 2:')}}`],
    ['what a call is given', `const f = (...all) => all; for (;;) f(1${many(20_000, () => ', 1')});`],
    [
      'what a call is given and keeps',
      `const f = (...all) => all; const kept = []; for (;;) kept.push(f(1${many(20_000, () => ', 1')}));`,
    ],
    ['the names of a block', `for (;;) { if (true) continue; let a${names}; }`],
    ['the names of a loop', `for (let a${names};;) ;`],
    ['the names of a loop that are kept', `const kept = []; for (let a${names};;) kept.push(() => a);`],
    ['the names of a function', `const f = () => { if (true) return 1; let a${names}; }; for (;;) f();`],
    ['the parameters of a function', `const f = (a${names}) => 1; for (;;) f();`],
    [
      'names for the parts of a list',
      `for (const [a${names}] of Array.from({ length: 900_000 }, () => [])) ;`,
    ],
    [
      'a list that is joined',
      "let s = 'x'; for (let i = 0; i < 13; i++) s += s; const all = Array.from({ length: 90_000 }, () => s); all.join('');",
    ],
    [
      'a text that is looked through',
      "let s = 'x'; for (let i = 0; i < 13; i++) s += s; for (;;) s.includes('y');",
    ],
  ])('counts %s by how long it is', (_what, decide) => {
    expect(faultOf(() => answer(decide)).kind).toMatch(/^too-(long|much)$/);
  });

  it('says on one line, and in few words, whatever the file says', () => {
    const { message } = faultOf(() =>
      answer("let s = 'x\\n'; for (let i = 0; i < 12; i++) s += s; throw s;"),
    );
    expect(message).toMatch(/^line \d+, column \d+: it stopped itself: x x x/);
    expect(message.length).toBeLessThan(540);
    expect(readOwnStrategy('mine', file('').replace('a test', 'a\\n test')).label).toBe('a  test');
  });

  it('leaves nothing behind in what others share', () => {
    faultOf(() => answer("const o = {}; o['__proto__'] = { hold: 1 };"));
    expect(({} as Record<string, unknown>)['hold']).toBeUndefined();
    expect(shownOf('Math.abs(-3)')).toBe(3);
  });

  it.each([
    ['process.exit(1);', 'process: a strategy reaches nothing but prices'],
    ["return require('fs');", 'require: a strategy reaches nothing but prices'],
    ["return import('node:fs');", 'import: a strategy reaches nothing but prices'],
    ["return fetch('http://x');", 'fetch: a strategy reaches no network'],
    ['return globalThis;', 'globalThis: a strategy reaches nothing but prices'],
    ["return eval('1');", 'eval: a strategy makes no programs'],
    ["return Function('return process')();", 'Function: a strategy makes no programs'],
    ['return new Function("1");', 'Function: a strategy makes no programs'],
    ['return Date.now();', 'Date: a strategy has no clock'],
    ['return performance.now();', 'performance: a strategy has no clock'],
    ['return new Promise(() => 1);', 'Promise: a strategy answers at once'],
    ['await market.bar();', 'await'],
    ['try { market.close(-1); } catch (e) {}', 'try: a strategy that cannot go on stops'],
    ['return this;', 'this: a strategy needs no classes'],
    ['class A {}', 'class: a strategy needs no classes'],
    ['var x = 1;', 'var: this word is not known here'],
    ['return x;', 'x is not known here'],
    ['const x = 1; x = 2;', 'x is const'],
    ['return 1 == 1;', 'write ==='],
    ['return /a/;', '/ is not expected here'],
    ['return 1 | 2;', 'is missing before |'],
    ['return `${`;', 'does not end'],
    ["return 'a", 'does not end on its line'],
    ['return ((((;', '( has no )'],
    ['for (const x in market) {}', '"in" is not known here'],
    ['const { a, ...rest } = market;', 'name what you take'],
    ['return #x;', 'the sign # is not known here'],
    ['let x; let x;', 'x is declared twice'],
  ])('%s is not understood, and its place is told', (decide, words) => {
    const fault = faultOf(() => answer(decide));
    expect(fault.kind).toBe('not-understood');
    expect(fault.message).toContain(words);
    expect(fault.message).toMatch(/^line \d+, column \d+: /);
  });

  const files: readonly (readonly [source: string, words: string])[] = [
    ['', '"export default" is missing'],
    ["import fs from 'node:fs'; export default {};", 'a strategy brings in nothing'],
    ['export const a = 1;', 'only "export default"'],
    ['export default 1;', 'it has to be an object'],
    ["export default { describes: 'a', everyHours: 0, historyDays: 1, decide() {} };", 'everyHours is 0'],
    [
      "export default { describes: 'a', everyHours: 1, historyDays: 4000, decide() {} };",
      'historyDays is 4000',
    ],
    ["export default { describes: '', everyHours: 1, historyDays: 1, decide() {} };", 'describes has to say'],
    ["export default { describes: 'a', everyHours: 1, historyDays: 1 };", 'decide is undefined'],
    [
      "export default { describes: 'a', everyHours: 1, historyDays: 1, decide() {}, orders: 1 };",
      'has no orders',
    ],
    [
      "export default { describes: 'a', everyHours: 1, historyDays: 1, async decide() {} };",
      'answers at once',
    ],
    ['while (true) {} export default {};', 'a loop that never ends'],
    [`export default ${'('.repeat(50_000)}`, '( has no )'],
    [`export default ${'['.repeat(50_000)}`, 'nested more than'],
    [`export default ${'-'.repeat(50_000)}1`, 'nested more than'],
    [`export default ${'!'.repeat(50_000)}1`, 'nested more than'],
    [`export default ${'a=>'.repeat(20_000)}1`, 'nested more than'],
    [`export default ${'{'.repeat(50_000)}`, ''],
    [`const x: ${'('.repeat(400)}`, ''],
    [`export default 1${'+1'.repeat(40_000)};`, ''],
    [`export default f${'()'.repeat(40_000)};`, ''],
    ['x'.repeat(100_001), 'more than 100,000 letters'],
  ];
  it.each(files.map(([source, words]) => [source.slice(0, 40), words, source] as const))(
    'a file of %s is refused: %s',
    (_start, words, source) => {
      const fault = faultOf(() => readOwnStrategy('mine', source));
      expect(fault.message).toContain(words);
    },
  );
});
