import { RuleAnalyst, silentAnalyst } from '../agents/index.ts';
import type { ConsensusSettings, Settings, StatusView, StrategyId } from '../contract/index.ts';
import type { Analyst, Brief, Vote } from '../domain/index.ts';

/** Bull's and Bear's votes on one bar, given what the models said. */
export type Debate = (brief: Brief, models: Vote | undefined) => readonly Vote[] | Promise<readonly Vote[]>;

/** Who votes and how the votes are weighed: what one way of deciding differs from another in. */
export interface LineUp {
  readonly name: string;
  readonly strategy: StrategyId;
  readonly consensus: ConsensusSettings;
  /** Step 3: the models' voice; null where the strategy does not listen to them. */
  readonly ensemble: Analyst | null;
  /** Step 4; null where the strategy does not listen to Bull and Bear. */
  readonly debate: Debate | null;
  /** Who speaks for Bull and Bear: rules are never shown as an LLM. */
  readonly analysts: StatusView['analysts'];
  /** What its language models have cost so far, in USD. */
  readonly costUsd: () => number;
}

/** Who speaks for Bull and Bear where no language model does: the rules, or nobody. */
export type AgentsChoice = 'off' | 'offline';

export interface LineUpParts {
  readonly name: string;
  readonly settings: Pick<Settings, 'strategy' | 'consensus'>;
  readonly agents: AgentsChoice;
  readonly ensemble: Analyst;
}

/** A line-up without language models. */
export function offlineLineUp({ name, settings, agents, ensemble }: LineUpParts): LineUp {
  const { strategy, consensus } = settings;
  const pair =
    agents === 'offline'
      ? [new RuleAnalyst('bull'), new RuleAnalyst('bear')]
      : [silentAnalyst('bull'), silentAnalyst('bear')];
  return {
    name,
    strategy: strategy.id,
    consensus,
    ensemble: strategy.id === 'rules' ? null : ensemble,
    debate: strategy.id === 'ml' ? null : (brief) => pair.map((analyst) => analyst.opine(brief)),
    analysts: strategy.id === 'ml' || agents === 'off' ? 'off' : 'rules',
    costUsd: () => 0,
  };
}

/** Voters that must have an opinion before a line-up acts: the models alone are one voter. */
export function quorumOf({ strategy, consensus }: Pick<LineUp, 'strategy' | 'consensus'>): number {
  return strategy === 'ml' ? 1 : consensus.quorum;
}
