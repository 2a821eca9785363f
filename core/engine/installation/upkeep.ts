import { join } from 'node:path';
import type { MirrorView, Settings, StorageView } from '../../contract/index.ts';
import { type Clock, type Clocks, type Logger, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { Forgetting } from '../../storage/index.ts';
import { Growth } from './growth.ts';
import type { MirrorReport } from './mirror.ts';
import { forgetLogs } from './old-logs.ts';
import type { Stores } from './stores.ts';

export interface UpkeepOptions {
  readonly directory: string;
  readonly settings: Pick<Settings, 'storage'>;
  readonly stores: Pick<Stores, 'state' | 'forget'>;
  readonly llm: { forget(what: Forgetting): number };
  readonly mirror: () => MirrorReport | null;
  readonly clocks: Clocks;
  readonly log: Logger;
}

const DAY_MS = TIMEFRAME_MS['1d'];
const NOTHING: Forgetting = {
  heldDecisions: null,
  llmCalls: null,
  predictions: null,
  alerts: null,
  fineEquity: null,
};

/** Looks after what is on the disk: forgets what is old, a little at a time, and knows how it grows. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #growth: Growth;
  #forgotten = 0;
  /** Kinds that could not be forgotten last time. */
  readonly #failing = new Set<string>();

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#growth = new Growth(options.directory, options.stores.state);
  }

  /**
   * To be called every few seconds. Never throws: what cannot be written now is forgotten later, and one kind that cannot
   * be forgotten keeps no other from it.
   */
  step(): void {
    const { settings, stores, llm, clocks, directory, log } = this.#options;
    const { storage: kept } = settings;
    const [market, wall] = [clocks.market.now(), clocks.wall.now()];
    const inBooks = (what: Partial<Forgetting>): number => stores.forget({ ...NOTHING, ...what });
    const kinds: Readonly<Record<string, () => number>> = {
      'decisions that held': () => inBooks({ heldDecisions: daysBefore(market, kept.heldDecisionDays) }),
      predictions: () => inBooks({ predictions: daysBefore(market, kept.predictionDays) }),
      'points of the curve': () => inBooks({ fineEquity: daysBefore(market, kept.fineEquityDays) }),
      alerts: () => inBooks({ alerts: daysBefore(wall, kept.alertDays) }),
      'calls of language models': () =>
        llm.forget({ ...NOTHING, llmCalls: daysBefore(wall, kept.llmCallDays) }),
      'log files': () => {
        const before = daysBefore(wall, kept.logDays);
        return before === null ? 0 : forgetLogs(join(directory, 'logs'), before);
      },
    };
    let forgotten = 0;
    for (const [kind, forget] of Object.entries(kinds)) forgotten += this.#tried(kind, forget);
    // Once at its beginning, and once for much: a line for each step would be what has to be forgotten next.
    if (this.#forgotten === 0 && forgotten > 0)
      log.info({}, 'what is older than the settings keep is forgotten');
    this.#forgotten += forgotten;
    this.#tried('notes of the growth', () => {
      this.#growth.note(wall);
      return 0;
    });
  }

  #tried(kind: string, run: () => number): number {
    try {
      const done = run();
      this.#failing.delete(kind);
      return done;
    } catch (error) {
      // Once, and not each five seconds.
      if (!this.#failing.has(kind))
        this.#options.log.warn({ kind, error }, 'what is old could not be forgotten');
      this.#failing.add(kind);
      return 0;
    }
  }

  /** How the server does that mirrors the books; null: there is none. */
  mirror(): MirrorView | null {
    const mirror = this.#options.mirror();
    return mirror === null ? null : { ...mirror, notices: [...mirror.notices] };
  }

  view(): StorageView {
    return {
      mirror: this.mirror(),
      growth: this.#growth.view(this.#wall.now()),
    };
  }

  get #wall(): Clock {
    return this.#options.clocks.wall;
  }
}

function daysBefore(at: UtcMs, days: number | null): UtcMs | null {
  return days === null ? null : at - days * DAY_MS;
}
