/** What stands between a wish and the market. */

const SWITCH = 'core/safety/kill-switch.ts';
const FILES = 'core/platform/files.ts';
const LATCH = 'core/safety/latch-file.ts';
const BREAKER = 'core/safety/circuit-breaker.ts';
const RULES = 'core/safety/breaker-rules.ts';
const LIMITS = 'core/safety/position-limits.ts';
const SIZING = 'core/safety/sizing.ts';
const ARMING = 'core/safety/arming.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const SAFETY_MUTANTS = [
  {
    name: 'who slept with the machine keeps the right to close',
    file: 'core/safety/closing-right.ts',
    find: 'return Math.max(unsaidMs, Math.abs(clock.now() - this.#saidAt)) > LATE_MS;',
    replace: 'return unsaidMs > LATE_MS;',
  },
  {
    name: 'more capital than was armed is traded with',
    file: ARMING,
    find: 'if (now.capital.gt(quoteAmount(stake.capital))) {',
    replace: 'if (now.capital.lt(quoteAmount(stake.capital))) {',
  },
  {
    name: 'a limit that is looser than what was armed leaves it armed',
    file: ARMING,
    find: 'return looser.length === 0 ? null :',
    replace: 'return looser.length !== 0 ? null :',
  },
  {
    name: 'an order planned before a limit was tightened leaves after it',
    file: 'core/safety/limits-in-force.ts',
    find: 'if (tightened(this.#settings, settings)) this.#tightenings += 1;',
    replace: '',
    tests: ['core/safety', 'core/engine/loop', 'core/engine/assembly'],
  },
  {
    name: 'turning a limit off tightens it',
    file: 'core/contract/limits.ts',
    find: 'if (value === off) return Number.POSITIVE_INFINITY;',
    replace: 'if (value === off) return Number.NEGATIVE_INFINITY;',
    tests: ['core/contract', 'core/safety'],
  },
  {
    name: 'a floor that is lowered counts as a tighter limit',
    file: 'core/contract/limits.ts',
    find: "return looser === 'higher' ? value : -value;",
    replace: 'return value;',
    tests: ['core/contract', 'core/safety'],
  },
  {
    name: 'a halt ends the arming for as long as it lasts only',
    file: ARMING,
    find: 'this.#keep({ armed: null, halt: { at: this.#options.clock.now(), why } });',
    replace: 'this.#state = { armed: null, halt: { at: this.#options.clock.now(), why } };',
  },
  {
    name: 'an entry leaves while live trading is not armed',
    file: ARMING,
    find: "purpose === 'entry' ? this.refusal() : null",
    replace: "purpose !== 'entry' ? this.refusal() : null",
  },
  {
    name: 'a key that may withdraw is traded with once it was armed',
    file: ARMING,
    find: 'if (fault !== undefined) return fault;',
    replace: '',
  },
  {
    name: 'any name arms',
    file: ARMING,
    find: 'if (venue.trim().toLowerCase() !== due) {',
    replace: "if (venue.trim() === '') {",
  },
  {
    name: 'the latch lets entries leave',
    file: SWITCH,
    find: "if (latch === undefined || (intent.purpose === 'emergency' && intent.reduceOnly))",
    replace: 'if (latch === undefined || intent.amount.gt(0))',
  },
  {
    name: 'an emergency order may open a position',
    file: SWITCH,
    find: "(intent.purpose === 'emergency' && intent.reduceOnly)",
    replace: "intent.purpose === 'emergency'",
  },
  {
    name: 'the latch of another process is not seen',
    file: SWITCH,
    find: 'if (this.#latch === undefined && exists(this.#path)) {',
    replace: 'if (this.#latch !== undefined && exists(this.#path)) {',
  },
  {
    name: 'a latch that cannot be read is none',
    file: SWITCH,
    find: 'return {\n        at: null,',
    replace: 'return undefined as never;\n      return {\n        at: null,',
  },
  {
    name: 'a latch that did not reach the disk is told as durable',
    file: SWITCH,
    find: 'return { latch, durable: false, failure };',
    replace: 'return { latch, durable: true, failure };',
  },
  {
    name: 'a reset that could not remove the latch is told as done',
    file: SWITCH,
    find: `      return {
        ok: false,`,
    replace: `      return {
        ok: true,`,
  },
  {
    name: 'the latch is not flushed to the disk',
    file: FILES,
    find: '    // On macOS too this reaches the disk itself: Node asks for F_FULLFSYNC there.\n    fsyncSync(file);\n',
    replace: '',
  },
  {
    name: 'a latch whose name is held by a virus scanner is left unwritten',
    file: LATCH,
    find: '    writeFlushed(path, text);\n    rmSync',
    replace: '    rmSync',
  },
  {
    name: 'a latch file that cannot be looked for is not there',
    file: LATCH,
    find: 'must assume that it is there.\n    return true;',
    replace: 'must assume that it is there.\n    return false;',
  },
  {
    name: 'the breaker’s halt is no longer than an hour',
    file: BREAKER,
    find: 'at + this.#settings.haltHours * HOUR_MS',
    replace: 'at + HOUR_MS',
  },
  {
    name: 'any halt’s end forgets the peak',
    file: BREAKER,
    find: '  #startAnew({ code, at }: Trip): void {',
    replace: `  #startAnew({ code, at }: Trip): void {
    this.#peak = this.#equity;`,
  },
  {
    name: 'the peak is not restored after a restart',
    file: BREAKER,
    find: '    this.#peak = account.peak;',
    replace: '    this.#peak = account.equity;',
  },
  {
    name: 'a deposit is a gain for the breaker',
    file: BREAKER,
    find: '    this.#peak = moved(this.#peak);',
    replace: '',
  },
  {
    name: 'without an equity entries are allowed',
    file: BREAKER,
    find: 'if (!this.#known) {\n      return refuse',
    replace: 'if (this.#known && !this.#known) {\n      return refuse',
  },
  {
    name: 'a breaker state that cannot be read is no halt',
    file: BREAKER,
    find: "this.#tripOn(this.#clock.now(), [{ code: 'unreadable-state', message }]);",
    replace: 'this.#report(message, null);',
  },
  {
    name: 'the daily loss counts from the peak of a week ago',
    file: RULES,
    find: 'return lossBase * (1 - settings.maxDailyLoss) * (1 + TIE);',
    replace: 'return lossBase * (1 - settings.maxDrawdown) * (1 + TIE);',
  },
  {
    name: 'a gain that is enough is seen at a new peak only',
    file: BREAKER,
    find: ': Math.min(this.#peak, profitCeiling(figures, this.#settings));',
    replace: ': this.#peak;',
  },
  {
    name: 'the profit lock lasts as long as every halt',
    file: BREAKER,
    find: "code === 'profit-lock' ? this.#dayEnd :",
    replace: "code === 'profit-lock' && at < 0 ? this.#dayEnd :",
  },
  {
    name: 'one loss in a row more is allowed',
    file: RULES,
    find: 'if (lossesInRow >= settings.maxConsecutiveLosses) {',
    replace: 'if (lossesInRow > settings.maxConsecutiveLosses) {',
  },
  {
    name: 'open entry orders and other symbols do not count towards the portfolio limit',
    file: LIMITS,
    find: 'portfolio: room(settings.maxPortfolioExposure, total),',
    replace: 'portfolio: room(settings.maxPortfolioExposure, ZERO_QUOTE),',
  },
  {
    name: 'what moves together has all of its room again',
    file: LIMITS,
    find: 'group: room(settings.maxGroupExposure, account.group.exposure),',
    replace: 'group: room(settings.maxGroupExposure, ZERO_QUOTE),',
  },
  {
    name: 'symbols without history are no company for each other',
    file: 'core/safety/correlated-group.ts',
    find: 'moves.isKnown(a) === moves.isKnown(b)',
    replace: 'moves.isKnown(a) && moves.isKnown(b)',
  },
  {
    name: 'what is at risk already leaves as much risk as before',
    file: LIMITS,
    find: 'openRisk: room(settings.maxOpenRisk, account.openRisk),',
    replace: 'openRisk: room(settings.maxOpenRisk, ZERO_QUOTE),',
  },
  {
    name: 'a position without a stop risks nothing',
    file: 'core/safety/open-risk.ts',
    find: 'if (stopPrice === null) return worth;',
    replace: 'if (stopPrice === null) return ZERO_QUOTE;',
  },
  {
    name: 'an order on its way has no risk yet',
    file: 'core/safety/may-still-enter.ts',
    find: 'limitFault([...uses, atRisk], account, told)',
    replace: 'limitFault(uses, account, told)',
  },
  {
    name: 'what a symbol holds already leaves its room as it was',
    file: LIMITS,
    find: 'symbol: room(settings.maxSymbolExposure, account.exposures.get(symbol) ?? ZERO_QUOTE),',
    replace: 'symbol: room(settings.maxSymbolExposure, ZERO_QUOTE),',
  },
  {
    name: 'one position more than allowed',
    file: LIMITS,
    find: 'if (held.isZero() && !(openPositions < maxPositions)) {',
    replace: 'if (held.isZero() && !(openPositions <= maxPositions)) {',
  },
  {
    name: 'the stop of a short lies below the price',
    file: SIZING,
    find: ': floorTo(add(markPrice, distance), instrument.tickSize),',
    replace: ': floorTo(subtract(markPrice, distance), instrument.tickSize),',
  },
  {
    name: 'the size ignores how far away the stop is',
    file: SIZING,
    find: 'const risked = amountFor(scale(account.equity, settings.riskPerTrade), distance);',
    replace: 'const risked = amountFor(scale(account.equity, settings.riskPerTrade), markPrice);',
  },
  {
    name: 'a purchase may spend more cash than there is',
    file: SIZING,
    find: "...(side === 'buy' ? [{ by: 'cash', worth: spendable } as const] : []),",
    replace: "...(side === 'sell' ? [{ by: 'cash', worth: spendable } as const] : []),",
  },
  {
    name: 'an entry that its venue would not protect is planned',
    file: SIZING,
    find: 'if (!protection.ok) {',
    replace: 'if (!protection.ok && entry.ok !== true) {',
  },
  {
    name: 'the cost gate counts costs once only',
    file: 'core/safety/cost-gate.ts',
    find: 'roundTripCost * costMultiple',
    replace: 'roundTripCost * Math.sign(costMultiple)',
  },
  {
    name: 'stale prices are good enough',
    file: 'core/safety/data-health.ts',
    find: "if (stale) return no('stale-feed',",
    replace: "if (stale && ageMs < 0) return no('stale-feed',",
  },
  {
    name: 'a symbol may be entered again at once',
    file: 'core/safety/churn-throttle.ts',
    find: 'if (barsSinceExit !== null && !(barsSinceExit >= reentryWaitBars)) {',
    replace: 'if (barsSinceExit !== null && !(barsSinceExit >= 0)) {',
  },
  {
    name: 'one entry a day more is allowed',
    file: 'core/safety/churn-throttle.ts',
    find: 'if (!(entriesToday < maxEntriesPerDay)) {',
    replace: 'if (!(entriesToday <= maxEntriesPerDay)) {',
  },
  {
    name: 'locks that cannot be read are none',
    file: 'core/safety/symbol-locks.ts',
    find: 'this.#locks = reading.ok ? reading.value : null;',
    replace: 'this.#locks = reading.ok ? reading.value : [];',
  },
  {
    name: 'a lock that has ended goes on',
    file: 'core/safety/symbol-locks.ts',
    find: 'until > this.#clock.now()',
    replace: 'until > 0',
  },
  {
    name: 'an emergency has to wait for the minimum hold',
    file: 'core/safety/churn-throttle.ts',
    find: "if (purpose === 'exit' && barsHeld < minHoldBars) {",
    replace: 'if (barsHeld < minHoldBars) {',
  },
];
