import { figuresCommand, strategyLabel, strategySentence } from '../../core/contract/index.ts';
import { useStatus } from '../stores/index.ts';

/** At the foot of every page: what the strategy in use does and does not do, and the command that makes its figures. */
export function StrategyFoot() {
  const strategy = useStatus(({ content }) => content?.strategy) ?? null;
  if (strategy === null) return null;
  const command = figuresCommand(strategy);
  return (
    <footer className="strategy-foot">
      <span title={`${strategy} ${strategyLabel(strategy)}`} data-testid="strategy-claim">
        {strategySentence(strategy)}
      </span>
      <span className="quiet">Its figures:</span>
      <code className="code" title={`A click marks all of it. ${command}`} data-testid="strategy-command">
        {command}
      </code>
    </footer>
  );
}
