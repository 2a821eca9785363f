import type { Agents } from '../../agents/index.ts';
import type { ConsensusSettings, Settings, StrategyId, Voter } from '../../contract/index.ts';
import type { Abstention, Analyst, Brief, Vote, VoteSource } from '../../domain/index.ts';
import { SHIPPED_STRATEGIES, type Strategies, type Strategy } from '../../strategies/index.ts';

/**
 * How long voters may take. `prompt`: rules, recorded calls and models on their own thread answer at once or nearly so,
 * and are waited for, so that the same inputs give the same bytes. `slow`: a live language model takes what it takes.
 */
export type Patience = 'prompt' | 'slow';

/** Who votes and how the votes are weighed: what one way of deciding differs from another in. */
export interface LineUp {
  readonly name: string;
  readonly strategy: StrategyId;
  /** What decides: at which times, and on whose word. */
  readonly decides: Strategy;
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
  /** Where the strategy is had; those that come with the program when absent. */
  readonly strategies?: Strategies;
}

export function lineUpOf(parts: LineUpParts): LineUp {
  const { name, settings, agents, ensemble, strategies = SHIPPED_STRATEGIES } = parts;
  const { strategy, consensus } = settings;
  const { analysts, models } = votersOf(strategies.of(strategy.id));
  return {
    name,
    strategy: strategy.id,
    get decides() {
      return strategies.of(strategy.id);
    },
    consensus,
    ensemble: models ? ensemble : null,
    agents,
    debate: analysts ? (brief, said) => agents.debate(brief, said) : null,
    analysts: analysts ? agents.analysts : 'off',
    patience: analysts && asksTheNetwork(agents) ? 'slow' : 'prompt',
  };
}

function asksTheNetwork({ mode }: Agents): boolean {
  return mode === 'live' || mode === 'record';
}

/** Who is heard: what proposes by itself is judged by everybody. */
function votersOf(strategy: Strategy): { readonly models: boolean; readonly analysts: boolean } {
  return strategy.kind === 'voted' ? strategy.voters : { models: true, analysts: true };
}

/**
 * The models first, then Bull and Bear, who are told what the models said; at once when nobody is waited for. A voter
 * that is broken abstains with its reason: it costs its own voice, and neither the others' nor the engine.
 *
 * @param onFailure told what broke.
 */
export function votesOf(
  lineUp: LineUp,
  brief: Brief,
  onFailure: (error: unknown) => void,
): readonly Vote[] | Promise<readonly Vote[]> {
  const { ensemble } = lineUp;
  if (ensemble === null) return debated(lineUp, brief, undefined, onFailure);
  const models = heard<Vote>(
    () => ensemble.opine(brief),
    (error) => {
      onFailure(error);
      return broken('ensemble', 'models', error);
    },
  );
  if (models instanceof Promise) return models.then((vote) => debated(lineUp, brief, vote, onFailure));
  return debated(lineUp, brief, models, onFailure);
}

/** The votes on a bar on which nothing is decided, of those who cost nothing: no live language model is asked. */
export function onlookersVotes(
  lineUp: LineUp,
  brief: Brief,
  onFailure: (error: unknown) => void,
): readonly Vote[] | Promise<readonly Vote[]> {
  return votesOf(lineUp.analysts === 'llm' ? { ...lineUp, debate: null } : lineUp, brief, onFailure);
}

function debated(
  { debate, analysts }: LineUp,
  brief: Brief,
  models: Vote | undefined,
  onFailure: (error: unknown) => void,
): readonly Vote[] | Promise<readonly Vote[]> {
  const own = models === undefined ? [] : [models];
  if (debate === null) return own;
  const pair = heard<readonly Vote[]>(
    () => debate(brief, models),
    (error) => {
      onFailure(error);
      const source = analysts === 'llm' ? 'llm' : 'rules';
      return [broken('bull', source, error), broken('bear', source, error)];
    },
  );
  return pair instanceof Promise ? pair.then((votes) => [...votes, ...own]) : [...pair, ...own];
}

/** The answer, now or later; what `otherwise` makes of it where whoever is asked throws, now or later. */
function heard<T>(ask: () => T | Promise<T>, otherwise: (error: unknown) => T): T | Promise<T> {
  try {
    const answer = ask();
    return answer instanceof Promise ? answer.catch(otherwise) : answer;
  } catch (error) {
    return otherwise(error);
  }
}

function broken(voter: Voter, source: VoteSource, error: unknown): Abstention {
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'abstention', voter, source, code: 'failed', message: reason };
}
