import type { Settings, StorageView } from '../../contract/index.ts';
import { type Clock, type Clocks, type Logger, TIMEFRAME_MS, type UtcMs } from '../../domain/index.ts';
import type { Forgetting } from '../../storage/index.ts';
import { Growth } from './growth.ts';
import type { MirrorReport } from './mirror.ts';
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
const NOTHING: Forgetting = { heldDecisions: null, llmCalls: null, predictions: null, fineEquity: null };

/** Looks after what is on the disk: forgets what is old, a little at a time, and knows how it grows. */
export class Upkeep {
  readonly #options: UpkeepOptions;
  readonly #growth: Growth;
  #forgotten = 0;

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.#growth = new Growth(options.directory, options.stores.state);
  }

  /** To be called every few seconds. Never throws: what cannot be written now is forgotten later. */
  step(): void {
    const { settings, stores, llm, clocks, log } = this.#options;
    const { heldDecisionDays, llmCallDays, predictionDays, fineEquityDays } = settings.storage;
    const at = clocks.market.now();
    const forgotten =
      stores.forget({
        ...NOTHING,
        heldDecisions: daysBefore(at, heldDecisionDays),
        predictions: daysBefore(at, predictionDays),
        fineEquity: daysBefore(at, fineEquityDays),
      }) + llm.forget({ ...NOTHING, llmCalls: daysBefore(this.#wall.now(), llmCallDays) });
    // Once at its beginning, and once for much: a line for each step would be what has to be forgotten next.
    if (this.#forgotten === 0 && forgotten > 0)
      log.info({}, 'what is older than the settings keep is forgotten');
    this.#forgotten += forgotten;
    this.#growth.note(this.#wall.now());
  }

  view(): StorageView {
    const mirror = this.#options.mirror();
    return {
      mirror: mirror === null ? null : { ...mirror, notices: [...mirror.notices] },
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
