/** What sends, counts, protects, compares and gets out. */

const SENDER = 'core/execution/orders/order-sender.ts';
const TRACKER = 'core/execution/orders/order-tracker.ts';
const ADMISSION = 'core/execution/orders/admission.ts';
const ABSENCE = 'core/execution/orders/absence.ts';
const NOTES = 'core/execution/orders/fill-notes.ts';
const RECORD = 'core/execution/orders/trade-record.ts';
const KEEPER = 'core/execution/stop-keeper.ts';
const DESK = 'core/execution/desk.ts';
const MAKERS = 'core/execution/maker-entries.ts';
const FLATTENER = 'core/execution/flattener.ts';
const EMERGENCY = 'core/engine/emergency/emergency-stop.ts';
const WIRING = ['core/engine/loop', 'core/engine/assembly'];

/** @type {readonly import('./mutants.mjs').Mutant[]} */
export const EXECUTION_MUTANTS = [
  {
    name: 'flattening begins before the latch',
    file: EMERGENCY,
    find: 'const { latch, durable, failure } = killSwitch.latch(reason, by, from);',
    replace: `this.#again = true;
    this.#run();
    const { latch, durable, failure } = killSwitch.latch(reason, by, from);`,
    tests: ['core/engine/emergency'],
  },
  {
    name: 'after flat nobody watches any more',
    file: EMERGENCY,
    find: 'await flattener.isFlat();',
    replace: 'flattener !== undefined;',
    tests: ['core/engine/emergency'],
  },
  {
    name: 'before the emergency stop closes in a shared account it does not ask what is closed already',
    file: FLATTENER,
    find: 'const untold = this.#untold();',
    replace: 'const untold = this.#untold().slice(0, 0);',
    tests: ['core/execution/flattener-limits.test.ts'],
  },
  {
    name: 'a trade that is told twice counts twice',
    file: TRACKER,
    find: "if (this.record.has(reported)) return 'known';",
    replace: '',
  },
  {
    name: 'one absence is believed',
    file: ABSENCE,
    find: 'return answers + 1 >= this.#rule.answers && answeredMs - sinceMs >= this.#rule.windowMs;',
    replace: 'return answers + 1 >= 1;',
  },
  {
    name: 'absence is believed before the order can have arrived',
    file: ABSENCE,
    find: ' && answeredMs - sinceMs >= this.#rule.windowMs;',
    replace: ';',
  },
  {
    name: 'the plan of an entry is forgotten while the rest of it lives',
    file: 'core/engine/assembly/execution.ts',
    find: 'entriesAlive: desk.orders.entriesAlive(symbol)',
    replace: 'entriesAlive: false',
    tests: WIRING,
  },
  {
    name: 'an order in doubt is sent again under its id',
    file: SENDER,
    find: "      tracker.move(id, 'UNKNOWN', { reason });",
    replace: `      this.#options.exchange.submit(begun.order).catch(() => undefined);
      tracker.move(id, 'UNKNOWN', { reason });`,
  },
  {
    name: 'a timeout is a refusal',
    file: SENDER,
    find: "if (fault === 'uncertain' || fault === 'unavailable') {",
    replace: "if (fault === 'unavailable') {",
  },
  {
    name: 'an order is sent before that is written down',
    file: SENDER,
    find: "    tracker.move(id, 'SENT');",
    replace: '',
  },
  {
    name: 'the gate is not asked',
    file: SENDER,
    find: 'if (!answer.allowed) return this.#withdraw(begun, answer);',
    replace: '',
  },
  {
    name: 'an entry leaves whose intent is not on the disk',
    file: TRACKER,
    find: 'return this.isDurable ? (this.#options.unwritten?.() ?? null) : String(this.fault);',
    replace: 'return this.#options.unwritten?.() ?? null;',
  },
  {
    name: 'an entry leaves whose thesis is not on the disk',
    file: TRACKER,
    find: 'return this.isDurable ? (this.#options.unwritten?.() ?? null) : String(this.fault);',
    replace: 'return this.isDurable ? null : String(this.fault);',
  },
  {
    name: 'a fill of another hand is dropped',
    file: TRACKER,
    find: "const fill: Fill = { ...reported, clientOrderId: null, purpose: 'external' };",
    replace: `const fill: Fill = { ...reported, clientOrderId: null, purpose: 'external' };
    if (fill.amount.gt(0)) return;`,
  },
  {
    name: 'what an order had filled when it was cancelled is not asked for',
    file: 'core/execution/orders/order-canceller.ts',
    find: "inquiry.learn({ ...answer, clientOrderId: id }, 'always')",
    replace: 'inquiry.learn({ ...answer, clientOrderId: id })',
  },
  {
    name: 'what reduces is frozen with its symbol',
    file: ADMISSION,
    find: "if (reduceOnly) return this.#doubtOfReducing(intent, trust === 'frozen' ? reason : null);",
    replace: `if (reduceOnly && trust === 'frozen') return { code: 'symbol-frozen', message: reason };
    if (reduceOnly) return this.#doubtOfReducing(intent, null);`,
  },
  {
    name: 'a symbol in doubt may be entered',
    file: ADMISSION,
    find: "    if (trust === 'frozen') return",
    replace: "    if (trust === 'frozen' && reduceOnly) return",
  },
  {
    name: 'a symbol whose position differs may be entered',
    file: ADMISSION,
    find: "if (trust === 'reducing-only') return",
    replace: "if (trust === 'reducing-only' && reduceOnly) return",
  },
  {
    name: 'two closes at a time',
    file: ADMISSION,
    find: 'if (isClose(intent) && tracker.unfinished(symbol).some(isClose)) {',
    replace: "if (isClose(intent) && intent.purpose === 'entry') {",
  },
  {
    name: 'a stop keeps its size when the position shrinks',
    file: KEEPER,
    find: 'if (missing.isZero()) {',
    replace: 'if (missing.lte(0)) {',
  },
  {
    name: 'stops of a position that is gone are left',
    file: KEEPER,
    find: 'return wrong.length === 0 || this.#cancel(symbol, wrong);',
    replace: "return wrong.length === 0 || wanted === 'none' || this.#cancel(symbol, wrong);",
  },
  {
    name: 'a derivative is without a stop while its stop moves',
    file: KEEPER,
    find: 'if (!isDerivative(symbol) || this.#working(symbol).length >= maxStops) return',
    replace: 'if (maxStops > 0) return',
  },
  {
    name: 'a stop goes though the venue refused the one in its place',
    file: KEEPER,
    find: "if (result.outcome !== 'placed' || !isResting(result.order)) return this.#isDone(symbol, result);",
    replace: '',
  },
  {
    name: 'a stop goes though the venue has ended the one in its place',
    file: KEEPER,
    find: "result.outcome !== 'placed' || !isResting(result.order)",
    replace: "result.outcome !== 'placed'",
  },
  {
    name: 'a stop goes though the position has outgrown the one in its place',
    file: KEEPER,
    find: 'return this.#isCoveredWithout(symbol, old) ? this.#cancel(symbol, old) : this.#align(symbol);',
    replace: 'return this.#cancel(symbol, old);',
  },
  {
    name: 'where two stops have stayed over one position a third is placed',
    file: KEEPER,
    find: 'if (kept.length === 0) return this.#replace(symbol, working, wanted);',
    replace: 'if (kept.length >= 0) return this.#replace(symbol, working, wanted);',
  },
  {
    name: 'the older of two stops goes though nobody knows whether the newer is there',
    file: KEEPER,
    find: 'return kept.every(isResting) && this.#cancel(symbol, surplus);',
    replace: 'return this.#cancel(symbol, surplus);',
  },
  {
    name: 'a stop goes though nobody knows whether the one in its place is there',
    file: KEEPER,
    find: 'return right.every(isResting) && this.#cancel(symbol, wrong);',
    replace: 'return this.#cancel(symbol, wrong);',
  },
  {
    name: 'a stop that was refused is not tried again',
    file: KEEPER,
    find: `      if (await this.#align(symbol)) return;
    } catch`,
    replace: `      await this.#align(symbol);
      return;
    } catch`,
  },
  {
    name: 'the engine does not watch what has no stop',
    file: 'core/execution/engine-stop.ts',
    find: 'this.#watched.set(symbol, { level, isLong, beyond: null, notBefore: 0 });',
    replace: '',
  },
  {
    name: 'the engine’s stop of a short closes when the price falls',
    file: 'core/execution/engine-stop.ts',
    find: 'if (watch.isLong ? now <= watch.level : now >= watch.level) this.#onBeyond',
    replace: 'if (now <= watch.level) this.#onBeyond',
  },
  {
    name: 'an entry works on when its time is up',
    file: DESK,
    find: '      void this.orders.withdraw(id);',
    replace: '',
  },
  {
    name: 'an entry goes on after its position was closed',
    file: DESK,
    find: 'if (reduces && this.orders.entriesAlive(symbol)) void this.orders.withdrawEntries(symbol);',
    replace: '',
  },
  {
    name: 'a position without a stop is not told',
    file: DESK,
    find: 'onProtection(symbol, isGuarded ? null : this.#troubleOf(symbol));',
    replace: 'onProtection(symbol, null);',
  },
  {
    name: 'flat although the fate of an order is not known',
    file: FLATTENER,
    find: ' && unlisted.size === 0;',
    replace: ';',
  },
  {
    name: 'an emergency close may open a position',
    file: FLATTENER,
    find: 'reduceOnly: true,',
    replace: 'reduceOnly: false,',
  },
  {
    name: 'the emergency stop sells the coins of a human',
    file: 'core/execution/venue-sight.ts',
    find: 'if (this.#ownsAll && account !== undefined) return shown;',
    replace: 'if (account !== undefined) return shown;',
  },
  {
    name: 'a difference with the venue stands against nothing',
    file: 'core/execution/reconciler.ts',
    find: 'const obstacles = [...silent, ...left.filter(({ symbols }) => symbols.length > 0)];',
    replace: 'const obstacles = [...silent];',
  },
  {
    name: 'what an entry has filled is bought once more with its next order',
    file: MAKERS,
    find: 'const left = subtract(amount, sum(ZERO_BASE, filled));',
    replace: 'const left = filled.length < 0 ? subtract(amount, sum(ZERO_BASE, filled)) : amount;',
  },
  {
    name: 'an entry follows the price before its order has ended',
    file: MAKERS,
    find: '    if (!isUnderWay) void this.#options.orders.withdraw(entry.present);',
    replace: `    if (isUnderWay) return;
    void this.#options.orders.withdraw(entry.present);
    entry.present = null;
    entry.leaving = null;
    if (how === 'again') void this.#make(entry, this.#nextId(entry));`,
  },
  {
    name: 'an entry that makes first takes',
    file: MAKERS,
    find: "      ...(stage === 'making' ? { postOnly: true } : {}),",
    replace: '      ...(stage === undefined ? { postOnly: true } : {}),',
  },
  {
    name: 'what rests of an entry stays when a limit is tightened',
    file: MAKERS,
    find: '    for (const entry of this.#entries.values()) this.#leaveAnew(entry);',
    replace: '',
  },
  {
    name: 'an entry goes on though its position was stopped out',
    file: DESK,
    find: '      if (reduces) this.#makers.end(symbol);',
    replace: '      if (reduces) this.#makers.has(symbol);',
  },
  {
    name: 'a pause lets an entry rest',
    file: MAKERS,
    find: '    if (entry.wanted.obstacle(entry.at, null) !== null) this.#stop(entry);',
    replace: "    if (entry.wanted.obstacle(entry.at, null) === '') this.#stop(entry);",
  },
  {
    name: 'writes that the ledger did not take are lost',
    file: 'core/execution/orders/ledger-journal.ts',
    find: '      if (!this.#try(next)) return false;',
    replace: '      this.#try(next);',
  },
  {
    name: 'the first fill is the one that was told first',
    file: NOTES,
    find: 'Math.min(this.#firstAt ?? time, time)',
    replace: 'this.#firstAt ?? time',
  },
  {
    name: 'a fill that is told late is taken for the newest',
    file: NOTES,
    find: 'Math.max(this.#lastAt.get(symbol) ?? time, time)',
    replace: 'time',
  },
  {
    name: 'a sale tells whether purchases pay in coins',
    file: NOTES,
    find: "if (side === 'buy' && fee !== null",
    replace: 'if (fee !== null',
  },
  {
    name: 'a restart forgets from when on fills are asked for',
    file: NOTES,
    find: 'new Map(before.lastAt)',
    replace: 'new Map()',
  },
  {
    name: 'a restart forgets that purchases pay in coins',
    file: NOTES,
    find: 'this.#paysInCoins = before.paysInCoins;',
    replace: 'this.#paysInCoins = null;',
  },
  {
    name: 'what others did before the first fill is counted',
    file: RECORD,
    find: 'this.#since = Math.min(now, this.#notes.firstAt ?? now);',
    replace: 'this.#since = 0;',
  },
  {
    name: 'a restart takes the books for opened now',
    file: RECORD,
    find: 'this.#since = Math.min(now, this.#notes.firstAt ?? now);',
    replace: 'this.#since = now;',
  },
  {
    name: 'account events that are listed late are not asked for',
    file: RECORD,
    find: 'this.#lastAccountEventAt - overlapMs',
    replace: 'this.#lastAccountEventAt',
  },
];
