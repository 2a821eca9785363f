import { memo } from 'react';
import type { PositionView } from '../../../core/contract/index.ts';
import { amount, baseOf, money, moneyDecimals, NOTHING, price, quoteOf } from '../../format/index.ts';
import { Badge, type Column, cellClass, Delta, Empty, Panel, Table } from '../../parts/index.ts';
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
  { title: 'Guarded by' },
];

export function PositionsPanel() {
  const positions = usePositions(({ content }) => content);
  const stale = useStale();
  return (
    <Panel title="Positions" count={positions?.length} className="positions-panel">
      <div className="fill" data-stale={stale}>
        <Table label="Positions" columns={COLUMNS} testId="positions-table">
          {(positions ?? []).map((position) => (
            <PositionRow key={position.symbol} position={position} />
          ))}
        </Table>
        {positions === null || positions.length === 0 ? (
          <Empty title="Flat">No position is open. The decisions say why.</Empty>
        ) : null}
      </div>
    </Panel>
  );
}

const GUARDS: Readonly<
  Record<
    PositionView['protection'],
    { readonly name: string; readonly tone: 'plain' | 'warning' | 'danger'; readonly title: string }
  >
> = {
  venue: { name: 'Venue', tone: 'plain', title: 'A stop order rests at the venue' },
  engine: { name: 'Engine', tone: 'warning', title: 'The engine watches the stop: unprotected at the venue' },
  none: { name: 'Nothing', tone: 'danger', title: 'No stop protects this position' },
};

const PositionRow = memo(function PositionRow({ position }: { readonly position: PositionView }) {
  const choose = useNavigation((navigation) => navigation.chooseSymbol);
  const { symbol, quantity, notional, averageEntryPrice, markPrice, stopPrice, protection } = position;
  const long = Number(quantity) > 0;
  const decimals = moneyDecimals(quoteOf(symbol));
  const guard = GUARDS[protection];
  return (
    <tr title={position.entryThesis ?? undefined}>
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
      <td className="numeric number">{stopPrice === null ? NOTHING : price(stopPrice)}</td>
      <td>
        <Badge
          tone={guard.tone}
          title={guard.title}
          {...(guard.tone === 'plain' ? {} : { icon: 'warning' as const })}
        >
          {guard.name}
        </Badge>
      </td>
    </tr>
  );
});
