import { memo } from 'react';
import type { TradeView } from '../../core/contract/index.ts';
import {
  amount,
  duration,
  money,
  moneyDecimals,
  PURPOSE_WORDS,
  price,
  quoteOf,
  shortTime,
} from '../format/index.ts';
import { type Column, Delta, PercentDelta, Table } from '../parts/index.ts';
import { entryCostNote, entryCostText } from './entry-cost.ts';

const COLUMNS: readonly Column[] = [
  { title: 'Closed' },
  { title: 'Symbol' },
  { title: 'Direction' },
  { title: 'Quantity', numeric: true },
  { title: 'Entry', numeric: true },
  { title: 'Exit', numeric: true },
  { title: 'Held', numeric: true, wide: true },
  { title: 'Closed by' },
  { title: 'Gross', numeric: true, wide: true },
  { title: 'Fees', numeric: true, wide: true },
  { title: 'Cost to get in', numeric: true, wide: true },
  { title: 'Net P&L', numeric: true },
  { title: 'Return', numeric: true },
];

/** Round trips, in the order given. */
export function TradesTable({ trades }: { readonly trades: readonly TradeView[] }) {
  return (
    <Table label="Round trips" columns={COLUMNS} testId="trades-table">
      {trades.map((trade) => (
        <TradeRow key={`${trade.symbol} ${trade.id}`} trade={trade} />
      ))}
    </Table>
  );
}

const TradeRow = memo(function TradeRow({ trade }: { readonly trade: TradeView }) {
  const long = trade.direction === 'long';
  const decimals = moneyDecimals(quoteOf(trade.symbol));
  return (
    <tr>
      <td className="number soft">{shortTime(trade.closedAt)}</td>
      <td className="strong">{trade.symbol}</td>
      <td className={long ? 'up' : 'down'}>{long ? 'Long' : 'Short'}</td>
      <td className="numeric number">{amount(trade.quantity)}</td>
      <td className="numeric number">{price(trade.entryPrice)}</td>
      <td className="numeric number">{price(trade.exitPrice)}</td>
      <td className="numeric number wide">{duration(trade.closedAt - trade.openedAt)}</td>
      <td>{PURPOSE_WORDS[trade.exitPurpose]}</td>
      <td className="numeric wide">
        <Delta amount={trade.grossPnl} decimals={decimals} />
      </td>
      <td className="numeric number wide">{money(trade.fees, decimals)}</td>
      <td
        className="numeric number wide"
        title={trade.entryCost === null ? undefined : entryCostNote(trade.entryCost)}
      >
        {entryCostText(trade.entryCost)}
      </td>
      <td className="numeric">
        <Delta amount={trade.netPnl} decimals={decimals} />
      </td>
      <td className="numeric">
        <PercentDelta pct={trade.returnPct} />
      </td>
    </tr>
  );
});
