import type { Agents } from '../../agents/index.ts';
import type { ConsensusSettings, Settings, StrategyId } from '../../contract/index.ts';
import type { Analyst } from '../../domain/index.ts';

/** Who votes and how the votes are weighed: what one way of deciding differs from another in. */
export interface LineUp {
  readonly name: string;
  readonly strategy: StrategyId;
  readonly consensus: ConsensusSettings;
  /** Step 3: the models' voice; null where the strategy does not listen to them. */
  readonly ensemble: Analyst | null;
  /** Step 4: who speaks for Bull and Bear. */
  readonly agents: Agents;
  /** Bull's and Bear's votes; null where the strategy does not listen to them. */
  readonly debate: Agents['debate'] | null;
  /** Rules are never shown as an LLM. */
  readonly analysts: Agents['analysts'];
}

export interface LineUpParts {
  readonly name: string;
  readonly settings: Pick<Settings, 'strategy' | 'consensus'>;
  readonly agents: Agents;
  readonly ensemble: Analyst;
}

export function lineUpOf({ name, settings, agents, ensemble }: LineUpParts): LineUp {
  const { strategy, consensus } = settings;
  const modelsAlone = strategy.id === 'ml';
  return {
    name,
    strategy: strategy.id,
    consensus,
    ensemble: strategy.id === 'rules' ? null : ensemble,
    agents,
    debate: modelsAlone ? null : (brief, models) => agents.debate(brief, models),
    analysts: modelsAlone ? 'off' : agents.analysts,
  };
}

/** Voters that must have an opinion before a line-up acts: the models alone are one voter. */
export function quorumOf({ strategy, consensus }: Pick<LineUp, 'strategy' | 'consensus'>): number {
  return strategy === 'ml' ? 1 : consensus.quorum;
}
