import { useSymbol } from '../use-symbol.ts';
import { AccountCard } from './account-card.tsx';
import { AheadBadge } from './ahead-badge.tsx';
import { ChartPanel } from './chart-panel.tsx';
import { LatestDecisions } from './latest-decisions.tsx';
import { OpenOrders } from './open-orders.tsx';
import { OverlayPicker } from './overlay-picker.tsx';
import { PositionsPanel } from './positions-panel.tsx';
import { SymbolTabs } from './symbol-tabs.tsx';

/** The market, what is held, what is resting and what was decided, without scrolling. */
export function TradePage() {
  const { symbols, symbol } = useSymbol();
  return (
    <div className="trade-page">
      <div className="trade-head">
        <SymbolTabs symbols={symbols} current={symbol} />
        {symbol === undefined ? null : <AheadBadge symbol={symbol} />}
        <OverlayPicker />
      </div>
      {symbol === undefined ? null : <ChartPanel key={symbol} symbol={symbol} />}
      <aside className="trade-aside">
        <AccountCard />
        <LatestDecisions />
      </aside>
      <div className="trade-tables">
        <PositionsPanel />
        <OpenOrders />
      </div>
    </div>
  );
}
