/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const STORAGE_MUTANTS = [
  {
    name: 'the books of before are gone on from whatever the ledger says',
    file: 'core/engine/assembly/folded-books.ts',
    find: 'return isSame ? memo : null;',
    replace: 'return memo;',
    tests: ['core/engine/assembly'],
  },
  {
    name: 'what was kept of the books is believed without its digest',
    file: 'core/engine/assembly/folded-books.ts',
    find: 'if (stored === null || digestOf(stored.memo) !== stored.sha256) return null;',
    replace: 'if (stored === null) return null;',
    tests: ['core/engine/assembly'],
  },
  {
    name: 'books are gone on from although the lots of a market have changed',
    file: 'core/portfolio/holding.ts',
    find: '    lotSize.eq(now.lotSize)\n',
    replace: '    lotSize.eq(lotSize)\n',
  },
  {
    name: 'the last fill of the books of before is counted once more',
    file: 'core/engine/assembly/folded-books.ts',
    find: 'ledger.fills(folded?.fills)',
    replace: 'ledger.fills(folded === null ? 0 : folded.fills - 1)',
    tests: ['core/engine/assembly'],
  },
  {
    name: 'a fee that waited for its fill is forgotten by a restart',
    file: 'core/portfolio/portfolio.ts',
    find: 'folded?.waitingFees ?? []',
    replace: '[]',
  },
  {
    name: 'a derivative forgets at a restart what it had brought',
    file: 'core/portfolio/holding.ts',
    find: 'new RealisedAtVenue(symbol, terms.lotSize, from?.atVenue)',
    replace: 'new RealisedAtVenue(symbol, terms.lotSize)',
  },
  {
    name: 'fills that the ledger has are told as new ones after a restart',
    file: 'core/execution/orders/trade-record.ts',
    find: 'this.#trades = new Set(ledger.executions());',
    replace: 'this.#trades = new Set();',
  },
];
