import { memo } from 'react';
import type { OrderView } from '../../../core/contract/index.ts';
import { amount, NOTHING, PURPOSE_WORDS, price, shortTime, TYPE_WORDS } from '../../format/index.ts';
import { type Column, cellClass, StatusBadge, Table } from '../../parts/index.ts';
import { DecisionLink } from '../decision-link.tsx';

interface OrdersProps {
  readonly orders: readonly OrderView[];
}

const OPEN_COLUMNS: readonly Column[] = [
  { title: 'Symbol' },
  { title: 'Side' },
  { title: 'For' },
  { title: 'Amount', numeric: true },
  { title: 'Price', numeric: true },
  { title: 'Status' },
];

export function OpenOrdersTable({ orders }: OrdersProps) {
  return (
    <Table label="Open orders" columns={OPEN_COLUMNS} testId="orders-table">
      {orders.map((order) => (
        <OpenOrderRow key={order.clientOrderId} order={order} />
      ))}
    </Table>
  );
}

const OpenOrderRow = memo(function OpenOrderRow({ order }: { readonly order: OrderView }) {
  return (
    <tr title={order.reason ?? undefined}>
      <td className="strong">{order.symbol}</td>
      <td>
        <SideWord side={order.side} />
      </td>
      <td>{PURPOSE_WORDS[order.purpose]}</td>
      <td className="numeric number">{amount(order.amount)}</td>
      <td className="numeric number">{orderPrice(order)}</td>
      <td>
        <StatusBadge status={order.status} />
      </td>
    </tr>
  );
});

const ALL_COLUMNS: readonly Column[] = [
  { title: 'Created' },
  { title: 'Symbol' },
  { title: 'Side' },
  { title: 'Type', wide: true },
  { title: 'For' },
  { title: 'Amount', numeric: true },
  { title: 'Filled', numeric: true },
  { title: 'Asked', numeric: true },
  { title: 'Average', numeric: true },
  { title: 'Status' },
  { title: 'Client order id', wide: true },
  { title: 'Decision' },
];

/** Orders in full, newest first as given. */
export function OrdersTable({ orders }: OrdersProps) {
  return (
    <Table label="Orders" columns={ALL_COLUMNS} testId="orders-table">
      {orders.map((order) => (
        <OrderRow key={order.clientOrderId} order={order} />
      ))}
    </Table>
  );
}

const OrderRow = memo(function OrderRow({ order }: { readonly order: OrderView }) {
  return (
    <tr title={order.reason ?? undefined}>
      <td className="number soft">{shortTime(order.createdAt)}</td>
      <td className="strong">{order.symbol}</td>
      <td>
        <SideWord side={order.side} />
      </td>
      <td className="wide">{TYPE_WORDS[order.type]}</td>
      <td>
        {PURPOSE_WORDS[order.purpose]}
        {order.reduceOnly ? <span className="quiet"> reduce-only</span> : null}
      </td>
      <td className="numeric number">{amount(order.amount)}</td>
      <td className="numeric number">{amount(order.filledAmount)}</td>
      <td className="numeric number">{orderPrice(order)}</td>
      <td className="numeric number">{order.averagePrice === null ? NOTHING : price(order.averagePrice)}</td>
      <td>
        <StatusBadge status={order.status} />
      </td>
      <td className={`${cellClass(false, true)} code quiet`}>{order.clientOrderId}</td>
      <td>
        <DecisionLink decisionId={order.decisionId} />
      </td>
    </tr>
  );
});

export function SideWord({ side }: { readonly side: OrderView['side'] }) {
  return <span className={side === 'buy' ? 'up' : 'down'}>{side === 'buy' ? 'Buy' : 'Sell'}</span>;
}

/** What the order asks for: its limit, else its trigger, else the market's price. */
function orderPrice({ limitPrice, stopPrice }: OrderView): string {
  const asked = limitPrice ?? stopPrice;
  return asked === null ? 'market' : price(asked);
}
