/** What a trade saw while it was open. */

const EXCURSIONS = 'core/portfolio/excursions.ts';
const EXCURSION = 'core/domain/excursion.ts';
const TABLE = 'core/portfolio/excursion-table.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const EXCURSION_MUTANTS = [
  {
    name: 'a trade has seen what was before it in its first bar',
    file: EXCURSIONS,
    find: 'if (seen.excursion.openedAt <= openTime) this.#see(seen, low, high);',
    replace: 'if (seen.excursion.openedAt < openTime + durationMs) this.#see(seen, low, high);',
  },
  {
    name: 'the price that a trade was closed at was not seen',
    file: EXCURSIONS,
    find: 'if (seen !== undefined) this.#see(seen, float(fill.price), float(fill.price));',
    replace: '',
  },
  {
    name: 'a trade that has ended is open in the store',
    file: EXCURSIONS,
    find: 'this.#store.write({ ...seen.excursion, endedAt });',
    replace: 'this.#store.write(seen.excursion);',
  },
  {
    name: 'what a trade of before saw is taken for the open one’s',
    file: EXCURSIONS,
    find: 'if (position(symbol).openedAt === openedAt)',
    replace: 'if (position(symbol).openedAt !== 0)',
  },
  {
    name: 'what goes through flat goes on with what the trade before saw',
    file: EXCURSIONS,
    find: '(before.openedAt === 0 || closed !== undefined)',
    replace: '(before.openedAt === 0)',
  },
  {
    name: 'the lowest price is the last one',
    file: EXCURSIONS,
    find: 'lowest: Math.min(lowest, low),',
    replace: 'lowest: low,',
  },
  {
    name: 'what was seen since the last write is not written',
    file: EXCURSIONS,
    find: '    seen.isKept = false;\n',
    replace: '',
  },
  {
    name: 'a rise is in favour of a short',
    file: EXCURSION,
    find: "const sign = trade.side === 'buy' ? 1 : -1;",
    replace: "const sign = trade.side === 'buy' ? 1 : 1;",
  },
  {
    name: 'a stop on the wrong side of the price measures a risk',
    file: EXCURSION,
    find: 'riskPct: risk > 0 ? risk : null,',
    replace: 'riskPct: risk === 0 ? null : Math.abs(risk),',
  },
  {
    name: 'what went in favour of a trade can be below nothing',
    file: EXCURSION,
    find: 'favourablePct: Math.max(0, -sign * below(inFavour)),',
    replace: 'favourablePct: -sign * below(inFavour),',
  },
  {
    name: 'winners are among the losers of the table',
    file: TABLE,
    find: 'const losers = trades.filter(({ won }) => !won);',
    replace: 'const losers = trades;',
  },
  {
    name: 'a quantile is a rank too high',
    file: TABLE,
    find: 'sorted[Math.ceil(share * sorted.length) - 1]',
    replace: 'sorted[Math.ceil(share * sorted.length)]',
  },
  {
    name: 'trades without a stop water down the mean of R',
    file: TABLE,
    find: 'sum + value, 0) / results.length,',
    replace: 'sum + value, 0) / trades.length,',
  },
];
