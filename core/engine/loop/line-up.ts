import type { Agents } from '../../agents/index.ts';
import type { ConsensusSettings, Settings, StrategyId } from '../../contract/index.ts';
import type { Analyst, Brief, Vote } from '../../domain/index.ts';

/**
 * How long voters may take. `prompt`: rules, recorded calls and models on their own thread answer at once or nearly so,
 * and are waited for, so that the same inputs give the same bytes. `slow`: a live language model takes what it takes.
 */
export type Patience = 'prompt' | 'slow';

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
  readonly patience: Patience;
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
    patience: !modelsAlone && asksTheNetwork(agents) ? 'slow' : 'prompt',
  };
}

function asksTheNetwork({ mode }: Agents): boolean {
  return mode === 'live' || mode === 'record';
}

/** Voters that must have an opinion before a line-up acts: the models alone are one voter. */
export function quorumOf({ strategy, consensus }: Pick<LineUp, 'strategy' | 'consensus'>): number {
  return strategy === 'ml' ? 1 : consensus.quorum;
}

/** The models first, then Bull and Bear, who are told what the models said; at once when nobody is waited for. */
export function votesOf(
  { ensemble, debate }: LineUp,
  brief: Brief,
): readonly Vote[] | Promise<readonly Vote[]> {
  const models = ensemble?.opine(brief);
  if (models instanceof Promise) return models.then((vote) => debated(debate, brief, vote));
  return debated(debate, brief, models);
}

function debated(
  debate: LineUp['debate'],
  brief: Brief,
  models: Vote | undefined,
): readonly Vote[] | Promise<readonly Vote[]> {
  const own = models === undefined ? [] : [models];
  const pair = debate?.(brief, models) ?? [];
  return pair instanceof Promise ? pair.then((votes) => [...votes, ...own]) : [...pair, ...own];
}
