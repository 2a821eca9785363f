/** What the account comes to. */

const PORTFOLIO = 'core/portfolio/portfolio.ts';
const BOOK = 'core/portfolio/account-book.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const PORTFOLIO_MUTANTS = [
  {
    name: 'coins that a human trades are counted as ours',
    file: PORTFOLIO,
    find: "if (purpose !== 'external' || !terms.isSpot) return false;",
    replace: "if (purpose !== 'external' || terms.isSpot) return false;",
  },
  {
    name: 'a late fee of somebody else’s trade is ours',
    file: PORTFOLIO,
    find: "kind === 'fee' && this.#othersTrades.has(",
    replace: "kind === 'opening' && this.#othersTrades.has(",
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
];
