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
];
