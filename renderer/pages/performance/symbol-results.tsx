import type { TradeView } from '../../../core/contract/index.ts';
import { money, moneyDecimals, quoteOf } from '../../format/index.ts';
import { Delta, Empty, Panel } from '../../parts/index.ts';
import { resultsBySymbol } from './results.ts';

/** Net P&L of each symbol, with a bar to compare them by. */
export function SymbolResults({ trades }: { readonly trades: readonly TradeView[] }) {
  const results = resultsBySymbol(trades);
  const largest = Math.max(...results.map(({ netPnl }) => Math.abs(netPnl)), Number.MIN_VALUE);
  return (
    <Panel title="P&L by symbol" className="symbol-results">
      {results.length === 0 ? <Empty title="No trade is finished yet" /> : null}
      <ul>
        {results.map(({ symbol, trades: count, wins, netPnl, fees }) => (
          <li key={symbol} className="symbol-result">
            <span className="strong">{symbol}</span>
            <Delta amount={String(netPnl)} decimals={moneyDecimals(quoteOf(symbol))} />
            <meter
              className={netPnl >= 0 ? 'meter-up' : 'meter-down'}
              min={0}
              max={largest}
              value={Math.abs(netPnl)}
              aria-label={`Size of the result of ${symbol}`}
            />
            <span className="symbol-result-note quiet">
              {wins} of {count} won, fees{' '}
              <span className="number">{money(String(fees), moneyDecimals(quoteOf(symbol)))}</span>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
