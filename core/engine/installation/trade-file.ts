import { accountFaults, DecimalTextSchema, type MarketTerms } from '../../contract/index.ts';
import {
  absolute,
  asBase,
  assetAmount,
  baseAmount,
  type Fee,
  type ImportedFill,
  negate,
  notional,
  type Price,
  price,
  quoteAmount,
  TIMEFRAME_MS,
  text,
  tradeId,
  type UtcMs,
} from '../../domain/index.ts';
import { csvLine } from './csv-line.ts';
import { isName, quotedField } from './quoted-field.ts';
import { splitPair } from './split-pair.ts';
import { lackingColumns, recogniseHead, type TradeColumn, type TradeLayout } from './trade-layouts.ts';
import { pairedLegs, type Row } from './trade-legs.ts';
import { withoutGroups } from './without-groups.ts';
import { writtenTime, writtenZone } from './written-time.ts';

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

export interface TradeFileContext {
  readonly now: UtcMs;
  /** In which some venues say by which clock it was written. */
  readonly name?: string;
  /** What one unit of a third currency was worth when a fee was taken in it, where the books know. */
  readonly worthOf?: (asset: string, quote: string, time: UtcMs) => string | null;
}

/** So many lines before the headings say whose account it is, and the like. */
const MOST_BEFORE_HEADINGS = 4;

/** Of the two lines of a trade either may be the one with its fee. */
const ALONE =
  'the other of its two lines is not in the file, by order, price and time: export all of that time together';

/** Reads a venue's export of trades: a line each, the columns by their names (`trade-layouts.ts`). Never throws. */
export function readTradeFile(content: string, context: TradeFileContext): TradeFile {
  const lines = content.replaceAll('\uFEFF', '').split(/\r\n|\n|\r/);
  const heads = lines.slice(0, MOST_BEFORE_HEADINGS + 1).map((line) => csvLine(line) ?? []);
  const headings = heads.findIndex((names) => recogniseHead(names) !== null);
  const names = heads[headings] ?? [];
  const head = recogniseHead(names);
  if (head === null) {
    const other = otherSign(lines[0] ?? '');
    if (other !== null) return { fills: [], faults: [`line 1: ${other}`] };
    const lacking = lackingColumns(heads[0] ?? []).join(', ');
    return { fills: [], faults: [`line 1: no column for ${lacking}: name them in the first line`] };
  }
  const { layout, places } = head;
  const rows: Row[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of lines.entries()) {
    if (index <= headings || line.trim() === '') continue;
    const row = rowOf(line, names.length, places, index);
    if (typeof row === 'string') faults.push({ index, says: row });
    else rows.push(row);
  }
  const zone = [names[places.get('time') ?? -1], ...lines.slice(0, headings), context.name]
    .map((each) => writtenZone(each ?? ''))
    .find((minutes) => minutes !== null);
  const reading: Reading = {
    ...context,
    layout,
    zoneMinutes: zone ?? 0,
    seen: { alike: new Map(), byId: new Map() },
  };
  const fills: ImportedFill[] = [];
  const trades = layout.hasLegs === true ? pairedLegs(rows) : { rows, alone: [] };
  for (const { index } of trades.alone) faults.push({ index, says: ALONE });
  for (const row of trades.rows) {
    const fill = fillOf(row, reading);
    if (typeof fill === 'string') faults.push({ index: row.index, says: fill });
    else fills.push(fill);
  }
  if (fills.length === 0 && faults.length === 0)
    faults.push({ index: headings + 1, says: 'there is no trade in the file' });
  faults.sort((one, other) => one.index - other.index);
  return {
    fills: oldestFirst(fills),
    faults: faults.map(({ index, says }) => `line ${index + 1}: ${says}`),
  };
}

/** What is said of a table whose fields another sign parts, as where the comma is in the figures; null: none does. */
function otherSign(line: string): string | null {
  const sign = [';', '\t'].find((each) => line.split(each).length > Math.max(4, line.split(',').length));
  if (sign === undefined) return null;
  return `its fields are parted by ${sign === ';' ? 'semicolons' : 'tabs'}: save it with commas between them, and points in the figures`;
}

interface Fault {
  readonly index: number;
  readonly says: string;
}

interface Reading extends TradeFileContext {
  readonly layout: TradeLayout;
  readonly zoneMinutes: number;
  readonly seen: Seen;
}

interface Seen {
  /** How many trades without a number are alike. */
  readonly alike: Map<string, number>;
  readonly byId: Map<string, { readonly line: number; readonly figures: string }>;
}

function rowOf(
  line: string,
  columns: number,
  places: ReadonlyMap<TradeColumn, number>,
  index: number,
): Row | string {
  const fields = csvLine(line);
  if (fields === null) return 'a quote is not closed';
  // As of an amount of 1,000 without quotes, by which all that follows is another column's.
  if (fields.slice(columns).some((field) => field.trim() !== ''))
    return `${fields.length} fields, and ${columns} columns in the first line: put what has a comma in quotes`;
  const of = (name: TradeColumn): string => {
    const field = fields[places.get(name) ?? -1]?.trim() ?? '';
    return field === '--' ? '' : field;
  };
  return { index, of };
}

/** The trade of a line, or what is wrong with it. */
function fillOf({ index, of }: Row, reading: Reading): ImportedFill | string {
  const { layout, now } = reading;
  const time = writtenTime(of('time'), {
    zoneMinutes: reading.zoneMinutes,
    hasShortYears: layout.hasShortYears === true,
  });
  if (time === null)
    return `${quotedField(of('time'))} is no time: give it as 2024-01-31T12:00:00Z or in milliseconds`;
  if (time < FIRST_TRADE || time > now + AHEAD_MS)
    return `${quotedField(of('time'))} is no time at which a trade was made`;
  const kind = of('kind').toLowerCase();
  if (layout.hasLegs === true && kind !== 'spot')
    return `${quotedField(of('kind'))} is no spot trade, whose amounts alone are told in coins here: take such lines out`;
  if (layout.market === 'spot' && (Number(withoutGroups(of('margin')) || 0) !== 0 || isOfMargin(of('misc'))))
    return 'it was traded on margin, which is no spot trade: take such lines out';
  const market = splitPair(
    { pair: of('symbol'), amount: of('amount'), worth: of('worth'), feeAsset: of('feeAsset') },
    layout,
  );
  if (typeof market === 'string') return market;
  const [uncounted] = accountFaults([market]);
  if (uncounted !== undefined) return uncounted.message;
  const { symbol } = market;
  const side = of('side').toLowerCase();
  if (side !== 'buy' && side !== 'sell') return `${quotedField(of('side'))} is neither buy nor sell`;
  const paid = positive(withoutUnit(of('price'), [market.quote]));
  if (paid === null) return `${quotedField(of('price'))} is no price above 0`;
  const size = positive(withoutUnit(of('amount'), [market.base]));
  if (size === null) return `${quotedField(of('amount'))} is no amount above 0`;
  const [at, amount] = [price(paid), baseAmount(size)];
  const fee = feeOf(of, { market, at, side, time }, reading);
  if (typeof fee === 'string') return fee;
  if (fee?.asset === market.base && fee.amount.gte(amount))
    return `the fee is all of the ${text(amount)} ${market.base}`;
  const figures = `${time}-${text(at)}-${text(amount)}`;
  const id = idOf(of('id'), `${symbol} ${side}`, figures, { index, seen: reading.seen });
  return typeof id === 'string'
    ? { symbol, tradeId: tradeId(id), side, price: at, amount, time, fee }
    : id.fault;
}

/** What closes a position that was borrowed for may have no margin of its own. */
function isOfMargin(misc: string): boolean {
  return /\bclosing\b/i.test(misc);
}

/** By what a trade is known, however often a file or another one tells of it. */
function idOf(
  given: string,
  of: string,
  figures: string,
  { index, seen }: { readonly index: number; readonly seen: Seen },
): string | { readonly fault: string } {
  if (given === '') {
    // Of a venue that numbers no trades those that are alike are told apart by their order.
    const count = (seen.alike.get(`${of} ${figures}`) ?? 0) + 1;
    seen.alike.set(`${of} ${figures}`, count);
    return `${figures}-${count}`;
  }
  if (!isName(given)) return { fault: `${quotedField(given)} is no number of a trade` };
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

interface Taken {
  readonly market: MarketTerms;
  readonly at: Price;
  readonly side: 'buy' | 'sell';
  readonly time: UtcMs;
}

function feeOf(of: Row['of'], { market, at, side, time }: Taken, reading: Reading): Fee | null | string {
  const { layout } = reading;
  if (of('fee') === '') return null;
  const [written, unit] = withUnit(of('fee'), [market.base, market.quote]);
  const parsed = DecimalTextSchema.safeParse(withoutGroups(written));
  if (!parsed.success) return `${quotedField(of('fee'))} is no fee`;
  const taken =
    layout.chargesAreNegative === true ? negate(quoteAmount(parsed.data)) : quoteAmount(parsed.data);
  if (absolute(taken).gte(BEYOND_ANY)) return `${quotedField(of('fee'))} is no fee`;
  const unsaid = layout.feeIn === 'received' && side === 'buy' ? market.base : market.quote;
  const given = unit ?? (of('feeAsset') === '' ? unsaid : of('feeAsset').toUpperCase());
  if (!isName(given)) return `${quotedField(given)} is no currency of a fee`;
  const asset = layout.names?.get(given) ?? given;
  const amount = assetAmount(text(taken));
  const worthOf = (price: Price): Fee => ({ asset, amount, quoteValue: notional(price, asBase(amount)) });
  if (asset === market.quote) return { asset, amount, quoteValue: taken };
  // Of nothing the worth is known without prices.
  if (asset === market.base || taken.isZero()) return worthOf(at);
  if (of('feeValue') !== '') {
    const value = DecimalTextSchema.safeParse(withoutGroups(of('feeValue')));
    if (!value.success) return `${quotedField(of('feeValue'))} is no worth of a fee`;
    // Which of the two it is, paid or given back, the fee says.
    const worth = absolute(quoteAmount(value.data));
    return { asset, amount, quoteValue: taken.isNegative() ? negate(worth) : worth };
  }
  const known = reading.worthOf?.(asset, market.quote, time) ?? null;
  if (known !== null) return worthOf(price(known));
  return `the fee is in ${asset}: say its worth in ${market.quote} in a column fee_in_quote, or have the prices of then (\`tradebot data download\` of ${asset}/${market.quote})`;
}

/** A figure and the unit behind it; null: it has none. */
function withUnit(figure: string, units: readonly string[]): readonly [figure: string, unit: string | null] {
  const written = figure.toUpperCase();
  // A coin's name may begin with a figure: of 0.51INCH only who knows the coin can tell.
  const known = units.find(
    (each) => written.endsWith(each) && /^-?[\d.,]+\s*$/.test(written.slice(0, -each.length)),
  );
  if (known !== undefined) return [figure.slice(0, -known.length).trim(), known];
  const [, number, unit] = /^(-?[\d.,]+)\s*([A-Z][A-Z0-9]*)$/.exec(written) ?? [];
  return number === undefined || unit === undefined ? [figure, null] : [number, unit];
}

function withoutUnit(figure: string, [unit = '']: readonly string[]): string {
  const [number, found] = withUnit(figure, [unit]);
  return found === unit ? number : figure;
}

function positive(given: string): string | null {
  const parsed = DecimalTextSchema.safeParse(withoutGroups(given));
  if (!parsed.success) return null;
  const amount = quoteAmount(parsed.data);
  return amount.gt(0) && amount.lt(BEYOND_ANY) ? parsed.data : null;
}
