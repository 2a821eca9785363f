/** When the guardian closes, and when it does not. */

const WATCH = 'core/guardian/watch.ts';
const OWN_TIME = 'core/guardian/own-time.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const GUARDIAN_MUTANTS = [
  {
    name: 'a program is taken for dead before its 15 s are over',
    file: WATCH,
    find: 'return silentMs < SILENT_FOR_MS',
    replace: 'return silentMs < SILENT_FOR_MS - 1_000',
  },
  {
    name: 'a beat does not end the silence',
    file: WATCH,
    find: "return rest(kind === 'closing' || kind === 'left' ? watch : afresh(watch));",
    replace: "return rest(kind === 'looking' ? afresh(watch) : watch);",
  },
  {
    name: 'silence goes on over a suspend',
    file: WATCH,
    find: "return isWatching ? { watch: afresh(watch), deed: 'ask-reconciliation' } : rest(watch);",
    replace: "return isWatching ? { watch, deed: 'ask-reconciliation' } : rest(watch);",
  },
  {
    name: 'the guardian fights who ends the program on purpose',
    file: WATCH,
    find: "return stage.kind === 'closing' ? rest(at(watch, { ...stage, thenLeaves: true })) : left(watch);",
    replace: 'return rest(watch);',
  },
  {
    name: 'what nobody can tell counts as flat',
    file: WATCH,
    find: "if (found !== 'flat') return closing(watch, 0);",
    replace: "if (found === 'open') return closing(watch, 0);",
  },
  {
    name: 'what was not closed is not tried again',
    file: WATCH,
    find: 'const isOver = isFlat ? isGone : tries === MOST_TRIES;',
    replace: 'const isOver = isFlat ? isGone : true;',
  },
  {
    name: 'a stop of the guardian itself counts as silence of the program',
    file: OWN_TIME,
    find: 'return ran > MOST_BETWEEN_MS || Math.abs(shown - ran) > MOST_APART_MS ? null : ran;',
    replace: 'return Math.abs(shown - ran) > MOST_APART_MS ? null : ran;',
  },
  {
    name: 'a clock set backwards counts as time',
    file: OWN_TIME,
    find: 'Math.abs(shown - ran) > MOST_APART_MS',
    replace: 'shown - ran > MOST_APART_MS',
  },
];
