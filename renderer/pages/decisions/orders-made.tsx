import type { DecisionView } from '../../../core/contract/index.ts';
import { amount, NOTHING, PURPOSE_WORDS, price, shortTime } from '../../format/index.ts';
import { StatusBadge } from '../../parts/index.ts';
import { useFills, useOrders } from '../../stores/index.ts';
import { SideWord } from '../orders/orders-table.tsx';
import { feesPaid } from './fees-paid.ts';

interface OrdersMadeProps {
  readonly decision: Pick<DecisionView, 'id' | 'orderIds'>;
}

/** The orders that a decision led to, and how they were filled. An entry that makes first has had several. */
export function OrdersMade({ decision }: OrdersMadeProps) {
  const orders = useOrders(({ content }) => content) ?? [];
  const fills = useFills(({ content }) => content) ?? [];
  const further = orders.filter(({ decisionId }) => decisionId === decision.id);
  const orderIds = [...new Set([...decision.orderIds, ...further.map(({ clientOrderId }) => clientOrderId)])];
  if (orderIds.length === 0) return <p className="soft">None were made.</p>;
  return (
    <ul className="orders-made">
      {orderIds.map((id) => {
        const order = orders.find(({ clientOrderId }) => clientOrderId === id);
        if (order === undefined) {
          return (
            <li key={id} className="code soft">
              {id} <span className="quiet">is older than the orders loaded here</span>
            </li>
          );
        }
        const fees = feesPaid(fills.filter(({ clientOrderId }) => clientOrderId === id));
        return (
          <li key={id} className="order-made">
            <StatusBadge status={order.status} />
            <span>
              <SideWord side={order.side} /> <span className="number">{amount(order.amount)}</span>{' '}
              {order.symbol}, {PURPOSE_WORDS[order.purpose].toLowerCase()}
            </span>
            <span className="number">
              {order.averagePrice === null
                ? NOTHING
                : `filled ${amount(order.filledAmount)} at ${price(order.averagePrice)}`}
            </span>
            {fees === null ? null : <span className="quiet number">{fees}</span>}
            <time className="number quiet">{shortTime(order.updatedAt)}</time>
            <span className="code quiet order-made-id">{id}</span>
          </li>
        );
      })}
    </ul>
  );
}
