/** What a strategy has to have shown before it trades with real money. */

const RULE = 'core/safety/ladder-rule.ts';
const LADDER = 'core/safety/strategy-ladder.ts';
const GATE = 'core/safety/cost-gate.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const LADDER_MUTANTS = [
  {
    name: 'an audit that failed leads to paper money',
    file: RULE,
    find: 'met: audit.passed && audit.days >= days',
    replace: 'met: audit.days >= days',
  },
  {
    name: 'an audit of a day is long enough',
    file: RULE,
    find: 'met: audit.passed && audit.days >= days',
    replace: 'met: audit.passed',
  },
  {
    name: 'days without trades are enough for the next rung',
    file: RULE,
    find: 'met: days >= rule.days && trades >= rule.trades',
    replace: 'met: days >= rule.days || trades >= rule.trades',
  },
  {
    name: 'what a lower rung asks is not asked again',
    file: RULE,
    find: 'steps.slice(0, place + 1)',
    replace: 'steps.slice(place, place + 1)',
  },
  {
    name: 'a rung is left without what it asks',
    file: RULE,
    find: 'steps.slice(0, place + 1)',
    replace: 'steps.slice(0, place)',
  },
  {
    name: 'paper trades count as small real ones',
    file: RULE,
    find: "tradedStep('small-live', facts.live)",
    replace: "tradedStep('small-live', facts.paper)",
  },
  {
    name: 'what another version of a strategy has shown counts',
    file: LADDER,
    find: 'line.strategy === strategy && line.version === version',
    replace: 'line.strategy === strategy && version !== undefined',
  },
  {
    name: 'a strategy whose audit fails stays where it was taken',
    file: LADDER,
    find: "line.kind === 'rung' || !line.passed",
    replace: "line.kind === 'rung'",
  },
  {
    name: 'the oldest audit of a strategy counts',
    file: LADDER,
    find: "findLast((line) => line.kind === 'audit')",
    replace: "find((line) => line.kind === 'audit')",
  },
  {
    name: 'a failed audit after half a line is not read',
    file: LADDER,
    find: 'appendDurably(this.#path, `\\n${',
    replace: 'appendDurably(this.#path, `${',
  },
  {
    name: 'a strategy that has shown nothing is armed',
    file: 'core/safety/arming.ts',
    find: '      ...facts.standing.obstacles,\n',
    replace: '',
  },
  {
    name: 'real money is spent on what nobody has measured',
    file: GATE,
    find: 'unmeasured(isRealMoney && costMultiple !== 0, known)',
    replace: 'unmeasured(!isRealMoney && costMultiple !== 0, known)',
  },
  {
    name: 'to expect exactly what is needed is enough',
    file: GATE,
    find: 'if (expectedMove > needed * (1 + TIE)) {',
    replace: 'if (expectedMove >= needed) {',
  },
  {
    name: 'an endless expectation passes the cost gate',
    file: GATE,
    find: '!Number.isFinite(expectedMove) || !Number.isFinite(roundTripCost)',
    replace: '!Number.isFinite(roundTripCost)',
  },
  {
    name: 'the cost gate takes real money for paper',
    file: 'core/engine/assembly/assemble.ts',
    find: "isRealMoney: settings.mode === 'live' && drive === null,",
    replace: "isRealMoney: settings.mode === 'live' && drive !== null,",
    tests: ['core/engine/loop/trade-desk.test.ts'],
  },
];
