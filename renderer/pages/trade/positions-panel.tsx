import { memo } from 'react';
import type { PositionView } from '../../../core/contract/index.ts';
import {
  amount,
  baseOf,
  money,
  moneyDecimals,
  NOTHING,
  PROTECTION_WORDS,
  price,
  quoteOf,
} from '../../format/index.ts';
import {
  type Column,
  cellClass,
  Delta,
  Empty,
  HintBadge,
  type IconName,
  Panel,
  Table,
  type Tone,
} from '../../parts/index.ts';
import { useStale } from '../../program/freshness.ts';
import { useNavigation, usePositions } from '../../stores/index.ts';

const COLUMNS: readonly Column[] = [
  { title: 'Symbol' },
  { title: 'Position', numeric: true },
  { title: 'Worth', numeric: true, wide: true },
  { title: 'Entry', numeric: true },
  { title: 'Mark', numeric: true },
  { title: 'P&L', numeric: true },
  { title: 'Stop', numeric: true },
  { title: 'Protection' },
];

export function PositionsPanel() {
  const positions = usePositions(({ content }) => content);
  return (
    <Panel title="Positions" count={positions?.length} className="positions-panel">
      <Table label="Positions" columns={COLUMNS} testId="positions-table">
        {(positions ?? []).map((position) => (
          <PositionRow key={position.symbol} position={position} />
        ))}
      </Table>
      {positions === null || positions.length === 0 ? (
        <Empty title="Flat">No position is open. The decisions say why.</Empty>
      ) : null}
    </Panel>
  );
}

const PROTECTION_LOOKS: Readonly<
  Record<PositionView['protection'], { readonly tone: Tone; readonly icon: IconName }>
> = {
  venue: { tone: 'plain', icon: 'shield' },
  engine: { tone: 'warning', icon: 'eye' },
  none: { tone: 'danger', icon: 'warning' },
};

const PositionRow = memo(function PositionRow({ position }: { readonly position: PositionView }) {
  const choose = useNavigation((navigation) => navigation.chooseSymbol);
  const { symbol, quantity, notional, averageEntryPrice, markPrice, stopPrice, protection, plan } = position;
  const long = Number(quantity) > 0;
  const decimals = moneyDecimals(quoteOf(symbol));
  const stale = useStale(symbol);
  const { name, meaning } = PROTECTION_WORDS[protection];
  return (
    <tr title={position.entryThesis ?? undefined} data-stale={stale}>
      <td>
        <button type="button" className="link strong" onClick={() => choose(symbol)}>
          {symbol}
        </button>
      </td>
      <td className="numeric number">
        <span className={long ? 'up' : 'down'}>{long ? 'Long' : 'Short'}</span>{' '}
        {amount(quantity.replace('-', ''))} <span className="quiet">{baseOf(symbol)}</span>
      </td>
      <td className={`${cellClass(true, true)} number`}>{money(notional, decimals)}</td>
      <td className="numeric number">{price(averageEntryPrice)}</td>
      <td className="numeric number">{price(markPrice)}</td>
      <td className="numeric">
        <Delta amount={position.unrealisedPnl} decimals={decimals} pct={position.unrealisedPnlPct} />
      </td>
      <td className="numeric number" title={plan}>
        {stopPrice === null ? NOTHING : price(stopPrice)}
        {plan === undefined ? null : <span className="quiet position-plan">{plan}</span>}
      </td>
      <td>
        <HintBadge {...PROTECTION_LOOKS[protection]} hint={meaning}>
          {name}
        </HintBadge>
      </td>
    </tr>
  );
});
