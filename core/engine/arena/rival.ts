import type { Action, ContenderView, PortfolioView, Settings } from '../../contract/index.ts';
import {
  type Candle,
  type Decision,
  type Instrument,
  type Logger,
  ManualClock,
  type MarketEvent,
  type StateDocument,
  TIMEFRAME_MS,
  type UtcMs,
} from '../../domain/index.ts';
import { assembleEngine, type Engine } from '../assembly/assemble.ts';
import type { LineUp } from '../loop/line-up.ts';
import { portfolioView } from '../views/account-views.ts';
import type { RivalStores } from './rival-stores.ts';
import { newTally, type Tally, tallyDocument } from './tally.ts';

export interface RivalParts {
  readonly lineUp: LineUp;
  readonly settings: Settings;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly startTime: UtcMs;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly stores: RivalStores;
  readonly log: Logger;
}

/** One way of deciding, trading the same bars on paper with an engine, ledger and account of its own. */
export class Rival {
  readonly lineUp: LineUp;
  readonly #engine: Engine;
  readonly #stores: RivalStores;
  readonly #timeframeMs: number;
  readonly #tallies: StateDocument<Tally>;
  #tally: Tally;
  #latest: Decision | undefined;
  #problem: string | null = null;

  constructor(parts: RivalParts) {
    const { lineUp, settings, stores, startTime } = parts;
    this.lineUp = lineUp;
    this.#stores = stores;
    this.#timeframeMs = TIMEFRAME_MS[settings.timeframe];
    this.#tallies = tallyDocument(stores.state, startTime);
    this.#tally = this.#tallies.readOr((fault) => {
      parts.log.warn({ fault }, 'the rival is counted anew');
      return newTally(startTime);
    });
    this.#engine = assembleEngine({
      settings,
      instruments: parts.instruments,
      clock: new ManualClock(startTime),
      lineUp: () => lineUp,
      orderIdPrefix: 'aren',
      ledger: stores.ledger,
      decisions: stores.decisions,
      state: stores.state,
      venueStore: stores.venue,
      equity: stores.equity.recent(Number.MAX_SAFE_INTEGER),
      // Its money is paper wherever the active one's is real: an emergency there is none here.
      killSwitch: { mayLeave: () => ({ allowed: true }), state: () => undefined },
      feedHealth: () => ({ stale: false, ageMs: 0 }),
      entriesHeld: () => null,
      recordedFeatures: [],
      observer: {
        onDecision: (decision) => {
          this.#latest = decision;
        },
        onFault: (reason) => {
          this.#problem = reason;
        },
      },
      log: parts.log,
    });
    this.#engine.loop.warmUp(parts.warmUp);
    this.#engine.assertProtection();
  }

  /** Takes the event that the active engine has just taken. Never rejects: a rival that fails drops out. */
  async handle(event: MarketEvent, activeAction: Action | undefined): Promise<void> {
    if (this.#problem !== null) return;
    this.#latest = undefined;
    try {
      await this.#engine.loop.handle(event);
      if (event.kind === 'bar') this.#afterBar(event.candle, activeAction);
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  view(minSample: number): ContenderView {
    const { portfolio } = this.#engine;
    const { since, bars, agreed } = this.#tally;
    return contender(this.lineUp, portfolioView(portfolio, since, minSample), {
      active: false,
      since,
      bars,
      agreement: bars === 0 ? null : agreed / bars,
      problem: this.#problem,
    });
  }

  close(): void {
    this.lineUp.agents.close();
    this.#engine.close();
    this.#stores.close();
  }

  #afterBar(bar: Candle, activeAction: Action | undefined): void {
    const { portfolio } = this.#engine;
    if (this.#latest === undefined) return;
    const { since, bars, agreed } = this.#tally;
    this.#tally = { since, bars: bars + 1, agreed: agreed + Number(this.#latest.action === activeAction) };
    this.#tallies.write(this.#tally);
    if (!portfolio.marked) return;
    const time = bar.openTime + this.#timeframeMs;
    this.#stores.equity.append({ time, equity: portfolio.equity().toFixed(8) });
  }
}

/** An account's line in the comparison. */
export function contender(
  lineUp: LineUp,
  view: PortfolioView,
  facts: Pick<ContenderView, 'active' | 'since' | 'bars' | 'agreement' | 'problem'>,
): ContenderView {
  return {
    ...facts,
    name: lineUp.name,
    strategy: lineUp.strategy,
    analysts: lineUp.analysts,
    equity: view.equity,
    returnPct: view.returnPct,
    maxDrawdownPct: view.maxDrawdownPct,
    fees: view.fees,
    trades: view.trades,
    winRate: view.winRate,
    sharpe: view.sharpe,
    llmCostUsd: lineUp.agents.costUsd(),
  };
}
