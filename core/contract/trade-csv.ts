import { parseSymbol } from './symbol.ts';
import type { TradeRecord } from './trade-queries.ts';

/** A table of round trips for other programs: a line each, amounts as exact text, times in UTC. */
const COLUMNS: Readonly<Record<string, (trade: TradeRecord) => string | number | null>> = {
  opened_at: ({ openedAt }) => new Date(openedAt).toISOString(),
  closed_at: ({ closedAt }) => new Date(closedAt).toISOString(),
  symbol: ({ symbol }) => symbol,
  base_asset: ({ symbol }) => parseSymbol(symbol)?.base ?? null,
  quote_asset: ({ symbol }) => parseSymbol(symbol)?.quote ?? null,
  side: ({ side }) => side,
  order_type: ({ orderType }) => orderType,
  quantity: ({ quantity }) => quantity,
  entry_price: ({ entryPrice }) => entryPrice,
  exit_price: ({ exitPrice }) => exitPrice,
  net_pnl: ({ netPnl }) => netPnl,
  // Whatever they were paid in, at its worth when it was paid.
  fees_in_quote: ({ fees }) => fees,
  return_pct: ({ returnPct }) => returnPct,
  won: ({ won }) => String(won),
  exit_reason: ({ exitReason }) => exitReason,
  strategy: ({ strategy }) => strategy,
  market_regime: ({ regime }) => regime,
  decision_id: ({ decisionId }) => decisionId,
  trade_id: ({ id }) => id,
  adverse_pct: ({ excursion }) => excursion?.adversePct ?? null,
  favourable_pct: ({ excursion }) => excursion?.favourablePct ?? null,
  adverse_r: ({ excursion }) => excursion?.adverseR ?? null,
  favourable_r: ({ excursion }) => excursion?.favourableR ?? null,
  tags: ({ tags }) => tags.join('; '),
  note: ({ note }) => note,
  source: ({ source }) => source,
};

export const TRADE_CSV_HEAD = Object.keys(COLUMNS).join(',');

export function tradeCsvLine(trade: TradeRecord): string {
  return Object.values(COLUMNS)
    .map((column) => field(column(trade)))
    .join(',');
}

/** Quoted where it must be (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function field(value: string | number | null): string {
  if (value === null) return '';
  const isText = typeof value === 'string' && Number.isNaN(Number(value));
  const text = isText && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
