import { type MarketTerms, parseSymbol } from '../../contract/index.ts';
import { quotedField } from './quoted-field.ts';
import type { TradeLayout } from './trade-layouts.ts';

export interface WrittenPair {
  /** As the file has it: `BTC/USDT`, `btc-usdt`, `BTCUSDT`, `XXBTZUSD`. */
  readonly pair: string;
  /** The amount and its worth, of which each may have its unit behind it: `0.10BTC`, `4000USDT`. */
  readonly amount: string;
  readonly worth: string;
  readonly feeAsset: string;
}

/** The market that a pair names, or in a line why that cannot be told. */
export function splitPair(written: WrittenPair, layout: TradeLayout): MarketTerms | string {
  const { pair } = written;
  const parted = pair.replace(/[-_]/, '/');
  // BTC-PERP and BTCUSDT_240628 are contracts, and no coin for a currency.
  if (/\/(?:\d+|PERP|SWAP|FUTURES?)$/i.test(parted)) return noSymbol(pair);
  if (parted.includes('/')) {
    const market = marketOf(layout.names === undefined ? parted : renamed(parted.split('/'), layout));
    return market ?? noSymbol(pair);
  }
  const found = bothNames({ ...written, pair: pair.toUpperCase() }, layout);
  if (found.length > 1) {
    const spellings = found.map((names) => renamed(names, layout)).join(' or ');
    return `“${pair}” may be ${spellings}: write which, with the slash`;
  }
  const [names] = found;
  const market = names === undefined ? undefined : marketOf(renamed(names, layout));
  if (market === undefined) return noSymbol(pair);
  if (layout.market === 'spot') return market;
  return marketOf(`${market.symbol}:${market.quote}`) ?? noSymbol(pair);
}

type Names = readonly [base: string, quote: string];

/** What a pair without a sign between may be: by the units of the line, else by what prices are counted in at the venue. */
function bothNames({ pair, amount, worth, feeAsset }: WrittenPair, layout: TradeLayout): readonly Names[] {
  const all = Array.from({ length: pair.length - 1 }, (_each, at): Names => {
    return [pair.slice(0, at + 1), pair.slice(at + 1)];
  });
  const byUnits = all.filter(([base, quote]) => isIn(amount, base) && isIn(worth, quote));
  if (byUnits.length > 0) return byUnits;
  const byQuote = withoutRests(
    all.filter(([base, quote]) => layout.quotes.includes(quote) && mayFollow(quote, base, layout)),
    layout,
  );
  if (byQuote.length < 2) return byQuote;
  const byFee = byQuote.filter((each) => each.includes(feeAsset.toUpperCase()));
  return byFee.length === 1 ? byFee : byQuote;
}

/** Whether a figure has that unit behind it. */
function isIn(figure: string, unit: string): boolean {
  const written = figure.toUpperCase();
  return written.endsWith(unit) && /^[\d.,]+\s*$/.test(written.slice(0, -unit.length));
}

/** A currency has its old name only behind a coin that has one: XTZEUR is tezos in euros. */
function mayFollow(quote: string, base: string, { names }: TradeLayout): boolean {
  return names === undefined || !isOld(quote, names) || isOld(base, names) || base === 'USDT';
}

/** Of XXBTZUSD nobody means a coin XXBTZ. */
function withoutRests(found: readonly Names[], { names }: TradeLayout): readonly Names[] {
  const old = found.find(([, quote]) => names !== undefined && isOld(quote, names));
  return old === undefined ? found : [old];
}

function isOld(name: string, names: ReadonlyMap<string, string>): boolean {
  return name.length === 4 && names.has(name);
}

function renamed(pair: readonly string[], { names }: TradeLayout): string {
  return pair.map((name) => names?.get(name.toUpperCase()) ?? name).join('/');
}

/** Some venues write a symbol small; capitals and others in it, as of kPEPE, are its own. */
function marketOf(given: string): MarketTerms | undefined {
  return parseSymbol(given) ?? parseSymbol(given.toUpperCase());
}

function noSymbol(pair: string): string {
  return `${quotedField(pair)} is no symbol such as BTC/USDT`;
}
