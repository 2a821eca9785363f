import { useState } from 'react';
import {
  FillPurposeSchema,
  TRADE_SOURCES,
  type TradeDimension,
  type TradeSource,
  type TradeTotal,
} from '../../../core/contract/index.ts';
import { fixed, money, moneyDecimals, NOTHING, PURPOSE_WORDS, percent } from '../../format/index.ts';
import { type Column, Delta, Empty, Panel, Table } from '../../parts/index.ts';
import { type Days, periodOf } from '../period.ts';
import { useAnswer } from '../use-answer.ts';

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
// The keys are the table's own.
const NAMES = Object.keys(DIMENSIONS) as readonly Dimension[];

const SOURCES: Readonly<Record<TradeSource, string>> = {
  own: 'This program’s trades',
  imported: 'Imported trades',
  all: 'Both',
};

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

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
  const columns: readonly Column[] = [
    { title: DIMENSIONS[by] },
    { title: 'Trades', numeric: true },
    { title: 'Won', numeric: true },
    { title: 'Net P&L', numeric: true },
    { title: 'A trade', numeric: true },
    { title: 'Profit factor', numeric: true, wide: true },
    { title: 'Fees', numeric: true, wide: true },
    { title: 'Held', numeric: true, wide: true },
  ];
  return (
    <Panel
      title="Results by"
      className="breakdown"
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
    >
      <div className="tabs" role="tablist" aria-label="Results by">
        {NAMES.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            className="tab"
            aria-selected={name === by}
            onClick={() => setBy(name)}
          >
            {DIMENSIONS[name]}
          </button>
        ))}
      </div>
      {failure === null ? null : (
        <p className="fault" role="alert">
          {failure}
        </p>
      )}
      <Table label={`Results by ${DIMENSIONS[by]}`} columns={columns} testId="breakdown">
        {answer?.totals.map((total) => (
          <Row key={total.key} by={by} total={total} quote={answer.quote} spanMs={answer.spanMs} />
        ))}
      </Table>
      {answer?.totals.length === 0 ? <Empty title="No trade is finished in these days" /> : null}
    </Panel>
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
      <td className="strong">{nameOf(by, total.key)}</td>
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

function nameOf(by: Dimension, key: string): string {
  if (key === '') return by === 'all' ? 'All' : NOTHING;
  if (by === 'weekday') return WEEKDAYS[Number(key)] ?? key;
  if (by === 'hour') return `${key}:00`;
  if (by === 'side') return key === 'buy' ? 'Long' : 'Short';
  const purpose = by === 'exit' ? FillPurposeSchema.safeParse(key).data : undefined;
  return purpose === undefined ? key : PURPOSE_WORDS[purpose];
}
