import { z } from 'zod';
import { TimeframeSchema } from '../contract/index.ts';
import {
  type Brief,
  LLM_AGENTS,
  type LlmAgent,
  type Opinion,
  StateDocument,
  type StateStore,
  TIMEFRAME_MS,
} from '../domain/index.ts';

/** How an agent's calls to buy or sell turned out. A HOLD has no direction that could prove right. */
export interface PastCalls {
  readonly n: number;
  /** Share of calls that paid more than the round trip's costs within their horizon; null without calls. */
  readonly hitRate: number | null;
  /** Mean squared difference of confidence and outcome, 0 to 1, lower is better (Brier, 1950). */
  readonly brier: number | null;
  /** The same by stated confidence: calibrated means that `hitRate` equals `meanConfidence`. */
  readonly buckets: readonly ConfidenceBucket[];
}

export interface ConfidenceBucket {
  /** Lower bound; the bucket is 0.2 wide. */
  readonly from: number;
  readonly n: number;
  readonly meanConfidence: number;
  readonly hitRate: number;
}

/** A closed bar by which earlier calls are judged. */
export type ObservedBar = Pick<Brief, 'symbol' | 'timeframe' | 'barOpenTime' | 'close'>;

const PendingSchema = z.object({
  agent: z.enum(LLM_AGENTS),
  symbol: z.string(),
  timeframe: TimeframeSchema,
  barOpenTime: z.number().int(),
  dueTime: z.number().int(),
  close: z.number().positive(),
  direction: z.union([z.literal(1), z.literal(-1)]),
  confidence: z.number().min(0).max(1),
  cost: z.number(),
});
const SettledSchema = z.object({
  agent: z.enum(LLM_AGENTS),
  confidence: z.number().min(0).max(1),
  hit: z.boolean(),
});
const MemorySchema = z.object({
  pending: z.array(PendingSchema).readonly(),
  settled: z.array(SettledSchema).readonly(),
});
type Pending = z.infer<typeof PendingSchema>;
type Settled = z.infer<typeof SettledSchema>;
type Memory = Readonly<z.infer<typeof MemorySchema>>;

const NO_CALLS: Memory = { pending: [], settled: [] };
const KEPT_PENDING = 500;
/** Of each agent. */
const KEPT_SETTLED = 200;
const BUCKETS = 5;

/**
 * What became of the agents' own calls, shown to them as numbers. Bounded; survives a restart where there is a store.
 */
export class CallMemory {
  readonly #document: StateDocument<Memory> | null;
  #pending: readonly Pending[];
  #settled: readonly Settled[];

  constructor(state: StateStore | null) {
    this.#document = state === null ? null : memoryDocument(state);
    // What cannot be read is forgotten: a record of calls is no reason not to start.
    const { pending, settled } = this.#document?.readOr(() => NO_CALLS) ?? NO_CALLS;
    this.#pending = pending;
    this.#settled = settled;
  }

  /** Keeps an agent's final call on a bar until its horizon has passed. A second one on the bar replaces it. */
  remember(agent: LlmAgent, opinion: Opinion, brief: ObservedBar & Pick<Brief, 'roundTripCost'>): void {
    const { symbol, timeframe, barOpenTime, close, roundTripCost } = brief;
    if (opinion.action === 'HOLD' || !(close > 0)) return;
    const others = this.#pending.filter(
      (call) =>
        call.agent !== agent ||
        call.symbol !== symbol ||
        call.timeframe !== timeframe ||
        call.barOpenTime !== barOpenTime,
    );
    const call: Pending = {
      agent,
      symbol,
      timeframe,
      barOpenTime,
      dueTime: barOpenTime + opinion.horizonBars * TIMEFRAME_MS[timeframe],
      close,
      direction: opinion.action === 'BUY' ? 1 : -1,
      confidence: opinion.confidence,
      cost: roundTripCost,
    };
    this.#pending = [...others, call].slice(-KEPT_PENDING);
    this.#save();
  }

  /** Judges the calls whose horizon a closed bar has reached. The same bar twice changes nothing. */
  observeOutcome(bar: ObservedBar): void {
    const isDue = (call: Pending): boolean =>
      call.symbol === bar.symbol && call.timeframe === bar.timeframe && call.dueTime <= bar.barOpenTime;
    const due = this.#pending.filter(isDue);
    if (due.length === 0 || !(bar.close > 0)) return;
    this.#pending = this.#pending.filter((call) => !isDue(call));
    const judged = due.map(({ agent, confidence, close, direction, cost }): Settled => {
      return { agent, confidence, hit: (bar.close / close - 1) * direction > cost };
    });
    const settled = [...this.#settled, ...judged];
    this.#settled = LLM_AGENTS.flatMap((agent) =>
      settled.filter((call) => call.agent === agent).slice(-KEPT_SETTLED),
    );
    this.#save();
  }

  pastCalls(agent: LlmAgent): PastCalls {
    const calls = this.#settled.filter((call) => call.agent === agent);
    const bucketOf = ({ confidence }: Settled): number =>
      Math.min(BUCKETS - 1, Math.floor(confidence * BUCKETS));
    const buckets = Array.from({ length: BUCKETS }, (_, index) => {
      const inside = calls.filter((call) => bucketOf(call) === index);
      return {
        from: index / BUCKETS,
        n: inside.length,
        meanConfidence: mean(inside.map(({ confidence }) => confidence)),
        hitRate: mean(inside.map(({ hit }) => Number(hit))),
      };
    }).filter(({ n }) => n > 0);
    if (calls.length === 0) return { n: 0, hitRate: null, brier: null, buckets };
    return {
      n: calls.length,
      hitRate: mean(calls.map(({ hit }) => Number(hit))),
      brier: mean(calls.map(({ confidence, hit }) => (confidence - Number(hit)) ** 2)),
      buckets,
    };
  }

  #save(): void {
    this.#document?.write({ pending: this.#pending, settled: this.#settled });
  }
}

function memoryDocument(state: StateStore): StateDocument<Memory> {
  return new StateDocument<Memory>(state, 'llm-call-memory', {
    version: 1,
    initial: NO_CALLS,
    parse: (stored) => MemorySchema.safeParse(stored).data,
  });
}

/** To three decimals: these numbers are read by a model and a trader. */
function mean(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0);
  return Math.round((sum / Math.max(1, values.length)) * 1_000) / 1_000;
}
