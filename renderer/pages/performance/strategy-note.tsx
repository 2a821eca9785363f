import { figuresCommand, strategyLabel } from '../../../core/contract/index.ts';
import { Icon } from '../../parts/index.ts';
import { useStatus } from '../../stores/index.ts';

/** What the strategy in use does and does not do, and what is usual for it. */
export function StrategyNote() {
  const strategy = useStatus(({ content }) => content?.strategy) ?? null;
  if (strategy === null) return null;
  return (
    <p className="page-note strategy-note" data-testid="strategy-note">
      <Icon name="info" /> <strong>{strategy}</strong> {strategyLabel(strategy)}.
      {strategy === 'trend' ? (
        <>
          {' '}
          In its backtest three round trips in ten won; rows of losses and months below zero are usual for it,
          and no limit here bounds what it can lose.
        </>
      ) : null}{' '}
      Its figures: <code className="code">{figuresCommand(strategy)}</code>
    </p>
  );
}
