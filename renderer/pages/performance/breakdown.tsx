import { useState } from 'react';
import {
  TRADE_SOURCES,
  type TradeDimension,
  type TradeSource,
  type TradeTotal,
} from '../../../core/contract/index.ts';
import { fixed, money, moneyDecimals, NOTHING, percent } from '../../format/index.ts';
import { type Column, Delta, Empty } from '../../parts/index.ts';
import { type Days, periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';
import { groupName, TableBy } from './table-by.tsx';

const DIMENSIONS = {
  all: 'All trades',
  symbol: 'Symbol',
  regime: 'Regime',
  hour: 'Hour of opening',
  weekday: 'Weekday of opening',
  exit: 'Exit',
  strategy: 'Strategy',
  voter: 'Voter',
  side: 'Side',
  month: 'Month',
} as const satisfies Partial<Record<TradeDimension, string>>;
type Dimension = keyof typeof DIMENSIONS;

const COLUMNS: readonly Column[] = [
  { title: 'Trades', numeric: true },
  { title: 'Won', numeric: true },
  { title: 'Net P&L', numeric: true },
  { title: 'A trade', numeric: true },
  { title: 'Profit factor', numeric: true, wide: true },
  { title: 'Fees', numeric: true, wide: true },
  { title: 'Held', numeric: true, wide: true },
];

const SOURCES: Readonly<Record<TradeSource, string>> = {
  own: 'This program’s trades',
  imported: 'Imported trades',
  all: 'Both',
};

/** What the trades came to, by what they were. */
export function Breakdown({ days, occasion }: { readonly days: Days; readonly occasion: string }) {
  const [by, setBy] = useState<Dimension>('symbol');
  const [source, setSource] = useState<TradeSource>('own');
  const { answer, failure } = useAnswer(
    'trades.totals',
    { by, source, ...periodOf(days) },
    undefined,
    occasion,
  );
  const streaks = useAnswer('trades.streaks', periodOf(days), undefined, occasion).answer;
  return (
    <TableBy
      title="Results by"
      name="breakdown"
      what="Results"
      dimensions={DIMENSIONS}
      by={by}
      onBy={setBy}
      aside={
        <>
          {streaks === null || source !== 'own' ? null : (
            <span className="quiet">
              Longest streaks: {streaks.longestWin} won, {streaks.longestLoss} not
            </span>
          )}
          {source === 'own' ? null : (
            <span className="quiet">Imported trades are in this table alone, never in equity or limits</span>
          )}
          <select
            className="input"
            aria-label="Trades of"
            value={source}
            onChange={({ target }) => setSource(TRADE_SOURCES[target.selectedIndex] ?? 'own')}
          >
            {TRADE_SOURCES.map((each) => (
              <option key={each} value={each}>
                {SOURCES[each]}
              </option>
            ))}
          </select>
        </>
      }
      failure={failure}
      columns={COLUMNS}
      empty={answer?.totals.length === 0 ? <Empty title="No trade is finished in these days" /> : null}
    >
      {answer?.totals.map((total) => (
        <Row key={total.key} by={by} total={total} quote={answer.quote} spanMs={answer.spanMs} />
      ))}
    </TableBy>
  );
}

interface RowProps {
  readonly by: Dimension;
  readonly total: TradeTotal;
  readonly quote: string;
  readonly spanMs: number;
}

function Row({ by, total, quote, spanMs }: RowProps) {
  const { trades, wins, netPnl, made, lost, fees, heldMs } = total;
  const decimals = moneyDecimals(quote);
  return (
    <tr>
      <td className="strong">{groupName(by, total.key)}</td>
      <td className="numeric number">{trades}</td>
      <td className="numeric number">{percent((100 * wins) / trades, 0)}</td>
      <td className="numeric">
        <Delta amount={netPnl} decimals={decimals} />
      </td>
      <td className="numeric">
        <Delta amount={String(Number(netPnl) / trades)} decimals={decimals} />
      </td>
      <td className="numeric number wide">
        {Number(lost) > 0 ? fixed(Number(made) / Number(lost), 2) : NOTHING}
      </td>
      <td className="numeric number wide">{money(fees, decimals)}</td>
      <td className="numeric number wide">{spanMs > 0 ? percent((100 * heldMs) / spanMs, 1) : NOTHING}</td>
    </tr>
  );
}
