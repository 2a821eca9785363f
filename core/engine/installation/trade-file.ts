import { accountFaults, DecimalTextSchema, type MarketTerms, parseSymbol } from '../../contract/index.ts';
import {
  assetAmount,
  baseAmount,
  type Fee,
  type ImportedFill,
  notional,
  price,
  quoteAmount,
  TIMEFRAME_MS,
  text,
  tradeId,
  type UtcMs,
} from '../../domain/index.ts';

/**
 * What a column may be called, in small letters and without what is no letter; the first of them that a file has. What was
 * traded comes before what was ordered, and before an "amount" that is the worth where there is a quantity as well.
 */
const COLUMNS = {
  time: ['time', 'timestamp', 'datetime', 'date', 'dateutc', 'timeutc', 'executedat'],
  symbol: ['symbol', 'pair', 'market'],
  side: ['side', 'direction', 'type'],
  price: ['executedprice', 'avgprice', 'price'],
  amount: ['executed', 'filled', 'quantity', 'qty', 'size', 'amount'],
  fee: ['fee', 'feeamount', 'feecost', 'commission'],
  feeAsset: ['feeasset', 'feecoin', 'feecurrency', 'commissionasset'],
  feeValue: ['feeinquote', 'feevalue'],
  id: ['tradeid', 'id', 'tradenumber', 'txid'],
} as const;
type ColumnName = keyof typeof COLUMNS;
const NEEDED: readonly ColumnName[] = ['time', 'symbol', 'side', 'price', 'amount'];

/** Before Bitcoin there was nothing to trade. */
const FIRST_TRADE = Date.UTC(2009, 0, 3);
/** No coin has so many units; of more digits sums would not be exact. */
const BEYOND_ANY = '1000000000000000000000';
/** By how much a venue's clock may be before ours. */
const AHEAD_MS = TIMEFRAME_MS['1d'];

export interface TradeFile {
  /** In the order in which they were made: an export of whole seconds tells that by its lines alone. */
  readonly fills: readonly ImportedFill[];
  /** What is wrong, a line each with its number in the file; empty: nothing. */
  readonly faults: readonly string[];
}

/** Reads a venue's export of trades: a line each, the columns by their names. Never throws. */
export function readTradeFile(content: string, now: UtcMs): TradeFile {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const head = (fieldsOf(lines[0] ?? '') ?? []).map((name) => name.toLowerCase().replaceAll(/[^a-z]/g, ''));
  const places = new Map(
    (Object.keys(COLUMNS) as ColumnName[]).map((name) => [
      name,
      COLUMNS[name].map((each) => head.indexOf(each)).find((place) => place >= 0) ?? -1,
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
  const seen: Seen = { alike: new Map(), byId: new Map() };
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const fill = fillOfLine(line, head.length, places, { index, now, seen });
    if (typeof fill === 'string') faults.push(`line ${index + 1}: ${fill}`);
    else fills.push(fill);
  }
  if (fills.length === 0 && faults.length === 0) faults.push('line 2: there is no trade in the file');
  return { fills: oldestFirst(fills), faults };
}

interface Seen {
  /** How many trades without a number are alike. */
  readonly alike: Map<string, number>;
  readonly byId: Map<string, { readonly line: number; readonly figures: string }>;
}

interface LineContext {
  readonly index: number;
  readonly now: UtcMs;
  readonly seen: Seen;
}

function fillOfLine(
  line: string,
  columns: number,
  places: ReadonlyMap<ColumnName, number>,
  context: LineContext,
): ImportedFill | string {
  const fields = fieldsOf(line);
  if (fields === null) return 'a quote is not closed';
  // As of an amount of 1,000 without quotes, by which all that follows is another column's.
  if (fields.slice(columns).some((field) => field.trim() !== ''))
    return `${fields.length} fields, and ${columns} columns in the first line: put what has a comma in quotes`;
  return fillOf((name) => fields[places.get(name) ?? -1]?.trim() ?? '', context);
}

/** The trade of a line, or what is wrong with it. */
function fillOf(of: (name: ColumnName) => string, context: LineContext): ImportedFill | string {
  const time = timeOf(of('time'));
  if (time === null) return `“${of('time')}” is no time: give it as 2024-01-31T12:00:00Z or in milliseconds`;
  if (time < FIRST_TRADE || time > context.now + AHEAD_MS)
    return `“${of('time')}” is no time at which a trade was made`;
  const market = marketOf(of('symbol').replace(/[-_]/, '/'));
  if (market === undefined) return `“${of('symbol')}” is no symbol such as BTC/USDT`;
  const [uncounted] = accountFaults([market]);
  if (uncounted !== undefined) return uncounted.message;
  const { symbol } = market;
  const side = of('side').toLowerCase();
  if (side !== 'buy' && side !== 'sell') return `“${of('side')}” is neither buy nor sell`;
  const paid = positive(of('price'));
  if (paid === null) return `“${of('price')}” is no price above 0`;
  const size = positive(of('amount'));
  if (size === null) return `“${of('amount')}” is no amount above 0`;
  const [at, amount] = [price(paid), baseAmount(size)];
  const fee = feeOf(of, market, text(notional(at, baseAmount(1))));
  if (typeof fee === 'string') return fee;
  if (fee?.asset === market.base && fee.amount.gte(amount))
    return `the fee is all of the ${text(amount)} ${market.base}`;
  const id = idOf(of('id'), `${symbol} ${side}`, `${time}-${text(at)}-${text(amount)}`, context);
  return typeof id === 'string'
    ? { symbol, tradeId: tradeId(id), side, price: at, amount, time, fee }
    : id.fault;
}

/** By what a trade is known, however often a file or another one tells of it. */
function idOf(
  given: string,
  of: string,
  figures: string,
  { index, seen }: LineContext,
): string | { readonly fault: string } {
  if (given === '') {
    // Of a venue that numbers no trades those that are alike are told apart by their order.
    const count = (seen.alike.get(`${of} ${figures}`) ?? 0) + 1;
    seen.alike.set(`${of} ${figures}`, count);
    return `${figures}-${count}`;
  }
  const before = seen.byId.get(`${of} ${given}`);
  if (before === undefined) seen.byId.set(`${of} ${given}`, { line: index + 1, figures });
  else if (before.figures !== figures)
    return {
      fault: `trade ${given} is in line ${before.line} with other figures: is that the number of its order?`,
    };
  return given;
}

/** Venues tell the newest first, or the oldest; of what has the same time only that says what came before. */
function oldestFirst(fills: readonly ImportedFill[]): readonly ImportedFill[] {
  const isNewestFirst = (fills[0]?.time ?? 0) > (fills.at(-1)?.time ?? 0);
  return (isNewestFirst ? fills.toReversed() : [...fills]).sort((one, other) => one.time - other.time);
}

function feeOf(
  of: (name: ColumnName) => string,
  market: { readonly base: string; readonly quote: string },
  at: string,
): Fee | null | string {
  if (of('fee') === '') return null;
  const taken = DecimalTextSchema.safeParse(withoutGroups(of('fee')));
  if (!taken.success) return `“${of('fee')}” is no fee`;
  const asset = of('feeAsset') === '' ? market.quote : of('feeAsset').toUpperCase();
  const amount = assetAmount(taken.data);
  if (asset === market.quote) return { asset, amount, quoteValue: quoteAmount(taken.data) };
  if (asset === market.base) {
    return { asset, amount, quoteValue: notional(price(at), baseAmount(taken.data)) };
  }
  const value = DecimalTextSchema.safeParse(withoutGroups(of('feeValue')));
  if (!value.success)
    return `the fee is in ${asset}: say its worth in ${market.quote} in a column fee_in_quote`;
  return { asset, amount, quoteValue: quoteAmount(value.data) };
}

function positive(given: string): string | null {
  const parsed = DecimalTextSchema.safeParse(withoutGroups(given));
  if (!parsed.success) return null;
  const amount = quoteAmount(parsed.data);
  return amount.gt(0) && amount.lt(BEYOND_ANY) ? parsed.data : null;
}

/** Some venues write a symbol small; capitals and others in it, as of kPEPE, are its own. */
function marketOf(given: string): MarketTerms | undefined {
  return parseSymbol(given) ?? parseSymbol(given.toUpperCase());
}

/** 1,234.5 without its commas. One that may be a decimal comma stays, and is no number: 0,5 is not 5. */
function withoutGroups(given: string): string {
  return /^-?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?$/.test(given) ? given.replaceAll(',', '') : given;
}

/** Milliseconds, seconds, or a date and time; without a zone it is UTC. */
function timeOf(given: string): number | null {
  if (/^\d{13}$/.test(given)) return Number(given);
  if (/^\d{10}$/.test(given)) return Number(given) * 1_000;
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/.exec(given);
  // Of the 31st of February JavaScript makes the 2nd of March.
  if (parts === null || !isDay(parts[1] ?? '')) return null;
  const time = Date.parse(`${parts[1]}T${parts[2]}${parts[3] ?? 'Z'}`);
  return Number.isNaN(time) ? null : time;
}

function isDay(day: string): boolean {
  const time = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

/** The fields of a line, quoted ones without their quotes (RFC 4180, without line ends within); null: a quote stays open. */
function fieldsOf(line: string): readonly string[] | null {
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
  return quoted ? null : [...fields, field];
}
