import Sqlite from 'better-sqlite3';
import { type Books, countFuturesTrade, countSpotTrade, Flows } from './books.ts';

interface FillRow {
  readonly trade_id: string;
  readonly purpose: string;
  readonly symbol: string;
  readonly side: string;
  readonly price: string;
  readonly amount: string;
  readonly fee_asset: string | null;
  readonly fee_amount: string | null;
}

interface OrderRow {
  readonly client_order_id: string;
  readonly status: string;
  readonly filled_amount: string;
}

interface EventRow {
  readonly kind: string;
  readonly asset: string;
  readonly amount: string;
}

/** BTC/USDT and BTC/USDT:USDT are BTCUSDT at the venue. */
const idOf = (symbol: string): string => symbol.replace(/:.*$/, '').replace('/', '');

/** The books as they are on disk, whatever a running program shows of them. */
export function ledgerOf(file: string): Books {
  const database = new Sqlite(file, { readonly: true });
  try {
    // The columns are those of the migrations.
    const fills = database.prepare('SELECT * FROM fills ORDER BY sequence').all() as FillRow[];
    const orders = database.prepare('SELECT * FROM orders').all() as OrderRow[];
    const events = database
      .prepare("SELECT * FROM account_events WHERE kind <> 'opening' ORDER BY sequence")
      .all() as EventRow[];
    return {
      trades: fills.map((fill) => ({
        id: `${idOf(fill.symbol)} ${fill.side} ${fill.trade_id}`,
        words: [fill.side, fill.amount, 'at', fill.price, 'fee', fill.fee_amount, fill.fee_asset].join(' '),
      })),
      orders: orders.map(({ client_order_id: clientId, status, filled_amount: filled }) => ({
        ...{ clientId, status, filled },
      })),
      flows: flowsOf(fills, events),
      funding: events.filter(({ kind }) => kind === 'funding').map(({ amount }) => amount),
    };
  } finally {
    database.close();
  }
}

function flowsOf(fills: readonly FillRow[], events: readonly EventRow[]): Books['flows'] {
  const flows = new Flows();
  for (const { purpose, symbol, side, price, amount, fee_asset, fee_amount } of fills) {
    const [pair = '', settle] = symbol.split(':');
    const [base = '', quote = ''] = pair.split('/');
    const numbers = { side, price, amount, fee: fee_amount ?? '0', feeAsset: fee_asset ?? quote };
    if (settle !== undefined) countFuturesTrade(flows, idOf(symbol), numbers);
    // Coins that another hand traded are the trader's own.
    else if (purpose !== 'external') countSpotTrade(flows, { base, quote, ...numbers });
  }
  for (const { asset, amount } of events) flows.count(asset, amount);
  return flows.totals;
}
