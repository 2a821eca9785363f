/** What the loop makes of plans, records and rungs, and what is seen of the market while it decides. */

const MAKER = 'core/engine/loop/decision-maker.ts';
const HINDSIGHT = 'core/engine/loop/hindsight.ts';
const PLANS = 'core/engine/loop/plan-desk.ts';
const CASE = 'core/engine/loop/entry-case.ts';
const STANDING = 'core/engine/installation/strategy-standing.ts';
const LARGER = 'core/features/higher-timeframes.ts';
const VOICE = 'function voiceName(strategy: string, voter: Voter, source: VoteSource): string {';
const LOOP = ['core/engine/loop'];

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const DECIDING_MUTANTS = [
  {
    name: 'the plan of a position goes before a strategy that wants out',
    file: MAKER,
    find: 'led === null || led.wish === null || isOut\n',
    replace: 'led === null || led.wish === null || (isOut && led === null)\n',
    tests: LOOP,
  },
  {
    name: 'the plan of a position keeps its strategy from ending it',
    file: MAKER,
    find: 'if (targetShare > 0 && desk.isHeld(position, brief.close)',
    replace: 'if (targetShare >= 0 && desk.isHeld(position, brief.close)',
    tests: LOOP,
  },
  {
    name: 'a part of a plan that was refused counts as done',
    file: MAKER,
    find: "if (found.outcome === 'traded') done();",
    replace: 'done();',
    tests: LOOP,
  },
  {
    name: 'records count although the trader has turned them off',
    file: MAKER,
    find: 'return countsRecords ? (voter, source)',
    replace: 'return !countsRecords ? (voter, source)',
    tests: LOOP,
  },
  {
    name: 'a strategy that only reduces buys',
    file: MAKER,
    find: 'this.#lowered(target.strategy) ?? this.#closedToEntry(desk)',
    replace: 'this.#closedToEntry(desk)',
    tests: LOOP,
  },
  {
    name: 'how far prices swing is taken for an expectation',
    file: 'core/engine/loop/trade-desk.ts',
    find: 'expectedMove: proposed?.expectedMove ?? null,',
    replace: "expectedMove: proposed?.expectedMove ?? brief.feature('natr_14'),",
    tests: LOOP,
  },
  {
    name: 'a stop is rounded up to the price',
    file: PLANS,
    find: 'wanted.gt(before) && wanted.lt(price(close))',
    replace: 'wanted.gt(before)',
    tests: LOOP,
  },
  {
    name: 'a rest too small to sell is left by a plan',
    file: PLANS,
    find: "return sellable(subtract(held, amount)) ? amount : 'all';",
    replace: "return sellable(held) ? amount : 'all';",
    tests: LOOP,
  },
  {
    name: 'an addition forgets what is held',
    file: PLANS,
    find: 'targetShare: heldShare + share,',
    replace: 'targetShare: share,',
    tests: LOOP,
  },
  {
    name: 'a case counts once more with each restart of its decision',
    file: HINDSIGHT,
    find: 'if (this.#places.has(one.decisionId)) return;',
    replace: '',
    tests: LOOP,
  },
  {
    name: 'a record stays as it was when somebody first asked',
    file: HINDSIGHT,
    find: '    this.#records.clear();\n',
    replace: '',
    tests: LOOP,
  },
  {
    name: 'cases that were open at a restart are never judged',
    file: HINDSIGHT,
    find: 'if (one.result === null) this.#follow(one);',
    replace: 'if (one.result === null) continue;',
    tests: LOOP,
  },
  {
    name: 'a voter has one record for all strategies',
    file: HINDSIGHT,
    find: VOICE,
    replace:
      "function voiceName(_: string, voter: Voter, source: VoteSource): string {\n  const strategy = '';",
    tests: LOOP,
  },
  {
    name: 'what was decided on rules counts for the language model',
    file: HINDSIGHT,
    find: VOICE,
    replace:
      "function voiceName(strategy: string, voter: Voter, _: VoteSource): string {\n  const source = '';",
    tests: LOOP,
  },
  {
    name: 'a case is due at once',
    file: CASE,
    find: 'due: time + horizonMs,',
    replace: 'due: time + horizonMs * 0,',
    tests: LOOP,
  },
  {
    name: 'what a layer let pass is kept as refused by it',
    file: CASE,
    find: 'verdicts.filter(({ allowed }) => !allowed)',
    replace: 'verdicts.filter(({ allowed }) => allowed)',
    tests: LOOP,
  },
  {
    name: 'a strategy climbs with what is missing',
    file: STANDING,
    find: 'if (missing.length > 0) {',
    replace: 'if (missing.length > 1) {',
    tests: ['core/engine/installation/strategy-standing.test.ts'],
  },
  {
    name: 'a failed audit is a warning',
    file: STANDING,
    find: 'if (audit !== undefined && !audit.met) {',
    replace: 'if (audit !== undefined && audit.met) {',
    tests: ['core/engine/installation/strategy-standing.test.ts'],
  },
  {
    name: 'the books of paper are taken for those of real money',
    file: STANDING,
    find: "live: traded('live'),",
    replace: "live: traded('paper'),",
    tests: ['core/engine/installation/strategy-standing.test.ts'],
  },
  {
    name: 'the trades of what a file was before count for what it is now',
    file: STANDING,
    find: 'which.version === null ? 0 :',
    replace: 'which.version !== undefined ? 0 :',
    tests: ['core/engine/installation/strategy-standing.test.ts'],
  },
  {
    name: 'a larger bar is seen before it has closed',
    file: LARGER,
    find: 'if (openTime + this.#smallMs === start + bars.ms) {',
    replace: 'if (openTime + 2 * this.#smallMs === start + bars.ms) {',
  },
  {
    name: 'the close of a larger bar is that of its first small one',
    file: LARGER,
    find: '      bars.close = close;\n',
    replace: '      if (bars.start === openTime) bars.close = close;\n',
  },
  {
    name: 'trades that ended stay open in the database',
    file: 'core/storage/sqlite/excursion-store.ts',
    find: 'WHERE ended_at IS NULL ORDER BY',
    replace: 'ORDER BY',
    tests: ['core/storage/sqlite/excursion-store.test.ts'],
  },
  {
    name: 'the oldest cases are kept and the newest forgotten',
    file: 'core/storage/sqlite/hindsight-store.ts',
    find: 'ORDER BY sequence DESC LIMIT ?',
    replace: 'ORDER BY sequence LIMIT ?',
    tests: ['core/storage/sqlite/hindsight-store.test.ts'],
  },
];
