import type { RivalSettings, Settings } from '../../contract/index.ts';
import {
  type Analyst,
  type Candle,
  type Instrument,
  type Logger,
  type Outlooks,
  SILENT_LOGGER,
  type StateStore,
  type Timers,
  type UtcMs,
} from '../../domain/index.ts';
import type { RecentMarket } from '../../market/index.ts';
import type { Strategies } from '../../strategies/index.ts';
import { type LineUp, lineUpOf } from '../loop/line-up.ts';
import type { Market } from '../modes/market.ts';
import { agentsOf, type LlmParts, rivalAgents } from '../voices/language-models.ts';
import { Arena } from './arena.ts';
import { Rival } from './rival.ts';
import { openRivalStores, type RivalStores } from './rival-stores.ts';

export interface ArenaOptions {
  readonly settings: Settings;
  readonly strategies: Strategies;
  /** The data directory: a rival's database is `<account>-arena-<name>.sqlite` in it. */
  readonly directory: string;
  /** The name of the account that is traded with. */
  readonly account: string;
  readonly ensemble: Analyst;
  readonly llm: LlmParts;
  readonly state: StateStore;
  readonly startTime: UtcMs;
  readonly symbols: readonly string[];
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly timers: Timers;
  /** The market does not wait for anybody. */
  readonly isReal: boolean;
  readonly waitForSlowVoters: boolean;
  readonly barrierMs: number | null;
  readonly warmUp: ReadonlyMap<string, readonly Candle[]>;
  readonly lookBack: Market['lookBack'];
  readonly recentMarket: RecentMarket | null;
  /** What was foretold of volatility before a bar; nothing when absent. */
  readonly outlooks?: Outlooks;
  readonly migrationsFolder?: string;
  readonly log: Logger;
}

/** The line-up of the settings and its rivals. @throws StorageError when a rival's database cannot be opened. */
export async function openArena(options: ArenaOptions): Promise<Arena> {
  const { settings, state, startTime, log, directory, account, migrationsFolder } = options;
  const rivals: Rival[] = [];
  try {
    for (const [name, rival] of Object.entries(settings.arena.rivals)) {
      const stores = openRivalStores(directory, `${account}-arena-${name}`, migrationsFolder);
      rivals.push(await openRival(name, rival, options, stores));
    }
  } catch (error) {
    for (const rival of rivals) await rival.close();
    throw error;
  }
  const configured = lineUpOf({
    name: 'settings',
    settings,
    agents: agentsOf(settings, options.llm, state),
    ensemble: options.ensemble,
    strategies: options.strategies,
  });
  const { minSample } = settings.safety;
  const { timers } = options;
  const afterOthers = options.isReal ? () => timers.wait(0) : null;
  return new Arena({ configured, rivals, state, startTime, minSample, afterOthers, log });
}

async function openRival(
  name: string,
  rival: RivalSettings,
  options: ArenaOptions,
  stores: RivalStores,
): Promise<Rival> {
  try {
    const lineUp = rivalLineUp(name, rival, options, stores);
    // Its orders are paper: in the log they would read like real ones.
    return await Rival.open({ ...options, log: SILENT_LOGGER, lineUp, stores });
  } catch (error) {
    stores.close();
    throw error;
  }
}

function rivalLineUp(
  name: string,
  rival: RivalSettings,
  { settings, ensemble, llm, strategies }: ArenaOptions,
  stores: RivalStores,
): LineUp {
  return lineUpOf({
    name,
    settings: { strategy: { id: rival.strategy }, consensus: rival.consensus ?? settings.consensus },
    agents: rivalAgents(rival, settings, llm, stores.state),
    ensemble,
    strategies,
  });
}
