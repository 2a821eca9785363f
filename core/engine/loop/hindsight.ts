import { type TrackRecord, trackRecord, weekOf } from '../../consensus/index.ts';
import type { Voter } from '../../contract/index.ts';
import {
  type BlockedPair,
  type Candle,
  type EntryCase,
  type HindsightStore,
  type JudgedCase,
  resultOf,
  type UtcMs,
  type VoteSource,
} from '../../domain/index.ts';

/**
 * Looks again at every entry that was wanted, when its time has passed: what the voters said of it and what the safety layers
 * refused is set against what it came to, or would have. Nothing is known here before the market has told it.
 */
export class Hindsight {
  readonly #store: HindsightStore;
  readonly #cases: JudgedCase[];
  /** Those of a symbol of which it is not known yet what they came to. */
  readonly #open = new Map<string, OpenCases>();
  readonly #places = new Map<string, number>();
  /** What each voice said of the entries of a strategy, and what they came to. */
  readonly #words = new Map<string, BlockedPair[]>();
  readonly #records = new Map<string, TrackRecord>();

  /** Takes up what the store has. */
  constructor(store: HindsightStore) {
    this.#store = store;
    this.#cases = [...store.all()];
    for (const [place, one] of this.#cases.entries()) {
      this.#places.set(one.decisionId, place);
      if (one.result === null) this.#follow(one);
      else this.#learn(one);
    }
  }

  /** All that are known, oldest first. */
  get cases(): readonly JudgedCase[] {
    return this.#cases;
  }

  of(decisionId: string): JudgedCase | null {
    const place = this.#places.get(decisionId);
    return place === undefined ? null : (this.#cases[place] ?? null);
  }

  append(one: EntryCase): void {
    if (this.#places.has(one.decisionId)) return;
    this.#places.set(one.decisionId, this.#cases.length);
    this.#cases.push({ ...one, result: null });
    this.#store.append(one);
    this.#follow(one);
  }

  /** Takes a piece of market that has passed, in order for its symbol. */
  take(symbol: string, piece: Candle, durationMs: number): void {
    const open = this.#open.get(symbol);
    if (open === undefined || !concerns(open, piece, durationMs)) return;
    const left = open.cases.filter((one) => !this.#settled(one, piece, durationMs));
    if (left.length < open.cases.length) this.#open.set(symbol, openCases(left));
  }

  /** Whether a piece of market may say of any entry what it came to. */
  awaits(symbol: string, piece: Candle, durationMs: number): boolean {
    const open = this.#open.get(symbol);
    return open !== undefined && concerns(open, piece, durationMs);
  }

  /** What a voter's record on a strategy's entries has earned it by now. */
  earned(strategy: string, voter: Voter, source: VoteSource): TrackRecord {
    const name = voiceName(strategy, voter, source);
    const known = this.#records.get(name);
    if (known !== undefined) return known;
    const record = trackRecord(voter, source, this.#words.get(name) ?? [], this.#voicesOn(strategy));
    this.#records.set(name, record);
    return record;
  }

  casesOf(strategy: string): readonly JudgedCase[] {
    return this.#cases.filter((one) => one.strategy === strategy);
  }

  /** The record of everybody who has spoken on a strategy's entries, by each of its sources. */
  recordsOn(strategy: string): readonly TrackRecord[] {
    const spoken = this.#cases.filter((one) => one.strategy === strategy).flatMap(({ stances }) => stances);
    const voices = new Map(spoken.map((one) => [voiceName(strategy, one.voter, one.source), one]));
    return [...voices.values()].map(({ voter, source }) => this.earned(strategy, voter, source));
  }

  /** How many records there are of a strategy's entries. */
  #voicesOn(strategy: string): number {
    return [...this.#words.keys()].filter((name) => name.startsWith(`${strategy} `)).length;
  }

  #learn({ strategy, stances, time, result }: JudgedCase): void {
    if (result === null) return;
    for (const { voter, source, stance } of stances) {
      const name = voiceName(strategy, voter, source);
      const words = this.#words.get(name);
      const point = { block: weekOf(time), x: stance, y: result };
      if (words === undefined) this.#words.set(name, [point]);
      else words.push(point);
    }
    this.#records.clear();
  }

  #follow(one: EntryCase): void {
    this.#open.set(one.symbol, openCases([...(this.#open.get(one.symbol)?.cases ?? []), one]));
  }

  #settled(one: EntryCase, piece: Candle, durationMs: number): boolean {
    const result = resultOf(one, piece, durationMs);
    const place = this.#places.get(one.decisionId);
    if (result === null || place === undefined) return false;
    this.#cases[place] = { ...one, result };
    this.#store.settle(one.decisionId, result);
    this.#learn({ ...one, result });
    return true;
  }
}

/** Entries that are looked at, and what has to happen to concern any of them. */
interface OpenCases {
  readonly cases: readonly EntryCase[];
  readonly due: UtcMs;
  readonly fallsTo: number;
  readonly risesTo: number;
}

function openCases(cases: readonly EntryCase[]): OpenCases {
  let [due, fallsTo, risesTo] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  for (const one of cases) {
    due = Math.min(due, one.due);
    if (one.stopPrice === null) continue;
    if (one.side === 'buy') fallsTo = Math.max(fallsTo, one.stopPrice);
    else risesTo = Math.min(risesTo, one.stopPrice);
  }
  return { cases, due, fallsTo, risesTo };
}

/** Asked of every piece of market. */
function concerns({ due, fallsTo, risesTo }: OpenCases, piece: Candle, durationMs: number): boolean {
  return piece.openTime + durationMs >= due || piece.low <= fallsTo || piece.high >= risesTo;
}

function voiceName(strategy: string, voter: Voter, source: VoteSource): string {
  return `${strategy} ${voter} ${source}`;
}
