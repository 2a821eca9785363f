import { DecimalTextSchema, parseSymbol } from '../../contract/index.ts';
import {
  assetAmount,
  baseAmount,
  type Fee,
  type ImportedFill,
  notional,
  price,
  quoteAmount,
  text,
  tradeId,
} from '../../domain/index.ts';

/** What a column may be called, in small letters and without what is no letter. */
const COLUMNS = {
  time: ['time', 'timestamp', 'datetime', 'date', 'dateutc', 'timeutc', 'executedat'],
  symbol: ['symbol', 'pair', 'market'],
  side: ['side', 'type', 'direction'],
  price: ['price', 'avgprice', 'executedprice'],
  amount: ['amount', 'quantity', 'qty', 'executed', 'size', 'filled'],
  fee: ['fee', 'feeamount', 'feecost', 'commission'],
  feeAsset: ['feeasset', 'feecoin', 'feecurrency', 'commissionasset'],
  feeValue: ['feeinquote', 'feevalue'],
  id: ['tradeid', 'id', 'tradenumber', 'txid'],
} as const;
type ColumnName = keyof typeof COLUMNS;
const NEEDED: readonly ColumnName[] = ['time', 'symbol', 'side', 'price', 'amount'];

export interface TradeFile {
  readonly fills: readonly ImportedFill[];
  /** What is wrong, a line each with its number in the file; empty: nothing. */
  readonly faults: readonly string[];
}

/** Reads a venue's export of trades: a line each, the columns by their names. Never throws. */
export function readTradeFile(content: string): TradeFile {
  const lines = content.replace(/^\uFEFF/, '').split(/\r?\n/);
  const head = fieldsOf(lines[0] ?? '').map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const places = new Map(
    (Object.keys(COLUMNS) as ColumnName[]).map((name) => [
      name,
      head.findIndex((each) => (COLUMNS[name] as readonly string[]).includes(each)),
    ]),
  );
  const missing = NEEDED.filter((name) => (places.get(name) ?? -1) < 0);
  if (missing.length > 0) {
    return {
      fills: [],
      faults: [`line 1: no column for ${missing.join(', ')}: name them in the first line`],
    };
  }
  const fills: ImportedFill[] = [];
  const faults: string[] = [];
  const seen = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const fields = fieldsOf(line);
    const of = (name: ColumnName): string => fields[places.get(name) ?? -1]?.trim() ?? '';
    const fill = fillOf(of, seen);
    if (typeof fill === 'string') faults.push(`line ${index + 1}: ${fill}`);
    else fills.push(fill);
  }
  if (fills.length === 0 && faults.length === 0) faults.push('line 2: there is no trade in the file');
  return { fills, faults };
}

/** The trade of a line, or what is wrong with it. */
function fillOf(of: (name: ColumnName) => string, seen: Map<string, number>): ImportedFill | string {
  const time = timeOf(of('time'));
  if (time === null) return `“${of('time')}” is no time: give it as 2024-01-31T12:00:00Z or in milliseconds`;
  const symbol = of('symbol').toUpperCase().replace(/[-_]/, '/');
  const market = parseSymbol(symbol);
  if (market === undefined) return `“${of('symbol')}” is no symbol such as BTC/USDT`;
  const side = of('side').toLowerCase();
  if (side !== 'buy' && side !== 'sell') return `“${of('side')}” is neither buy nor sell`;
  const paid = positive(of('price'));
  if (paid === null) return `“${of('price')}” is no price above 0`;
  const size = positive(of('amount'));
  if (size === null) return `“${of('amount')}” is no amount above 0`;
  const [at, amount] = [price(paid), baseAmount(size)];
  const fee = feeOf(of, market, text(notional(at, baseAmount(1))));
  if (typeof fee === 'string') return fee;
  // Of a venue that numbers no trades those that are alike are told apart by their order.
  const alike = `${time} ${symbol} ${side} ${paid} ${size}`;
  const count = (seen.get(alike) ?? 0) + 1;
  seen.set(alike, count);
  const id = of('id') === '' ? `${time}-${paid}-${size}-${count}` : of('id');
  return { symbol, tradeId: tradeId(id), side, price: at, amount, time, fee };
}

function feeOf(
  of: (name: ColumnName) => string,
  market: { readonly base: string; readonly quote: string },
  at: string,
): Fee | null | string {
  if (of('fee') === '') return null;
  const taken = DecimalTextSchema.safeParse(of('fee').replaceAll(',', ''));
  if (!taken.success) return `“${of('fee')}” is no fee`;
  const asset = of('feeAsset') === '' ? market.quote : of('feeAsset').toUpperCase();
  const amount = assetAmount(taken.data);
  if (asset === market.quote) return { asset, amount, quoteValue: quoteAmount(taken.data) };
  if (asset === market.base) {
    return { asset, amount, quoteValue: notional(price(at), baseAmount(taken.data)) };
  }
  const value = DecimalTextSchema.safeParse(of('feeValue'));
  if (!value.success)
    return `the fee is in ${asset}: say its worth in ${market.quote} in a column fee_in_quote`;
  return { asset, amount, quoteValue: quoteAmount(value.data) };
}

function positive(given: string): string | null {
  const parsed = DecimalTextSchema.safeParse(given.replaceAll(',', ''));
  return parsed.success && quoteAmount(parsed.data).gt(0) ? parsed.data : null;
}

/** Milliseconds, seconds, or a date and time; without a zone it is UTC. */
function timeOf(given: string): number | null {
  if (/^\d{13}$/.test(given)) return Number(given);
  if (/^\d{10}$/.test(given)) return Number(given) * 1_000;
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(given);
  if (parts === null) return null;
  const time = Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? 'Z'}`);
  return Number.isNaN(time) ? null : time;
}

/** The fields of a line, quoted ones without their quotes (RFC 4180, without line ends within). */
function fieldsOf(line: string): readonly string[] {
  const fields: string[] = [];
  let [field, quoted] = ['', false];
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    if (quoted && character === '"' && line[index + 1] === '"') {
      field += '"';
      index += 1;
    } else if (character === '"') quoted = !quoted;
    else if (character === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += character;
  }
  return [...fields, field];
}
