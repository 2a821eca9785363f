/** What the account comes to. */

const PORTFOLIO = 'core/portfolio/portfolio.ts';
const LATE_FEES = 'core/portfolio/late-fees.ts';
const BOOK = 'core/portfolio/account-book.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const PORTFOLIO_MUTANTS = [
  {
    name: 'coins that a human trades are counted as ours',
    file: 'core/domain/trip-rules.ts',
    find: "purpose === 'external' && isSpot",
    replace: "purpose === 'external' && !isSpot",
    tests: ['core/portfolio', 'core/storage/sqlite'],
  },
  {
    name: 'a late fee of somebody else’s trade is ours',
    file: LATE_FEES,
    find: 'this.#trades.set(trade, isCounted);',
    replace: 'this.#trades.set(trade, true);',
  },
  {
    name: 'a deposit raises the curve as a profit would',
    file: PORTFOLIO,
    find: 'if (isTransfer(event)) this.curve.transfer(float(event.quoteValue));',
    replace: '',
  },
  {
    name: 'a fee in another asset costs nothing',
    file: BOOK,
    find: 'if (isCounted) this.pay(negate(quoteValue));',
    replace: '',
  },
  {
    name: 'funding is paid twice',
    file: BOOK,
    find: '        this.funding = add(this.funding, quoteValue);',
    replace: '        this.funding = add(this.funding, quoteValue);\n        this.pay(quoteValue);',
  },
  {
    name: 'a deposit is profit',
    file: BOOK,
    find: '    this.capital = add(this.capital, quoteValue);\n    if',
    replace: '    if',
  },
  {
    name: 'what paid-out money leaves counts as a fall',
    file: 'core/portfolio/equity-curve.ts',
    find: 'this.#unit = this.#level / this.#last;',
    replace: 'this.#level = this.#last;',
  },
  {
    name: 'a restart forgets a fall between the closes of two bars',
    file: 'core/portfolio/equity-curve.ts',
    find: '    this.#maxDrawdown = marks.deepest;',
    replace: '',
  },
  {
    name: 'of a trade of the account with itself one side is lost',
    file: 'core/domain/fill.ts',
    find: '[symbol, tradeId, side].join',
    replace: '[symbol, tradeId].join',
    tests: ['core/storage/memory', 'core/execution/orders'],
  },
  {
    name: 'a fee of a trade of before the restart waits for ever',
    file: LATE_FEES,
    find: 'this.#trades.get(trade) ?? this.#countedBefore(symbol, tradeId)',
    replace: 'this.#trades.get(trade)',
  },
  {
    name: 'a fee that waited is counted with each side of its trade',
    file: LATE_FEES,
    find: '    this.#waiting.delete(trade);\n',
    replace: '',
  },
  {
    name: 'a restart forgets what the venue took of fees',
    file: 'core/portfolio/holding.ts',
    find: '    this.#closedFees = from.closedFees;\n',
    replace: '',
  },
  {
    name: 'a fill that is told late marks its symbol over a newer price',
    file: 'core/portfolio/holding.ts',
    find: 'if (this.#markTime === NEVER) this.#markPrice',
    replace: 'this.#markPrice',
  },
  {
    name: 'a restart forgets what was turned over',
    file: PORTFOLIO,
    find: 'folded?.turnover ?? ZERO_QUOTE',
    replace: 'ZERO_QUOTE',
  },
  {
    name: 'a restart forgets what getting in has cost',
    file: PORTFOLIO,
    find: 'folded?.entryCost ?? NO_ENTRY_COST',
    replace: 'NO_ENTRY_COST',
  },
  {
    name: 'what came after a fill is booked after the next one',
    file: PORTFOLIO,
    find: '(next.value.afterFills ?? 0) <= fillsBefore',
    replace: '(next.value.afterFills ?? 0) < fillsBefore',
  },
  {
    name: 'the events of the books of before are counted once more',
    file: PORTFOLIO,
    find: '        this.#accountEvents += 1;\n',
    replace: '',
  },
  {
    name: 'a restart forgets what was paid in other assets',
    file: BOOK,
    find: 'new Map(from?.assets ?? [])',
    replace: 'new Map()',
  },
  {
    name: 'a trade that made nothing is a win',
    file: 'core/portfolio/trade-tally.ts',
    find: 'if (netPnl.gt(0)) {',
    replace: 'if (netPnl.gte(0)) {',
  },
  {
    name: 'a restart forgets the last fills of a derivative',
    file: 'core/portfolio/realised-at-venue.ts',
    find: 'fills: [...this.#fills] };',
    replace: 'fills: [] };',
  },
  {
    name: 'the outline of a curve leaves a fall out',
    file: 'core/portfolio/outline.ts',
    find: 'point.equity < least.equity',
    replace: 'point.equity > least.equity',
  },
  {
    name: 'the return of a day stands under the day before',
    file: 'core/portfolio/equity-curve.ts',
    find: 'for (let end = this.#dayEnd; end <= midnight; end += DAY_MS) this.#endDay(end);',
    replace: 'for (let end = this.#dayEnd; end <= midnight; end += DAY_MS) this.#endDay(end - DAY_MS);',
  },
];
