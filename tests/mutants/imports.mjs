const FILE = [
  'core/engine/installation/trade-file.test.ts',
  'core/engine/installation/trade-imports.test.ts',
];
const KEPT = ['core/storage/sqlite/trade-imports.test.ts', 'core/engine/installation/trade-imports.test.ts'];

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const IMPORT_MUTANTS = [
  {
    name: 'a pair is parted at the first place that prices could be counted in, though there are two',
    file: 'core/engine/installation/split-pair.ts',
    find: 'if (found.length > 1) {',
    replace: 'if (found.length > 2) {',
    tests: FILE,
  },
  {
    name: 'the units behind the figures do not tell the pair',
    file: 'core/engine/installation/split-pair.ts',
    find: 'if (byUnits.length > 0) return byUnits;',
    replace: '',
    tests: FILE,
  },
  {
    name: 'Kraken’s old names of currencies stay',
    file: 'core/engine/installation/split-pair.ts',
    find: 'names?.get(name.toUpperCase()) ?? name',
    replace: 'name',
    tests: FILE,
  },
  {
    name: 'a time is taken for UTC whatever the file says of its clock',
    file: 'core/engine/installation/written-time.ts',
    find: 'return zone === undefined ? time - zoneMinutes * MINUTE_MS : time;',
    replace: 'return time;',
    tests: FILE,
  },
  {
    name: 'a fee that OKX took is a fee that it gave',
    file: 'core/engine/installation/trade-layouts.ts',
    find: '    chargesAreNegative: true,\n',
    replace: '',
    tests: FILE,
  },
  {
    name: 'a fee of Bybit’s is in the currency of the price whatever was bought',
    file: 'core/engine/installation/trade-layouts.ts',
    find: "    feeIn: 'received',\n",
    replace: "    feeIn: 'quote',\n",
    tests: FILE,
  },
  {
    name: 'both lines of a trade at OKX are trades',
    file: 'core/engine/installation/trade-legs.ts',
    find: 'else if (isOfCoins(row)) {',
    replace: 'else {',
    tests: FILE,
  },
  {
    name: 'a trade on margin is one of a spot market',
    file: 'core/engine/installation/trade-file.ts',
    find: "(Number(withoutGroups(of('margin')) || 0) !== 0",
    replace: '(0 !== 0',
    tests: FILE,
  },
  {
    name: 'what the ledger has is imported beside it',
    file: 'core/storage/sqlite/trade-imports.ts',
    find: '        WHERE NOT EXISTS (SELECT 1 FROM fills WHERE symbol = :symbol AND trade_id = :tradeId AND side = :side)\n',
    replace: '        WHERE true\n',
    tests: KEPT,
  },
  {
    name: 'an import that is taken back takes along what another one tells as well',
    file: 'core/storage/sqlite/trade-imports.ts',
    find: ') IS NULL`);',
    replace: ') IS NOT 0`);',
    tests: KEPT,
  },
  {
    name: 'the round trips of an import that was taken back stay',
    file: 'core/storage/sqlite/trade-imports.ts',
    find: '      const gone = this.#forget(id);\n      for (const symbol of symbols) this.#fold(symbol);\n',
    replace: '      const gone = this.#forget(id);\n',
    tests: KEPT,
  },
  {
    name: 'more is sold on spot than the file tells was bought',
    file: 'core/storage/sqlite/trade-imports.ts',
    find: 'if (moved.lte(held)) return fill;',
    replace: 'if (held.gt(0)) return fill;',
    tests: KEPT,
  },
];
