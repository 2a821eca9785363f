import type { SafetySettings, Side, StrategyId } from '../contract/index.ts';
import type { Instrument, Price, Verdict } from '../domain/index.ts';
import { churnThrottle } from './churn-throttle.ts';
import { costGate } from './cost-gate.ts';
import { dataHealth, type FeedHealth } from './data-health.ts';
import type { Latch } from './kill-switch.ts';
import { type Account, positionLimits } from './position-limits.ts';
import { type EntryPlan, type SizingResult, sizeEntry } from './sizing.ts';
import { sizingMessage, sizingNumbers } from './sizing-sum.ts';
import { allow, refuse } from './verdict.ts';

/** An entry that the consensus wants, with everything the safety layers must know to judge it. */
export interface EntryRequest {
  readonly symbol: string;
  readonly side: Side;
  readonly strategyId: StrategyId;
  readonly instrument: Instrument;
  readonly markPrice: Price;
  /** Average true range, in quote currency. */
  readonly atr: number;
  /** The move that the entry is betting on, as a fraction of the price; null: nobody has measured one. */
  readonly expectedMove: number | null;
  readonly isRealMoney: boolean;
  /** Fees, spread, slippage and funding of the round trip, as a fraction of the price. */
  readonly roundTripCost: number;
  /** Of that, what getting in is expected to cost. */
  readonly entryCost: number;
  /** By how much spread and slippage are taken to have grown, with the volatility foretold; null or absent: as they are set. */
  readonly roughness?: number | null;
  /** Share of the equity that the symbol's position should have, where the strategy states one. */
  readonly targetShare?: number;
  /** Where the stop goes, on the venue's tick, where the strategy says so. */
  readonly stopPrice?: Price;
  readonly account: Account;
  readonly feed: FeedHealth;
  /** Closed bars since the symbol's last exit; null when there was none. */
  readonly barsSinceExit: number | null;
  /** Entries of all symbols in the last 60 minutes. */
  readonly entriesLastHour: number;
  /** Entries of all symbols since midnight UTC. */
  readonly entriesToday: number;
}

export interface EntryReviewResult {
  readonly allowed: boolean;
  /** One of each layer, in the order in which they were asked, also after the first refusal. */
  readonly verdicts: readonly Verdict[];
  /** What to send; present when allowed. */
  readonly plan?: EntryPlan;
}

export interface EntryReviewOptions {
  /** Asked anew at each review. */
  readonly limits: { readonly settings: SafetySettings };
  /** A backtest has none to ask and passes one that is never engaged. */
  readonly killSwitch: { state(): Latch | undefined };
  readonly breaker: { verdict(): Verdict };
}

/** Asks every safety layer about an entry, in the fixed order, and sizes what all of them allow. */
export class EntryReview {
  readonly #limits: EntryReviewOptions['limits'];
  readonly #killSwitch: EntryReviewOptions['killSwitch'];
  readonly #breaker: EntryReviewOptions['breaker'];

  constructor({ limits, killSwitch, breaker }: EntryReviewOptions) {
    this.#limits = limits;
    this.#killSwitch = killSwitch;
    this.#breaker = breaker;
  }

  review(request: EntryRequest): EntryReviewResult {
    const { settings } = this.#limits;
    const verdicts = [
      this.#killSwitchVerdict(),
      this.#breaker.verdict(),
      dataHealth(request.feed),
      positionLimits(request.symbol, request.account, settings),
      costGate(request, settings),
      churnThrottle(request, settings),
    ];
    if (!verdicts.every(({ allowed }) => allowed)) return { allowed: false, verdicts };
    const sizing = sizeEntry(request, settings);
    const sized = verdicts.map((verdict) => withSizing(verdict, sizing, request.instrument, settings));
    return sizing.ok
      ? { allowed: true, verdicts: sized, plan: sizing.plan }
      : { allowed: false, verdicts: sized };
  }

  #killSwitchVerdict(): Verdict {
    const latch = this.#killSwitch.state();
    if (latch === undefined) return allow('kill-switch', 'the emergency stop is not engaged', {});
    const message = `the emergency stop is engaged: ${latch.reason}`;
    return refuse('kill-switch', 'engaged', message, { at: latch.at ?? Number.NaN });
  }
}

/** The size, or why no order of a useful size fits, is the position limits' verdict, with the sum. */
function withSizing(
  verdict: Verdict,
  sizing: SizingResult,
  instrument: Instrument,
  settings: SafetySettings,
): Verdict {
  const { layer, numbers } = verdict;
  if (layer !== 'position-limits') return verdict;
  if (sizing.ok) {
    const sum = sizing.plan.sizing;
    return allow(layer, sizingMessage(sum, instrument, settings), { ...numbers, ...sizingNumbers(sum) });
  }
  const sum = sizing.sizing === undefined ? {} : sizingNumbers(sizing.sizing);
  return refuse(layer, sizing.code, sizing.message, { ...numbers, ...sum });
}
