/** What everything else counts with: positions, orders, filters and exact money. */

const POSITION = 'core/domain/position.ts';
const ORDER = 'core/domain/order.ts';
const PLAN = 'core/domain/position-plan.ts';
const INSTRUMENT = 'core/domain/instrument.ts';

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const DOMAIN_MUTANTS = [
  {
    name: 'a fee in coins does not leave the position',
    file: POSITION,
    find: 'const change = coins.isZero() ? traded : subtract(traded, coins);',
    replace: 'const change = traded;',
  },
  {
    name: 'a sale counts as a purchase',
    file: POSITION,
    find: "const traded = fill.side === 'buy' ? fill.amount : negate(fill.amount);",
    replace: 'const traded = fill.amount;',
  },
  {
    name: 'what goes through flat is not opened again',
    file: POSITION,
    find: 'if (rest.isZero()) return { position: carried, closed };',
    replace: 'if (!rest.isZero() || rest.isZero()) return { position: carried, closed };',
  },
  {
    name: 'a part of a position takes all of its cost along',
    file: POSITION,
    find: 'const costShare = partOf(position.cost, closing, absolute(position.quantity));',
    replace: 'const costShare = position.cost;',
  },
  {
    name: 'a short makes money when the price rises',
    file: POSITION,
    find: 'realisedPnl: add(position.realisedPnl, subtract(long ? value : negate(value), costShare)),',
    replace: 'realisedPnl: add(position.realisedPnl, subtract(value, costShare)),',
  },
  {
    name: 'the fees of a round trip are left out of its profit',
    file: POSITION,
    find: 'netPnl: subtract(position.realisedPnl, position.fees),',
    replace: 'netPnl: position.realisedPnl,',
  },
  {
    name: 'a remainder too small to trade is forgotten with its cost',
    file: POSITION,
    find: `    quantity: position.quantity,
    cost: position.cost,
    entered: { amount: absolute(position.quantity), notional: absolute(position.cost) },`,
    replace: `    entered: NOTHING,`,
  },
  {
    name: 'a fee in coins told late is taken from nobody',
    file: POSITION,
    find: 'if (isOpposite(negate(coins), position.quantity)) {',
    replace: 'if (coins.isZero()) {',
  },
  {
    name: 'less than a lot counts as an open position',
    file: POSITION,
    find: 'return !position.quantity.isZero() && absolute(position.quantity).gte(smallestTradable);',
    replace: 'return !position.quantity.isZero() && smallestTradable.gte(0);',
  },
  {
    name: 'an order that was cancelled can never turn out to have filled',
    file: ORDER,
    find: "  CANCELED: ['FILLED'],",
    replace: '  CANCELED: [],',
    tests: ['core/domain', 'core/execution'],
  },
  {
    name: 'an order in doubt counts as ended',
    file: ORDER,
    find: "new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED'])",
    replace: "new Set(['FILLED', 'CANCELED', 'REJECTED', 'EXPIRED', 'UNKNOWN'])",
    tests: ['core/domain', 'core/execution'],
  },
  {
    name: 'an order can go back from filled',
    file: ORDER,
    find: '  FILLED: [],',
    replace: "  FILLED: ['OPEN', 'PARTIALLY_FILLED'],",
  },
  {
    name: 'what fills of an order replaces what had filled before',
    file: ORDER,
    find: 'const filledAmount = add(order.filledAmount, fill.amount);',
    replace: 'const filledAmount = fill.amount;',
    tests: ['core/domain', 'core/execution'],
  },
  {
    name: 'amounts are rounded up to the lot',
    file: INSTRUMENT,
    find: 'const amount = floorTo(order.amount, instrument.lotSize);',
    replace: 'const amount = ceilTo(order.amount, instrument.lotSize);',
  },
  {
    name: 'the venue’s smallest worth is not looked at',
    file: INSTRUMENT,
    find: 'if (value.lt(instrument.minNotional) && !exempt) {',
    replace: 'if (value.lt(0) && !exempt) {',
  },
  {
    name: 'rounding down to a step rounds up',
    file: 'core/domain/money.ts',
    find: 'as<T>(value.toNearest(positiveStep(step), DecimalJs.ROUND_FLOOR));',
    replace: 'as<T>(value.toNearest(positiveStep(step), DecimalJs.ROUND_CEIL));',
  },
  {
    name: 'a plan lowers a stop',
    file: PLAN,
    find: 'price > moment.stopPrice && price < moment.close',
    replace: 'price < moment.close',
  },
  {
    name: 'a plan puts a stop above the price',
    file: PLAN,
    find: 'price > moment.stopPrice && price < moment.close',
    replace: 'price > moment.stopPrice',
  },
  {
    name: 'a take profit is taken again at each bar',
    file: PLAN,
    find: 'of plan.takeProfits.slice(progress.taken))',
    replace: 'of plan.takeProfits)',
  },
  {
    name: 'an addition is made again at each bar',
    file: PLAN,
    find: 'const added = progress.added + 1;',
    replace: 'const added = progress.added;',
  },
  {
    name: 'a trailing stop that is passed at a close holds on',
    file: PLAN,
    find: 'if (close > level) return null;',
    replace: 'if (close > 0) return null;',
  },
  {
    name: 'a trailing stop goes back with the price',
    file: PLAN,
    find: 'highest: Math.max(before.highest, moment.close)',
    replace: 'highest: moment.close',
  },
  {
    name: 'what is added to a position forgets its plan',
    file: 'core/engine/loop/entry-theses.ts',
    find: 'return { plan: held.plan, progress: held.progress };',
    replace: 'return { plan: record.plan, progress: null };',
    tests: ['core/engine/loop'],
  },
  {
    name: 'a plan moves a stop in the books and not at the venue',
    file: 'core/engine/loop/plan-desk.ts',
    find: 'if (isMoved) protect(symbol);',
    replace: '',
    tests: ['core/engine/loop'],
  },
  {
    name: 'a strategy that has failed goes on buying',
    file: 'core/engine/loop/strategy-watch.ts',
    find: 'return fault?.file === version ? fault.reason : null;',
    replace: 'return null;',
    tests: ['core/engine/loop'],
  },
  {
    name: 'a withdrawal is a loss',
    file: 'core/domain/account.ts',
    find: "return kind === 'opening' || kind === 'deposit' || kind === 'withdrawal';",
    replace: "return kind === 'opening' || kind === 'deposit';",
    tests: ['core/domain', 'core/portfolio'],
  },
  {
    name: 'two take profits at a bar sell more than the two of them',
    file: PLAN,
    find: 'left *= 1 - sell;',
    replace: 'left -= sell;',
  },
  {
    name: 'what is added goes before what is sold',
    file: PLAN,
    find: 'takeProfit(plan, progress, moment) ?? addition(plan, progress, moment)',
    replace: 'addition(plan, progress, moment) ?? takeProfit(plan, progress, moment)',
  },
  {
    name: 'a trailing stop sells before the rise that begins it',
    file: PLAN,
    find: 'if (trail === null || !hasRisen(progress, trail.from)) return null;',
    replace: 'if (trail === null) return null;',
  },
  {
    name: 'break-even is where the price was first and not what was paid',
    file: PLAN,
    find: 'price: moment.paid,',
    replace: 'price: progress.firstPrice,',
  },
  {
    name: 'an amount that is kept is read back as a float',
    file: 'core/domain/exact-document.ts',
    find: 'assetAmount(value.exact)',
    replace: 'assetAmount(Number(value.exact))',
  },
];
