import type { OrderStatus } from '../../../core/contract/index.ts';
import { Empty, Panel } from '../../parts/index.ts';
import { useOrders } from '../../stores/index.ts';
import { OpenOrdersTable } from '../orders/orders-table.tsx';

const UNFINISHED: ReadonlySet<OrderStatus> = new Set([
  'INTENT',
  'SENT',
  'OPEN',
  'PARTIALLY_FILLED',
  'UNKNOWN',
]);

export function OpenOrders() {
  const orders = useOrders(({ content }) => content);
  const open = (orders ?? []).filter(({ status }) => UNFINISHED.has(status)).toReversed();
  return (
    <Panel title="Open orders" count={open.length} className="orders-panel">
      <OpenOrdersTable orders={open} />
      {open.length === 0 ? (
        <Empty title="No order is open">Entries and their stops rest here until they fill.</Empty>
      ) : null}
    </Panel>
  );
}
