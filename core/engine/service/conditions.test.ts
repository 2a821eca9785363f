import { describe, expect, test } from 'vitest';
import { COST_GATE_CONDITION, ConditionSchema } from '../../contract/index.ts';
import { type ConditionFacts, conditionsOf } from './conditions.ts';

const WELL: ConditionFacts = {
  venue: 'binance',
  connection: { state: 'connected', message: '' },
  compared: true,
  clockOffsetMs: null,
  held: null,
  notArmed: null,
  notTradable: [],
  locked: [],
  ledgerFault: null,
  strategyFault: null,
  storeFaults: [],
  frozen: new Map(),
  differing: new Map(),
  positions: [],
  protectionOf: () => ({ protection: 'venue' }),
  notes: [],
  accountNotice: null,
  costMultiple: 1.5,
};

const conditions = (changes: Partial<ConditionFacts>) => conditionsOf({ ...WELL, ...changes });

test('without a line nothing is said of a comparison that it would need', () => {
  const ids = conditions({ compared: false, connection: { state: 'connecting', message: '' } }).map(
    ({ id }) => id,
  );
  expect(ids).toEqual(['connection']);
});

test('an engine that trades as told has none', () => {
  expect(conditions({ positions: [{ symbol: 'BTC/USDT' }] })).toEqual([]);
});

test.each<[string, Partial<ConditionFacts>, string, 'critical' | 'warning' | 'info', string]>([
  [
    'a position that this program watches',
    { positions: [{ symbol: 'BTC/USDT' }], protectionOf: () => ({ protection: 'engine' }) },
    'protection:BTC/USDT',
    'critical',
    'BTC/USDT has no stop at the venue: this program watches the price and closes it, as long as it runs',
  ],
  [
    'a position that nothing guards',
    { positions: [{ symbol: 'BTC/USDT' }], protectionOf: () => ({ protection: 'none' }) },
    'protection:BTC/USDT',
    'critical',
    'BTC/USDT is not protected: no stop at the venue, none that this program could watch',
  ],
  [
    'a ledger that cannot be written',
    { ledgerFault: 'the order ledger cannot be written, so no position is opened or enlarged: disk full' },
    'ledger',
    'critical',
    'the order ledger cannot be written, so no position is opened or enlarged: disk full; exits and stops go on',
  ],
  [
    "a strategy of the trader's own that has failed",
    { strategyFault: 'mine failed on BTC/USDT (broken): it stopped itself' },
    'strategy',
    'critical',
    'mine failed on BTC/USDT (broken): it stopped itself. Nothing is bought until its file is another one; exits and stops go on',
  ],
  [
    'a symbol that the trader has locked',
    { locked: ['A/B is locked by the trader until then: news'] },
    'locked:A/B is locked by the trader until then: news',
    'warning',
    'A/B is locked by the trader until then: news; exits and stops go on',
  ],
  [
    'a clock that is behind',
    { clockOffsetMs: 60_000 },
    'clock',
    'critical',
    'The clock of this machine is 60 s behind that of binance: set it. No entries until it is right; exits and stops go on',
  ],
  [
    'a clock that is ahead',
    { clockOffsetMs: -1_600 },
    'clock',
    'critical',
    'The clock of this machine is 2 s ahead of that of binance: set it. No entries until it is right; exits and stops go on',
  ],
  [
    'a host that has entries wait',
    { held: 'the machine goes to sleep' },
    'held',
    'warning',
    'No entries: the machine goes to sleep; exits and stops go on',
  ],
  [
    'live trading that is not armed',
    { notArmed: 'live trading is not armed: arm it' },
    'not-armed',
    'warning',
    'live trading is not armed: arm it',
  ],
  [
    'a venue that is gone, with its reason',
    { connection: { state: 'disconnected', message: 'timed out' } },
    'connection',
    'critical',
    'binance is disconnected: timed out. No entries until it is back and compared',
  ],
  [
    'a venue that is being reached',
    { connection: { state: 'connecting', message: '' } },
    'connection',
    'critical',
    'binance is connecting. No entries until it is back and compared',
  ],
  [
    'books that were not compared with the venue yet',
    { compared: false },
    'not-compared',
    'warning',
    'Our books have not been found to agree with binance yet: no entries until they have',
  ],
  [
    'a symbol that is only closed out',
    { notTradable: ['ETH/USDT is halted at binance: it is only closed out'] },
    'not-tradable:ETH/USDT',
    'warning',
    'ETH/USDT is halted at binance: it is only closed out',
  ],
  [
    'a symbol in doubt',
    { frozen: new Map([['ETH/USDT', 'order a-1 was sent and not answered']]) },
    'frozen:ETH/USDT',
    'warning',
    'ETH/USDT is frozen: order a-1 was sent and not answered. No entries there until the venue has answered; exits and stops go on',
  ],
  [
    'a symbol on which books and venue differ',
    { differing: new Map([['ETH/USDT:USDT', 'ETH/USDT:USDT: the position is 1 here, 2 at the venue']]) },
    'differs:ETH/USDT:USDT',
    'warning',
    'ETH/USDT:USDT: the position is 1 here, 2 at the venue. Only reducing orders are allowed in ETH/USDT:USDT until this is resolved',
  ],
  [
    'a store that waits',
    { storeFaults: ['live.sqlite cannot be written, locked: changes kept in memory and tried again: 3'] },
    'store:live.sqlite',
    'warning',
    'live.sqlite cannot be written, locked: changes kept in memory and tried again: 3',
  ],
  [
    'a cost gate that is off',
    { costMultiple: 0 },
    COST_GATE_CONDITION,
    'warning',
    'The cost gate is off (safety.costMultiple is 0): entries may cost more than they can earn',
  ],
  [
    'an account that opened in its own way',
    { accountNotice: 'capital is ignored' },
    'account',
    'info',
    'capital is ignored',
  ],
  [
    'a note of the comparison',
    { notes: ['BTC/USDT: an order that is not ours'] },
    'note:BTC/USDT: an order that is not ours',
    'info',
    'BTC/USDT: an order that is not ours',
  ],
])('%s is one condition', (_name, changes, id, severity, message) => {
  expect(conditions(changes)).toEqual([{ id, severity, message }]);
});

test('each position has its own way of being guarded', () => {
  const found = conditions({
    positions: [{ symbol: 'A/USDT' }, { symbol: 'B/USDT' }, { symbol: 'C/USDT' }],
    protectionOf: (symbol) => ({
      protection: symbol === 'A/USDT' ? 'venue' : symbol === 'B/USDT' ? 'engine' : 'none',
    }),
  });
  expect(found.map(({ id }) => id)).toEqual(['protection:B/USDT', 'protection:C/USDT']);
});

test('money that differs is one condition, which names every symbol that it stands against', () => {
  const line = 'USDT: 100 should be there, the venue has 90';
  const coin = 'SOL: 3 should be there, the venue has 2';
  const found = conditions({
    differing: new Map([
      ['BTC/USDT', line],
      ['SOL/USDT', coin],
      ['ETH/USDT', line],
      ['XRP/USDT', line],
    ]),
  });
  expect(found.map(({ id, message }) => [id, message])).toEqual([
    [
      'differs:BTC/USDT,ETH/USDT,XRP/USDT',
      `${line}. Only reducing orders are allowed in BTC/USDT, ETH/USDT, and XRP/USDT until this is resolved`,
    ],
    ['differs:SOL/USDT', `${coin}. Only reducing orders are allowed in SOL/USDT until this is resolved`],
  ]);
});

describe('with everything wrong at once', () => {
  const all = conditions({
    positions: [{ symbol: 'BTC/USDT' }],
    protectionOf: () => ({ protection: 'none' }),
    ledgerFault: 'the order ledger cannot be written',
    connection: { state: 'disconnected', message: '' },
    frozen: new Map([['ETH/USDT', 'a doubt']]),
    differing: new Map([['SOL/USDT', 'a difference']]),
    storeFaults: ['live.sqlite waits', 'market.sqlite waits'],
    notes: ['a note'],
    accountNotice: 'a notice',
    costMultiple: 0,
  });

  test('what is most urgent comes first', () => {
    const urgency = { critical: 0, warning: 1, info: 2 } as const;
    const severities = all.map(({ severity }) => urgency[severity]);
    expect(severities).toEqual(severities.toSorted((a, b) => a - b));
    expect(all).toHaveLength(10);
  });

  test('no two have the same id, and the contract takes each', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map((each) => ConditionSchema.safeParse(each).success)).not.toContain(false);
  });
});

test('a condition keeps its id while its figures change', () => {
  const idOf = (line: string) => conditions({ storeFaults: [line] }).map(({ id }) => id);
  expect(idOf('live.sqlite cannot be written: 3')).toEqual(idOf('live.sqlite cannot be written: 4'));
});

test.each([
  ['frozen', { frozen: new Map([['ETH/USDT', 'a doubt']]) }, 'ETH/USDT is frozen: a doubt'],
  ['differing', { differing: new Map([['SOL/USDT', 'SOL: 3 here']]) }, 'SOL: 3 here'],
])(
  "what the comparison says of a symbol that is %s begins that symbol's condition",
  (_name, changes, line) => {
    expect(conditions(changes)[0]?.message.startsWith(line)).toBe(true);
  },
);
