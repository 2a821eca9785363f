import { z } from 'zod';

/** What a symbol says of its market. */
export interface MarketTerms {
  /**
   * ccxt's unified symbol: `BTC/USDT` spot, `BTC/USDT:USDT` linear perpetual, `BTC/USD:BTC` inverse perpetual,
   * `BTC/USDT:USDT-250328` a contract that expires.
   */
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  /** The asset in which margin, profit and loss are counted; of a spot market its quote currency. */
  readonly settle: string;
  /** `dated`: a future or an option. */
  readonly kind: 'spot' | 'perpetual' | 'dated';
  /** Whether profit is the amount times the change of the price, in quote currency. Of an inverse contract it is not. */
  readonly isLinear: boolean;
}

/**
 * Base currencies are named as venues name them: letters of any script and either case, signs, words with a space
 * between them. Currencies that money is counted in have plain names.
 */
const SYMBOL =
  /^(?=[^/]*[\p{L}\p{N}])([\p{L}\p{M}\p{N}._$'+*!@&#-]+(?: [\p{L}\p{M}\p{N}._$'+*!@&#-]+)*)\/([A-Z0-9]{1,20})(?::([A-Z0-9]{1,20})(-[A-Z0-9.-]+)?)?$/u;

/** No name is longer; what is stored by symbol counts on it. */
const LONGEST_SYMBOL = 64;

/** What a symbol says of its market; undefined when the text is not a symbol, exactly as written. */
export function parseSymbol(symbol: string): MarketTerms | undefined {
  if (symbol.length > LONGEST_SYMBOL) return undefined;
  const [, base, quote, settle, expiry] = SYMBOL.exec(symbol) ?? [];
  if (base === undefined || quote === undefined) return undefined;
  if (settle === undefined) return { symbol, base, quote, settle: quote, kind: 'spot', isLinear: true };
  const kind = expiry === undefined ? 'perpetual' : 'dated';
  return { symbol, base, quote, settle, kind, isLinear: settle === quote };
}

/** Why a text is not a symbol and what to write instead, or undefined when it is one. */
export function symbolFault(text: string): string | undefined {
  if (parseSymbol(text) !== undefined) return undefined;
  const usual = inUsualSpelling(text);
  if (parseSymbol(usual) !== undefined) return `use ${usual}`;
  return 'must look like BTC/USDT (spot) or BTC/USDT:USDT (perpetual)';
}

/** Capitals and no spaces around it, but for a base currency with capitals of its own, such as `kPEPE`. */
function inUsualSpelling(text: string): string {
  const [base = '', ...rest] = text.trim().split('/');
  const market = rest.map((part) => part.toUpperCase());
  return [/[A-Z]/.test(base) ? base : base.toUpperCase(), ...market].join('/');
}

/** Currencies of which one unit is worth much; of any other, a hundredth is told. */
const FINE_MONEY: ReadonlyMap<string, number> = new Map([
  ['BTC', 8],
  ['ETH', 6],
  ['BNB', 6],
]);

/** In how many decimals amounts of a currency are told to the trader. */
export function moneyDecimals(currency: string): number {
  return FINE_MONEY.get(currency) ?? 2;
}

export const SymbolSchema = z
  .string()
  .refine((text) => symbolFault(text) === undefined, { error: ({ input }) => symbolFault(String(input)) });

export interface MarketFault {
  readonly symbol: string;
  /** One line for the trader. */
  readonly message: string;
}

/**
 * Why these markets cannot be traded in one account: contracts whose profit is not counted here, and a second
 * quote currency, since amounts of two currencies cannot be added up. Empty when they can. Spot and linear
 * perpetuals of one quote currency go together.
 */
export function accountFaults(markets: readonly MarketTerms[]): readonly MarketFault[] {
  const faults: MarketFault[] = [];
  const told = new Set<string>();
  let account: MarketTerms | undefined;
  for (const market of markets) {
    const { symbol, quote } = market;
    const fault = marketFault(market);
    if (fault !== undefined) {
      faults.push({ symbol, message: fault });
      continue;
    }
    account ??= market;
    if (account.quote === quote || told.has(quote)) continue;
    told.add(quote);
    faults.push({ symbol, message: secondQuote(market, account) });
  }
  return faults;
}

function secondQuote(market: MarketTerms, account: MarketTerms): string {
  const both = `${market.symbol} is counted in ${market.quote} and ${account.symbol} in ${account.quote}`;
  return `${both}: an account has one quote currency, trade the other in a data directory of its own`;
}

function marketFault({ symbol, base, quote, settle, kind, isLinear }: MarketTerms): string | undefined {
  if (base === quote) return `${symbol} would trade ${base} for itself`;
  if (kind === 'dated') {
    return `${symbol} is a future or an option, which expires: choose a spot market or a perpetual such as BTC/USDT:USDT`;
  }
  if (isLinear) return undefined;
  const contract = settle === base ? 'is an inverse contract, margined' : 'is settled';
  return `${symbol} ${contract} in ${settle}, whose profit is not counted here: choose a spot market or a linear perpetual such as BTC/USDT:USDT`;
}
