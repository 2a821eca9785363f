import Sqlite, { type Database } from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { alertRecord, alertStoreContract } from '../../tests/contracts/alert-store-contract.ts';
import { candleOf, fillOf } from '../../tests/contracts/builders.ts';
import { decisionOf, decisionStoreContract } from '../../tests/contracts/decision-store-contract.ts';
import { deliveryStoreContract } from '../../tests/contracts/delivery-store-contract.ts';
import { equityStoreContract } from '../../tests/contracts/equity-store-contract.ts';
import { caseOf, hindsightStoreContract } from '../../tests/contracts/hindsight-store-contract.ts';
import { historyStoreContract } from '../../tests/contracts/history-store-contract.ts';
import {
  callOf,
  llmCallStoreContract,
  spendingStoreContract,
} from '../../tests/contracts/llm-store-contract.ts';
import { predictionStoreContract } from '../../tests/contracts/prediction-store-contract.ts';
import { stateStoreContract } from '../../tests/contracts/state-store-contract.ts';
import {
  accountEventId,
  assetAmount,
  baseAmount,
  clientOrderId,
  quoteAmount,
  type SimulatedVenueState,
  type SimulatedVenueStore,
  tradeId,
  type VenueBeginning,
  type VenueOrder,
  type VenueOrderId,
  venueOrderId,
} from '../domain/index.ts';
import {
  RetriedAlertStore,
  RetriedDecisionStore,
  RetriedDeliveryStore,
  RetriedEquityStore,
  RetriedHindsightStore,
  RetriedHistoryStore,
  RetriedLlmCallStore,
  RetriedPredictionStore,
  RetriedSpendingStore,
  RetriedStateStore,
  RetriedVenueStore,
  RetriedWrites,
  SqliteAlertStore,
  SqliteDecisionStore,
  SqliteDeliveryStore,
  SqliteEquityStore,
  SqliteHindsightStore,
  SqliteHistoryStore,
  SqliteLlmCallStore,
  SqlitePredictionStore,
  SqliteSpendingStore,
  SqliteStateStore,
  SqliteVenueStore,
} from './index.ts';
import { storeOverRestarts, temporaryDatabases } from './testing/temporary-databases.ts';

function writesTo(database: Database): RetriedWrites {
  const transaction = database.transaction((run: () => void) => run());
  return new RetriedWrites({ name: 'demo.sqlite', transact: (run) => transaction.immediate(run) });
}

const RETRIED = 'SQLite, retried';
const state = storeOverRestarts((db) => new RetriedStateStore(new SqliteStateStore(db), writesTo(db)));
stateStoreContract(RETRIED, state.make, state.reopen);
const decisions = storeOverRestarts(
  (db) => new RetriedDecisionStore(new SqliteDecisionStore(db), writesTo(db)),
);
decisionStoreContract(RETRIED, decisions.make, decisions.reopen);
const equity = storeOverRestarts((db) => new RetriedEquityStore(new SqliteEquityStore(db), writesTo(db)));
equityStoreContract(RETRIED, equity.make, equity.reopen);
const history = storeOverRestarts((db) => new RetriedHistoryStore(new SqliteHistoryStore(db), writesTo(db)));
historyStoreContract(RETRIED, history.make, history.reopen);
const hindsight = storeOverRestarts(
  (db) => new RetriedHindsightStore(new SqliteHindsightStore(db), writesTo(db)),
);
hindsightStoreContract(RETRIED, hindsight.make, hindsight.reopen);
const alerts = storeOverRestarts((db) => new RetriedAlertStore(new SqliteAlertStore(db), writesTo(db)));
alertStoreContract(RETRIED, alerts.make, alerts.reopen);
const deliveries = storeOverRestarts(
  (db) => new RetriedDeliveryStore(new SqliteDeliveryStore(db), writesTo(db)),
);
deliveryStoreContract(RETRIED, deliveries.make, deliveries.reopen);
const predictions = storeOverRestarts(
  (db) => new RetriedPredictionStore(new SqlitePredictionStore(db), writesTo(db)),
);
predictionStoreContract(RETRIED, predictions.make, predictions.reopen);
const calls = storeOverRestarts((db) => new RetriedLlmCallStore(new SqliteLlmCallStore(db), writesTo(db)));
llmCallStoreContract(RETRIED, calls.make, calls.reopen);
const spending = storeOverRestarts(
  (db) => new RetriedSpendingStore(new SqliteSpendingStore(db), writesTo(db)),
);
spendingStoreContract(RETRIED, spending.make, spending.reopen);
const { open } = temporaryDatabases();

/** A store over a database that another connection keeps locked until `unlock`. */
function locked<T>(make: (database: Database, writes: RetriedWrites) => T) {
  const database = open();
  database.pragma('busy_timeout = 0');
  const writes = writesTo(database);
  const store = make(database, writes);
  const other = new Sqlite(database.name);
  other.exec('BEGIN IMMEDIATE');
  return {
    database,
    store,
    writes,
    unlock({ leaving = 0 } = {}) {
      other.close();
      writes.retry();
      expect(writes.pending).toBe(leaving);
      if (leaving === 0) expect(writes.fault).toBeNull();
    },
  };
}

describe('while the database is locked', () => {
  test('a state document is read back as it was written last, and nothing else of it is kept', () => {
    const { database, store, writes, unlock } = locked(
      (db, to) => new RetriedStateStore(new SqliteStateStore(db), to),
    );
    const document = { value: 1 };
    store.write('a', document);
    store.write('b', 1);
    document.value = 9;
    expect(store.read('a')).toEqual({ value: 1 });
    store.write('a', { value: 2 });
    expect([store.read('a'), writes.pending]).toEqual([{ value: 2 }, 2]);
    expect(new SqliteStateStore(database).read('a')).toBeUndefined();
    unlock();
    const stored = new SqliteStateStore(database);
    expect([stored.read('a'), stored.read('b'), store.read('a')]).toEqual([{ value: 2 }, 1, { value: 2 }]);
  });

  test('a later state document is not forgotten when an earlier one of a group is written', () => {
    const { store, writes, unlock } = locked((db, to) => new RetriedStateStore(new SqliteStateStore(db), to));
    writes.together(() => {
      store.write('a', 1);
      store.write('b', 1);
    });
    // As many as are written at a time.
    for (let index = 0; index < 1_000; index += 1) store.write(`other ${index}`, index);
    store.write('a', 2);
    expect(store.read('a')).toBe(2);
    unlock({ leaving: 2 });
    expect(store.read('a')).toBe(2);
    writes.retry();
    expect([writes.pending, store.read('a')]).toEqual([0, 2]);
  });

  test('a decision can be asked for, so that its bar is not decided on again', () => {
    const { store, unlock } = locked((db, to) => new RetriedDecisionStore(new SqliteDecisionStore(db), to));
    store.append(decisionOf('a'));
    store.forgetHeld(1);
    expect(store.get('a')).toEqual(decisionOf('a'));
    unlock();
    expect(store.get('a')).toEqual(decisionOf('a'));
    expect(store.list({ limit: 9 })).toHaveLength(1);
  });

  test('entries that were wanted wait', () => {
    const { store, writes, unlock } = locked(
      (db, to) => new RetriedHindsightStore(new SqliteHindsightStore(db), to),
    );
    store.append(caseOf('a'));
    store.settle('a', 0.01);
    expect(writes.pending).toBe(2);
    unlock();
    expect(store.all()).toEqual([{ ...caseOf('a'), result: 0.01 }]);
  });

  test('points, candles, alerts and predictions wait', () => {
    const { store, writes, unlock } = locked((db, to) => ({
      equity: new RetriedEquityStore(new SqliteEquityStore(db), to),
      history: new RetriedHistoryStore(new SqliteHistoryStore(db), to),
      alerts: new RetriedAlertStore(new SqliteAlertStore(db), to),
      predictions: new RetriedPredictionStore(new SqlitePredictionStore(db), to),
    }));
    const bars = [candleOf(0, [1, 2, 1, 2])];
    const prediction = { setId: 's', symbol: 'BTC/USDT', barOpenTime: 1, down: 0, flat: 1, up: 0, sigma: 1 };
    store.equity.append({ time: 1, equity: '1', capital: '1' });
    store.history.append('BTC/USDT', '1h', bars);
    bars.length = 0;
    store.alerts.append(alertRecord('a'));
    store.predictions.append(prediction);
    store.predictions.settle({ ...prediction, label: 1, horizonReturn: 0 });
    expect(writes.pending).toBe(5);
    unlock();
    expect(store.equity.recent(9)).toHaveLength(1);
    expect(store.history.candles('BTC/USDT', '1h', {})).toHaveLength(1);
    expect(store.alerts.recent(9)).toHaveLength(1);
    expect(store.predictions.matured('s', 9)).toHaveLength(1);
  });

  test('a call of a language model is not paid twice, and an answer counts before a failure', () => {
    const { store, unlock } = locked((db, to) => new RetriedLlmCallStore(new SqliteLlmCallStore(db), to));
    const failed = callOf({ key: 'k', status: 'failed' });
    store.put(failed);
    expect(store.get('k')?.status).toBe('failed');
    store.put(callOf({ key: 'k', bar: { symbol: 'BTC/USDT', barOpenTime: 2 } }));
    store.put(callOf({ key: 'k', status: 'failed', bar: { symbol: 'BTC/USDT', barOpenTime: 3 } }));
    expect(store.get('k')?.status).toBe('answered');
    unlock();
    expect(store.get('k')?.status).toBe('answered');
    expect(store.list({ limit: 9 })).toHaveLength(3);
  });

  test('no money is spent that cannot be recorded, and what comes back is recorded later', () => {
    const { database, store, unlock } = locked((db, to) => {
      const inner = new SqliteSpendingStore(db);
      inner.add('2025-01-01', 70);
      return new RetriedSpendingStore(inner, to);
    });
    expect(store.reserve('2025-01-01', 10, 1_000)).toBe(false);
    store.add('2025-01-01', -20);
    expect(store.spent('2025-01-01')).toBe(70);
    unlock();
    expect(store.spent('2025-01-01')).toBe(50);
    expect(store.reserve('2025-01-01', 10, 1_000)).toBe(true);
    database.close();
    expect(store.spent('2025-01-01')).toBe(0);
  });
});

describe('when the database cannot be read', () => {
  test('the engine goes on without, and whoever asked for a list is told', () => {
    const database = open();
    const writes = writesTo(database);
    const decided = new RetriedDecisionStore(new SqliteDecisionStore(database), writes);
    const candles = new RetriedHistoryStore(new SqliteHistoryStore(database), writes);
    const said = new RetriedPredictionStore(new SqlitePredictionStore(database), writes);
    const asked = new RetriedLlmCallStore(new SqliteLlmCallStore(database), writes);
    const kept = new RetriedStateStore(new SqliteStateStore(database), writes);
    database.close();
    expect(decided.get('a')).toBeUndefined();
    expect(candles.candles('BTC/USDT', '1h', {})).toEqual([]);
    expect([said.waiting('BTC/USDT', 1), said.matured('s', 1), said.count('s')]).toEqual([[], [], 0]);
    expect(asked.get('k')).toBeUndefined();
    expect(writes.fault).toBe('demo.sqlite cannot be read, it is closed');
    expect(() => kept.read('a')).toThrow('not open');
    expect(() => decided.list({ limit: 1 })).toThrow('not open');
    expect(() => candles.list()).toThrow('not open');
  });
});

describe('the simulated venue', () => {
  const orderOf = (id: string, given: Partial<VenueOrder> = {}): VenueOrder => ({
    clientOrderId: clientOrderId(id),
    venueOrderId: venueOrderId(`v-${id}`),
    parentVenueOrderId: null,
    symbol: 'BTC/USDT',
    side: 'buy',
    type: 'market',
    amount: baseAmount(1),
    filledAmount: baseAmount(0),
    limitPrice: null,
    stopPrice: null,
    reduceOnly: false,
    status: 'OPEN',
    reason: null,
    updatedAt: 5,
    ...given,
  });
  const { purpose: _purpose, ...fill } = fillOf('t1', 'a');
  const first: SimulatedVenueState = {
    orders: [orderOf('a'), orderOf('b')],
    fills: [fill],
    balances: new Map([
      ['USDT', assetAmount(1)],
      ['BTC', assetAmount(2)],
    ]),
    appliedUntil: new Map([['BTC/USDT', 1]]),
    activeAt: new Map([
      [venueOrderId('v-a'), 1],
      [venueOrderId('v-b'), 1],
    ]),
    expiresAt: new Map([[venueOrderId('v-b'), 9]]),
  };
  const second: SimulatedVenueState = {
    orders: [orderOf('a', { status: 'FILLED' }), orderOf('c')],
    fills: [{ ...fill, tradeId: tradeId('t2') }],
    balances: new Map([['USDT', assetAmount(3)]]),
    appliedUntil: new Map([['BTC/USDT', 2]]),
    accountEvents: [
      {
        id: accountEventId('d1'),
        kind: 'deposit',
        asset: 'USDT',
        amount: assetAmount(1),
        quoteValue: quoteAmount(1),
        symbol: null,
        tradeId: null,
        time: 1,
        note: '',
      },
    ],
  };
  const both: VenueBeginning = {
    orders: [orderOf('b'), orderOf('c')],
    orderCount: 3,
    fillCounts: new Map([['BTC/USDT', 2]]),
    positions: new Map(),
    balances: new Map([
      ['USDT', assetAmount(3)],
      ['BTC', assetAmount(2)],
    ]),
    appliedUntil: new Map([['BTC/USDT', 2]]),
    activeAt: new Map([[venueOrderId('v-b'), 1]]),
    expiresAt: first.expiresAt ?? new Map(),
    accountEvents: second.accountEvents ?? [],
  };
  /** When what has ended began and ends matters to nobody. */
  const begun = (store: SimulatedVenueStore): VenueBeginning => {
    const beginning = store.load();
    const works = new Set(beginning.orders.map((order) => order.venueOrderId));
    const ofThose = (times: ReadonlyMap<VenueOrderId, number>) =>
      new Map([...times].filter(([id]) => works.has(id)));
    return { ...beginning, activeAt: ofThose(beginning.activeAt), expiresAt: ofThose(beginning.expiresAt) };
  };
  /** All that a venue asks for of what is no more. */
  const asked = (store: SimulatedVenueStore) => [
    store.order({ clientOrderId: clientOrderId('a') })?.status,
    store.order({ venueOrderId: venueOrderId('v-a') })?.status,
    store.order({ clientOrderId: clientOrderId('nobody') }),
    ...[0, 1, 2].map((from) => store.fills('BTC/USDT', from, 9).map((each) => each.tradeId)),
    store.fills('BTC/USDT', 0, 1).map((each) => each.tradeId),
    store.fills('ETH/USDT', 0, 9),
    store.fillsBefore('BTC/USDT', fill.time + 1),
    store.fillsBefore('BTC/USDT', fill.time),
  ];
  const answers = ['FILLED', 'FILLED', undefined, ['t1', 't2'], ['t2'], [], ['t1'], [], 2, 0];

  test('keeps what cannot be saved, as one change, and saves it later', () => {
    const { database, store, writes, unlock } = locked(
      (db, to) => new RetriedVenueStore(new SqliteVenueStore(db), to),
    );
    store.save(first);
    store.save(second);
    expect(writes.pending).toBe(1);
    expect(begun(store)).toEqual(both);
    expect(asked(store)).toEqual(answers);
    expect(new SqliteVenueStore(database).load().orders).toEqual([]);
    unlock();
    expect(begun(new SqliteVenueStore(database))).toEqual(both);
    expect(begun(store)).toEqual(both);
    expect(asked(store)).toEqual(answers);
  });

  test('tells what was written and what waits behind it as one', () => {
    const { database, store, unlock } = locked(
      (db, to) => new RetriedVenueStore(new SqliteVenueStore(db), to),
    );
    unlock();
    store.save(first);
    const other = new Sqlite(database.name);
    other.exec('BEGIN IMMEDIATE');
    store.save(second);
    expect(begun(store)).toEqual(both);
    expect(asked(store)).toEqual(answers);
    expect(asked(new SqliteVenueStore(database))[0]).toBe('OPEN');
    other.close();
  });

  test('saves at once while it can, and does not repeat it', () => {
    const database = open();
    const saved: SimulatedVenueState[] = [];
    const inner = new SqliteVenueStore(database);
    const store = new RetriedVenueStore(
      {
        load: () => inner.load(),
        order: (key) => inner.order(key),
        fills: (...query) => inner.fills(...query),
        fillsBefore: (...query) => inner.fillsBefore(...query),
        save(change) {
          saved.push(change);
          inner.save(change);
        },
      },
      writesTo(database),
    );
    store.save(first);
    store.save(second);
    expect(saved).toEqual([first, second]);
    expect(begun(store)).toEqual(both);
  });
});
