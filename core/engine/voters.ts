import { RuleAnalyst, silentAnalyst } from '../agents/index.ts';
import type { Settings } from '../contract/index.ts';
import type { Analyst } from '../domain/index.ts';

/** Who speaks for Bull and Bear: nobody, or the rules. */
export type AgentsChoice = 'off' | 'offline';

/** The voters that a strategy listens to. */
export function votersOf(
  { strategy }: Pick<Settings, 'strategy'>,
  agents: AgentsChoice,
  ensemble: Analyst,
): readonly Analyst[] {
  const pair =
    agents === 'offline'
      ? [new RuleAnalyst('bull'), new RuleAnalyst('bear')]
      : [silentAnalyst('bull'), silentAnalyst('bear')];
  switch (strategy.id) {
    case 'rules':
      return pair;
    case 'ml':
      return [ensemble];
    case 'ensemble':
      return [...pair, ensemble];
  }
}
