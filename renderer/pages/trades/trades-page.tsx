import { memo, useMemo, useState } from 'react';
import { type FillPurpose, FillPurposeSchema, type TradeRecord } from '../../../core/contract/index.ts';
import {
  amount,
  dateTime,
  duration,
  money,
  moneyDecimals,
  NOTHING,
  PURPOSE_WORDS,
  percent,
  price,
  quoteOf,
} from '../../format/index.ts';
import { Badge, type Column, Delta, Empty, PercentDelta, Table } from '../../parts/index.ts';
import { usePortfolio } from '../../stores/index.ts';
import { DecisionLink } from '../decision-link.tsx';
import { excursionText } from '../excursion-text.ts';
import { useAnswer } from '../use-answer.ts';
import { ExportTrades } from './export-trades.tsx';
import { NotesDialog } from './notes-dialog.tsx';
import { TradeFilters, type TradeOrder } from './trade-filters.tsx';
import {
  ANY_TRADE,
  type GROUPS,
  grouped,
  questionOf,
  sorted,
  type TradeSum,
  totalsOf,
} from './trade-table.ts';

/** So many are shown; a table of more can be read by nobody. */
const SHOWN = 2_000;

const COLUMNS: readonly Column[] = [
  { title: 'Closed' },
  { title: 'Symbol' },
  { title: 'Direction' },
  { title: 'Quantity', numeric: true },
  { title: 'Entry', numeric: true },
  { title: 'Exit', numeric: true },
  { title: 'Held', numeric: true, wide: true },
  { title: 'Closed by' },
  { title: 'Strategy', wide: true },
  { title: 'Regime', wide: true },
  { title: 'Against', numeric: true, wide: true },
  { title: 'In favour', numeric: true, wide: true },
  { title: 'Fees', numeric: true, wide: true },
  { title: 'Net P&L', numeric: true },
  { title: 'Return', numeric: true },
  { title: 'Decision' },
  { title: 'Notes' },
];

/** Every finished round trip of the history: looked for, sorted, grouped and added up. */
export function TradesPage() {
  const [search, setSearch] = useState(ANY_TRADE);
  const [order, setOrder] = useState<TradeOrder>({ sort: 'closed', ascending: false, grouping: 'none' });
  const [edited, setEdited] = useState<TradeRecord | null>(null);
  const [edits, setEdits] = useState(0);
  const count = usePortfolio(({ content }) => content?.trades);
  const { answer, failure } = useAnswer(
    'trades.find',
    { ...questionOf(search), limit: SHOWN },
    undefined,
    `${count} ${edits}`,
  );
  const trades = answer ?? [];
  const groups = useMemo(
    () => grouped(sorted(answer ?? [], order.sort, order.ascending), order.grouping),
    [answer, order],
  );
  return (
    <div className="page trades-page">
      <TradeFilters
        search={search}
        onSearch={setSearch}
        order={order}
        onOrder={setOrder}
        occasion={String(edits)}
      />
      <div className="trade-totals" data-testid="trade-totals">
        {totalsOf(trades).map((total) => (
          <Sums key={total.quote} total={total} />
        ))}
        {trades.length === SHOWN ? (
          <span className="quiet">the {SHOWN} that ended last; the CSV has all</span>
        ) : null}
        <ExportTrades search={search} />
      </div>
      {failure === null ? null : (
        <p className="fault" role="alert">
          {failure}
        </p>
      )}
      <div className="panel table-panel">
        <Table label="Trades" columns={COLUMNS} testId="trade-history">
          {groups.flatMap(({ key, trades: members, totals }) => [
            order.grouping === 'none' ? null : (
              <GroupRow key={`group ${key}`} name={nameOf(order.grouping, key)} totals={totals} />
            ),
            ...members.map((trade) => (
              <TradeRow key={`${trade.openedAt} ${trade.id}`} trade={trade} onEdit={setEdited} />
            )),
          ])}
        </Table>
        {answer !== null && trades.length === 0 ? (
          search === ANY_TRADE ? (
            <Empty title="No trade is finished yet">A round trip ends when a position is flat again.</Empty>
          ) : (
            <Empty title="No trade matches">Take a filter away, or choose other dates.</Empty>
          )
        ) : null}
      </div>
      {edited === null ? null : (
        <NotesDialog
          trade={edited}
          onSaved={() => setEdits((before) => before + 1)}
          onClose={() => setEdited(null)}
        />
      )}
    </div>
  );
}

function nameOf(grouping: keyof typeof GROUPS, key: string): string {
  if (key === '') return NOTHING;
  return grouping === 'exit' ? exitWord(key) : key;
}

function exitWord(reason: string): string {
  const known = FillPurposeSchema.safeParse(reason);
  return known.success ? PURPOSE_WORDS[known.data satisfies FillPurpose] : reason;
}

function Sums({ total: { quote, trades, wins, netPnl, fees } }: { readonly total: TradeSum }) {
  const decimals = moneyDecimals(quote);
  return (
    <span className="trade-sums">
      <span className="number">{trades}</span> {trades === 1 ? 'trade' : 'trades'},{' '}
      <span className="number">{percent((100 * wins) / trades, 0)}</span> won, net{' '}
      <Delta amount={netPnl} decimals={decimals} /> {quote}, fees{' '}
      <span className="number">{money(fees, decimals)}</span>
    </span>
  );
}

function GroupRow({ name, totals }: { readonly name: string; readonly totals: readonly TradeSum[] }) {
  return (
    <tr className="group-row">
      <th scope="rowgroup" colSpan={COLUMNS.length}>
        {name}{' '}
        {totals.map((total) => (
          <Sums key={total.quote} total={total} />
        ))}
      </th>
    </tr>
  );
}

interface TradeRowProps {
  readonly trade: TradeRecord;
  readonly onEdit: (trade: TradeRecord) => void;
}

const TradeRow = memo(function TradeRow({ trade, onEdit }: TradeRowProps) {
  const decimals = moneyDecimals(quoteOf(trade.symbol));
  const against = excursionText(trade.excursion, 'adverse');
  const inFavour = excursionText(trade.excursion, 'favourable');
  return (
    <tr>
      <td className="number soft">{dateTime(trade.closedAt)}</td>
      <td className="strong">{trade.symbol}</td>
      <td className={trade.side === 'buy' ? 'up' : 'down'}>{trade.side === 'buy' ? 'Long' : 'Short'}</td>
      <td className="numeric number">{amount(trade.quantity)}</td>
      <td className="numeric number">{price(trade.entryPrice)}</td>
      <td className="numeric number">{price(trade.exitPrice)}</td>
      <td className="numeric number wide">{duration(trade.closedAt - trade.openedAt)}</td>
      <td>{exitWord(trade.exitReason)}</td>
      <td className="wide">{trade.strategy ?? NOTHING}</td>
      <td className="wide">{trade.regime ?? NOTHING}</td>
      <td className="numeric number wide" title={against.title}>
        {against.text}
      </td>
      <td className="numeric number wide" title={inFavour.title}>
        {inFavour.text}
      </td>
      <td className="numeric number wide">{money(trade.fees, decimals)}</td>
      <td className="numeric">
        <Delta amount={trade.netPnl} decimals={decimals} />
      </td>
      <td className="numeric">
        <PercentDelta pct={trade.returnPct} />
      </td>
      <td>
        <DecisionLink decisionId={trade.decisionId} />
      </td>
      <td className="trade-notes">
        {trade.source === '' ? null : (
          <Badge title="Imported; in no equity, cash or limit of the account">{trade.source}</Badge>
        )}
        {trade.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {trade.source === '' ? (
          <button
            type="button"
            className="button button-small"
            title={trade.note === '' ? 'Write a note or tags' : trade.note}
            aria-label={`Notes on the trade in ${trade.symbol} closed ${dateTime(trade.closedAt)}`}
            data-testid="trade-note"
            onClick={() => onEdit(trade)}
          >
            {trade.note === '' ? 'Note' : `${trade.note.slice(0, 24)}${trade.note.length > 24 ? '…' : ''}`}
          </button>
        ) : null}
      </td>
    </tr>
  );
});
