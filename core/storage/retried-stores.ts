import type { AlertView, DeliveryView } from '../contract/index.ts';
import type {
  AlertRecord,
  AlertStore,
  Candle,
  CandleQuery,
  Decision,
  DecisionQuery,
  DecisionStore,
  DeliveryStore,
  EntryCase,
  EquityRecord,
  EquityStore,
  ExcursionStore,
  HindsightStore,
  HistoryRange,
  HistoryStore,
  JudgedCase,
  MaturedPrediction,
  Prediction,
  PredictionStore,
  StateStore,
  Timeframe,
  TradeExcursion,
  UtcMs,
  WhenWritten,
} from '../domain/index.ts';
import type { RetriedWrites } from './retried-writes.ts';

/**
 * Stores whose writes may have to wait: everything that is not the order ledger. They never throw at the engine while
 * it trades; what the engine asks back is answered from what waits, where it waits.
 */

export class RetriedStateStore implements StateStore {
  readonly #store: StateStore;
  readonly #writes: RetriedWrites;
  readonly #waiting = new Map<string, string>();

  constructor(store: StateStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  /** @throws what the store throws: whoever cannot read his state must know. */
  read(name: string): unknown {
    const waiting = this.#waiting.get(name);
    return waiting === undefined ? this.#store.read(name) : JSON.parse(waiting);
  }

  write(name: string, value: unknown, when: WhenWritten = 'at-once'): void {
    let kept = value;
    let document: string | undefined;
    this.#writes.write({
      key: `state ${name}`,
      expendable: false,
      mayWait: when === 'with-the-next',
      run: () => this.#store.write(name, kept),
      onWait: () => {
        // Told again when the moment that it waited for fails: it is as it was at first.
        if (document !== undefined) return;
        document = JSON.stringify(value);
        kept = JSON.parse(document);
        this.#waiting.set(name, document);
      },
      onEnd: () => {
        // A later document of this name may still wait.
        if (this.#waiting.get(name) === document) this.#waiting.delete(name);
      },
    });
  }
}

export class RetriedDecisionStore implements DecisionStore {
  readonly #store: DecisionStore;
  readonly #writes: RetriedWrites;
  readonly #waiting = new Map<string, Decision>();

  constructor(store: DecisionStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(decision: Decision): void {
    this.#writes.write({
      expendable: false,
      mayWait: true,
      run: () => this.#store.append(decision),
      onWait: () => this.#waiting.set(decision.id, decision),
      onEnd: () => this.#waiting.delete(decision.id),
    });
  }

  forgetHeld(before: UtcMs): void {
    this.#writes.write({
      key: 'forget decisions',
      expendable: true,
      run: () => this.#store.forgetHeld(before),
    });
  }

  get(id: string): Decision | undefined {
    return this.#waiting.get(id) ?? this.#writes.read(() => this.#store.get(id), undefined);
  }

  list(query: DecisionQuery): readonly Decision[] {
    this.#writes.flush();
    return this.#store.list(query);
  }
}

export class RetriedEquityStore implements EquityStore {
  readonly #store: EquityStore;
  readonly #writes: RetriedWrites;

  constructor(store: EquityStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(point: EquityRecord): void {
    this.#writes.write({ expendable: false, mayWait: true, run: () => this.#store.append(point) });
  }

  within(from: UtcMs, before: UtcMs): readonly EquityRecord[] {
    this.#writes.flush();
    return this.#store.within(from, before);
  }

  recent(limit: number): readonly EquityRecord[] {
    this.#writes.flush();
    return this.#store.recent(limit);
  }
}

export class RetriedExcursionStore implements ExcursionStore {
  readonly #store: ExcursionStore;
  readonly #writes: RetriedWrites;

  constructor(store: ExcursionStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  write(excursion: TradeExcursion): void {
    this.#writes.write({ expendable: false, mayWait: true, run: () => this.#store.write(excursion) });
  }

  open(): readonly TradeExcursion[] {
    this.#writes.flush();
    return this.#store.open();
  }
}

/** Candles can be had again: they are given up first. */
export class RetriedHistoryStore implements HistoryStore {
  readonly #store: HistoryStore;
  readonly #writes: RetriedWrites;

  constructor(store: HistoryStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void {
    let kept = candles;
    this.#writes.write({
      expendable: true,
      run: () => this.#store.append(symbol, timeframe, kept),
      onWait: () => {
        kept = [...candles];
      },
    });
  }

  candles(symbol: string, timeframe: Timeframe, query: CandleQuery): readonly Candle[] {
    return this.#writes.read(() => this.#store.candles(symbol, timeframe, query), []);
  }

  list(): readonly HistoryRange[] {
    return this.#store.list();
  }
}

/** Alerts are in the log as well. */
export class RetriedAlertStore implements AlertStore {
  readonly #store: AlertStore;
  readonly #writes: RetriedWrites;

  constructor(store: AlertStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(alert: AlertRecord): void {
    this.#writes.write({ expendable: true, run: () => this.#store.append(alert) });
  }

  recent(limit: number): readonly AlertRecord[] {
    return this.#store.recent(limit);
  }

  acknowledge(ids: readonly string[], by: NonNullable<AlertView['acknowledged']>): void {
    this.#writes.write({ expendable: true, run: () => this.#store.acknowledge(ids, by) });
  }

  open(limit: number): readonly AlertRecord[] {
    return this.#store.open(limit);
  }
}

/** What waits to be written of a message is its newest state. */
export class RetriedDeliveryStore implements DeliveryStore {
  readonly #store: DeliveryStore;
  readonly #writes: RetriedWrites;

  constructor(store: DeliveryStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  write(delivery: DeliveryView): void {
    const key = `delivery ${delivery.id}`;
    this.#writes.write({ key, expendable: true, run: () => this.#store.write(delivery) });
  }

  recent(limit: number): readonly DeliveryView[] {
    return this.#writes.read(() => this.#store.recent(limit), []);
  }

  waiting(): readonly DeliveryView[] {
    return this.#writes.read(() => this.#store.waiting(), []);
  }
}

export class RetriedPredictionStore implements PredictionStore {
  readonly #store: PredictionStore;
  readonly #writes: RetriedWrites;

  constructor(store: PredictionStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(prediction: Prediction): void {
    this.#writes.write({ expendable: true, run: () => this.#store.append(prediction) });
  }

  settle(matured: MaturedPrediction): void {
    this.#writes.write({ expendable: true, run: () => this.#store.settle(matured) });
  }

  waiting(symbol: string, barOpenTime: UtcMs): readonly Prediction[] {
    return this.#writes.read(() => this.#store.waiting(symbol, barOpenTime), []);
  }

  count(setId: string): number {
    return this.#writes.read(() => this.#store.count(setId), 0);
  }

  matured(setId: string, limit: number): readonly MaturedPrediction[] {
    return this.#writes.read(() => this.#store.matured(setId, limit), []);
  }
}

export class RetriedHindsightStore implements HindsightStore {
  readonly #store: HindsightStore;
  readonly #writes: RetriedWrites;

  constructor(store: HindsightStore, writes: RetriedWrites) {
    this.#store = store;
    this.#writes = writes;
  }

  append(one: EntryCase): void {
    this.#writes.write({ expendable: true, mayWait: true, run: () => this.#store.append(one) });
  }

  settle(decisionId: string, result: number): void {
    this.#writes.write({
      expendable: true,
      mayWait: true,
      run: () => this.#store.settle(decisionId, result),
    });
  }

  all(): readonly JudgedCase[] {
    return this.#writes.read(() => this.#store.all(), []);
  }
}
