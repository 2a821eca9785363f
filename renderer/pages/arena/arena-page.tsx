import { useState } from 'react';
import {
  type ContenderView,
  type ShippedStrategyId,
  ShippedStrategySchema,
  type StrategyId,
} from '../../../core/contract/index.ts';
import { date, fixed, money, percent } from '../../format/index.ts';
import { Badge, cellClass, Empty, Icon, Panel, PercentDelta, Table } from '../../parts/index.ts';
import { useMoneyDecimals } from '../../stores/index.ts';
import { PromoteDialog } from './promote-dialog.tsx';
import { useArena } from './use-arena.ts';

const COLUMNS = [
  { title: 'Line-up' },
  { title: 'Votes' },
  { title: 'Equity, last bar', numeric: true },
  { title: 'Return', numeric: true },
  { title: 'Drawdown', numeric: true, wide: true },
  { title: 'Sharpe (days)', numeric: true },
  { title: 'Win rate (trades)', numeric: true },
  { title: 'Decisions', numeric: true, wide: true },
  { title: 'Agrees', numeric: true, wide: true },
  { title: 'LLM cost', numeric: true },
  { title: 'Since', numeric: true, wide: true },
  { title: '' },
];
const ANALYST_WORDS = { rules: 'rules', llm: 'LLM', off: 'no analysts' } as const;
const STRATEGY_WORDS: Readonly<Record<ShippedStrategyId, string>> = {
  ensemble: 'analysts and models',
  rules: 'analysts only',
  ml: 'models only',
  trend: 'the daily trend rule',
};

function strategyWords(strategy: StrategyId, analysts: keyof typeof ANALYST_WORDS): string {
  const shipped = ShippedStrategySchema.safeParse(strategy);
  if (!shipped.success) return `${strategy}, your own`;
  const asksAnalysts = shipped.data === 'rules' || shipped.data === 'ensemble';
  return `${STRATEGY_WORDS[shipped.data]}${asksAnalysts ? ` (${ANALYST_WORDS[analysts]})` : ''}`;
}

/** Several ways of deciding on the same bars: one of them for the account, the others on paper beside it. */
export function ArenaPage() {
  const { contenders, failure, promote } = useArena();
  const [asked, setAsked] = useState<ContenderView | null>(null);
  return (
    <div className="page arena-page">
      <p className="page-note">
        <Icon name="info" /> All line-ups vote on the same bars. One decides for the account; the others trade
        on paper beside it, each with an account of its own. The one named settings is always there to go back
        to. Differences mean little before there are many trades: each figure stands beside the number of
        observations behind it. Line-ups are named in the settings, under{' '}
        <code className="code">arena.rivals</code>.
      </p>
      <Panel title="Line-ups" count={contenders?.length} className="table-panel">
        {contenders === null ? (
          <Empty title={failure === null ? 'Asking for the line-ups' : 'The line-ups could not be asked for'}>
            {failure}
          </Empty>
        ) : (
          <Table label="Line-ups" columns={COLUMNS} testId="arena">
            {contenders.map((one) => (
              <ContenderRow key={one.name} contender={one} onPromote={() => setAsked(one)} />
            ))}
          </Table>
        )}
      </Panel>
      {asked === null ? null : (
        <PromoteDialog contender={asked} onPromote={promote} onClose={() => setAsked(null)} />
      )}
    </div>
  );
}

function orDash<T>(value: T | null, write: (value: T) => string): string {
  return value === null ? '–' : write(value);
}

interface ContenderRowProps {
  readonly contender: ContenderView;
  readonly onPromote: () => void;
}

function ContenderRow({ contender, onPromote }: ContenderRowProps) {
  const { name, active, strategy, analysts, problem, agreement, winRate, sharpe } = contender;
  const decimals = useMoneyDecimals();
  const hasAccount = contender.equity !== null;
  return (
    <tr data-active={active}>
      <td>
        <strong>{name}</strong>{' '}
        {active ? (
          <Badge tone="accent" icon="check">
            decides
          </Badge>
        ) : null}
        {hasAccount ? null : (
          <Badge title="What the settings name. It trades nowhere while another decides, so it has no account to compare">
            no account
          </Badge>
        )}
        {problem === null ? null : (
          <Badge tone="danger" icon="warning" title={problem}>
            dropped out
          </Badge>
        )}
      </td>
      <td className="soft">{strategyWords(strategy, analysts)}</td>
      <td className={`number ${cellClass(true)}`}>
        {orDash(contender.equity, (equity) => money(equity, decimals))}
      </td>
      <td className={cellClass(true)}>
        {contender.returnPct === null ? '–' : <PercentDelta pct={contender.returnPct} />}
      </td>
      <td className={`number ${cellClass(true, true)}`}>{orDash(contender.maxDrawdownPct, percent)}</td>
      <td className={`number ${cellClass(true)}`}>
        {sharpe.value === null ? '–' : fixed(sharpe.value, 2)}{' '}
        <span className="quiet">({sharpe.sampleSize})</span>
      </td>
      <td className={`number ${cellClass(true)}`}>
        {winRate.value === null ? '–' : percent(winRate.value * 100, 0)}{' '}
        <span className="quiet">({winRate.sampleSize})</span>
      </td>
      <td className={`number ${cellClass(true, true)}`}>{hasAccount ? fixed(contender.bars, 0) : '–'}</td>
      <td className={`number ${cellClass(true, true)}`}>
        {active || agreement === null ? '–' : percent(agreement * 100, 0)}
      </td>
      <td className={`number ${cellClass(true)}`}>${fixed(contender.llmCostUsd, 4)}</td>
      <td className={`number ${cellClass(true, true)}`}>{orDash(contender.since, date)}</td>
      <td className={cellClass(true)}>
        {active || problem !== null ? null : (
          <button type="button" className="button" data-testid={`promote-${name}`} onClick={onPromote}>
            Promote
          </button>
        )}
      </td>
    </tr>
  );
}
