import {
  type Candle,
  type CandleQuery,
  type Decision,
  type DecisionQuery,
  type DecisionStore,
  type EntryCase,
  HINDSIGHT_KEPT,
  type HindsightStore,
  type HistoryRange,
  type HistoryStore,
  type JudgedCase,
  type StateStore,
  type Timeframe,
  type UtcMs,
} from '../../domain/index.ts';
import { searchableText } from '../sqlite/decision-document.ts';

/** The stores of backtests and tests: the rules of the durable ones, gone with the process. */

export class MemoryHistoryStore implements HistoryStore {
  readonly #series = new Map<
    string,
    { symbol: string; timeframe: Timeframe; candles: Map<number, Candle> }
  >();

  append(symbol: string, timeframe: Timeframe, candles: readonly Candle[]): void {
    const key = `${symbol} ${timeframe}`;
    const series = this.#series.get(key) ?? { symbol, timeframe, candles: new Map<number, Candle>() };
    this.#series.set(key, series);
    for (const candle of candles) series.candles.set(candle.openTime, candle);
  }

  candles(symbol: string, timeframe: Timeframe, query: CandleQuery): readonly Candle[] {
    const { from = 0, before = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY } = query;
    const all = [...(this.#series.get(`${symbol} ${timeframe}`)?.candles.values() ?? [])]
      .filter(({ openTime }) => openTime >= from && openTime < before)
      .sort((a, b) => a.openTime - b.openTime);
    return all.slice(Math.max(0, all.length - limit));
  }

  list(): readonly HistoryRange[] {
    return [...this.#series.values()]
      .map(({ symbol, timeframe, candles }) => {
        const times = [...candles.keys()];
        const firstOpenTime = Math.min(...times);
        return { symbol, timeframe, bars: candles.size, firstOpenTime, lastOpenTime: Math.max(...times) };
      })
      .filter(({ bars }) => bars > 0)
      .sort((a, b) => `${a.symbol} ${a.timeframe}`.localeCompare(`${b.symbol} ${b.timeframe}`));
  }
}

export class MemoryDecisionStore implements DecisionStore {
  readonly #decisions = new Map<string, Decision>();
  readonly #decidedBars = new Set<string>();

  append(decision: Decision): void {
    const bar = `${decision.symbol} ${decision.timeframe} ${decision.barOpenTime}`;
    if (this.#decidedBars.has(bar) || this.#decisions.has(decision.id)) return;
    this.#decidedBars.add(bar);
    this.#decisions.set(decision.id, decision);
  }

  forgetHeld(before: UtcMs): void {
    for (const [id, { outcome, time }] of this.#decisions) {
      if (outcome === 'held' && time < before) this.#decisions.delete(id);
    }
  }

  get(id: string): Decision | undefined {
    return this.#decisions.get(id);
  }

  list(query: DecisionQuery): readonly Decision[] {
    const { symbol, outcome, search = '', before = Number.POSITIVE_INFINITY, limit } = query;
    return [...this.#decisions.values()]
      .filter((decision) => decision.time < before)
      .filter((decision) => symbol === undefined || decision.symbol === symbol)
      .filter((decision) => outcome === undefined || decision.outcome === outcome)
      .filter((decision) => searchableText(decision).includes(search.toLowerCase()))
      .sort((a, b) => b.time - a.time || a.symbol.localeCompare(b.symbol))
      .slice(0, limit);
  }
}

export class MemoryStateStore implements StateStore {
  readonly #documents = new Map<string, string>();

  read(name: string): unknown {
    const document = this.#documents.get(name);
    return document === undefined ? undefined : JSON.parse(document);
  }

  write(name: string, value: unknown): void {
    this.#documents.set(name, JSON.stringify(value));
  }
}

export class MemoryHindsightStore implements HindsightStore {
  readonly #cases = new Map<string, JudgedCase>();

  append(one: EntryCase): void {
    if (!this.#cases.has(one.decisionId)) this.#cases.set(one.decisionId, { ...one, result: null });
  }

  settle(decisionId: string, result: number): void {
    const known = this.#cases.get(decisionId);
    if (known !== undefined) this.#cases.set(decisionId, { ...known, result });
  }

  all(): readonly JudgedCase[] {
    return [...this.#cases.values()].slice(-HINDSIGHT_KEPT);
  }
}
