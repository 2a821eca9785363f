import { useState } from 'react';
import type { FillView } from '../../../core/contract/index.ts';
import {
  amount,
  money,
  moneyDecimals,
  PURPOSE_WORDS,
  price,
  quoteOf,
  shortTime,
  UNTOLD,
} from '../../format/index.ts';
import { type Column, Empty, Table } from '../../parts/index.ts';
import { useFills, useOrders, useTrades } from '../../stores/index.ts';
import { TradesTable } from '../trades-table.tsx';
import { OrdersTable, SideWord } from './orders-table.tsx';

const TABS = ['Orders', 'Fills', 'Round trips'] as const;
type Tab = (typeof TABS)[number];

/** What was sent, what was filled, and what came of it. */
export function OrdersPage() {
  const [tab, setTab] = useState<Tab>('Orders');
  const orders = useOrders(({ content }) => content) ?? [];
  const fills = useFills(({ content }) => content) ?? [];
  const trades = useTrades(({ content }) => content) ?? [];
  const counts: Readonly<Record<Tab, number>> = {
    Orders: orders.length,
    Fills: fills.length,
    'Round trips': trades.length,
  };
  return (
    <div className="page orders-page">
      <div className="tabs" role="tablist" aria-label="Ledger">
        {TABS.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            className="tab"
            aria-selected={name === tab}
            onClick={() => setTab(name)}
          >
            {name} <span className="number quiet">{counts[name]}</span>
          </button>
        ))}
        <span className="tabs-note quiet">Times are the market's, UTC</span>
      </div>
      <div className="panel table-panel" role="tabpanel" aria-label={tab}>
        {tab === 'Orders' ? <OrdersTable orders={orders.toReversed()} /> : null}
        {tab === 'Fills' ? <FillsTable fills={fills.toReversed()} /> : null}
        {tab === 'Round trips' ? <TradesTable trades={trades.toReversed()} /> : null}
        {counts[tab] === 0 ? (
          <Empty title={`No ${tab.toLowerCase()} yet`}>
            The Decisions page says for each bar why nothing was traded.
          </Empty>
        ) : null}
      </div>
    </div>
  );
}

const FILL_COLUMNS: readonly Column[] = [
  { title: 'Time' },
  { title: 'Symbol' },
  { title: 'Side' },
  { title: 'For' },
  { title: 'Amount', numeric: true },
  { title: 'Price', numeric: true },
  { title: 'Worth', numeric: true },
  { title: 'Fee', numeric: true },
  { title: 'Venue trade id', wide: true },
];

function worth({ symbol, price: at, amount: coins }: FillView): string {
  return money(String(Number(at) * Number(coins)), moneyDecimals(quoteOf(symbol)));
}

function FeeCell({ fill: { fee, feeAsset } }: { readonly fill: FillView }) {
  if (fee === null) return <td className="numeric quiet">{UNTOLD}</td>;
  return (
    <td className="numeric number">
      {amount(fee)} <span className="quiet">{feeAsset}</span>
    </td>
  );
}

function FillsTable({ fills }: { readonly fills: readonly FillView[] }) {
  return (
    <Table label="Fills" columns={FILL_COLUMNS} testId="fills-table">
      {fills.map((fill) => (
        <tr key={`${fill.symbol} ${fill.side} ${fill.tradeId}`}>
          <td className="number soft">{shortTime(fill.time)}</td>
          <td className="strong">{fill.symbol}</td>
          <td>
            <SideWord side={fill.side} />
          </td>
          <td>{PURPOSE_WORDS[fill.purpose]}</td>
          <td className="numeric number">{amount(fill.amount)}</td>
          <td className="numeric number">{price(fill.price)}</td>
          <td className="numeric number">{worth(fill)}</td>
          <FeeCell fill={fill} />
          <td className="wide code quiet">{fill.tradeId}</td>
        </tr>
      ))}
    </Table>
  );
}
