import { memo } from 'react';
import { price } from '../../format/index.ts';
import { Icon } from '../../parts/index.ts';
import { useCandles, useDecisions, useNavigation, usePositions, useStatus } from '../../stores/index.ts';

interface SymbolTabsProps {
  readonly symbols: readonly string[];
  readonly current: string | undefined;
}

export function SymbolTabs({ symbols, current }: SymbolTabsProps) {
  return (
    <div className="symbol-tabs" role="tablist" aria-label="Symbols">
      {symbols.map((symbol) => (
        <SymbolTab key={symbol} symbol={symbol} selected={symbol === current} />
      ))}
      <span className="symbol-hint quiet">
        <kbd>[</kbd> <kbd>]</kbd>
      </span>
    </div>
  );
}

const SymbolTab = memo(function SymbolTab({
  symbol,
  selected,
}: {
  readonly symbol: string;
  readonly selected: boolean;
}) {
  const choose = useNavigation((navigation) => navigation.chooseSymbol);
  const last = useLastPrice(symbol, selected);
  const quantity = usePositions(({ content }) => content?.find((each) => each.symbol === symbol)?.quantity);
  const trouble = useStatus(
    ({ content }) => content?.markets.find((each) => each.symbol === symbol)?.message,
  );
  const held = quantity === undefined ? null : Number(quantity) > 0 ? 'Long' : 'Short';
  return (
    <button
      type="button"
      role="tab"
      aria-selected={selected}
      aria-controls="chart-panel"
      className="symbol-tab"
      title={trouble === '' ? undefined : trouble}
      onClick={() => choose(symbol)}
    >
      <span className="symbol-name">{symbol}</span>
      {trouble === undefined || trouble === '' ? null : (
        <span className="symbol-trouble">
          <Icon name="warning" size={12} label={trouble} />
        </span>
      )}
      {last === undefined ? null : <span className="number">{price(last)}</span>}
      {held === null ? null : (
        <span className={`symbol-held ${held === 'Long' ? 'up' : 'down'}`}>{held}</span>
      )}
    </button>
  );
});

/**
 * The latest price known. Candles are followed for the chosen symbol only: of the others what was followed once is old,
 * and the position's mark, or the close that was last decided on, is newer.
 */
function useLastPrice(symbol: string, followed: boolean): number | undefined {
  const candle = useCandles(({ bySymbol }) => bySymbol[symbol]?.candles.at(-1)?.close);
  const mark = usePositions(({ content }) => content?.find((each) => each.symbol === symbol)?.markPrice);
  const decided = useDecisions(({ content }) => content?.findLast((each) => each.symbol === symbol)?.close);
  if (followed && candle !== undefined) return candle;
  return mark === undefined ? (decided ?? candle) : Number(mark);
}
