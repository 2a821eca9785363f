import { type CheckStep, moneyDecimals, type Timeframe } from '../../contract/index.ts';
import { type AccountSnapshot, type KeyRights, parseSymbol } from '../../domain/index.ts';
import { type Dialect, type HardenedCcxt, type PublicTerms, publicTerms } from '../../execution/index.ts';
import { MAX_CLOCK_OFFSET_MS } from '../../safety/index.ts';

/** What a look at a venue found, and what to do about it, in one line. */
export type Finding = Omit<CheckStep, 'step'>;

type Api = HardenedCcxt['api'];

export const good = (message: string): Finding => ({ state: 'good', message });
export const warning = (message: string): Finding => ({ state: 'warning', message });
export const failed = (message: string): Finding => ({ state: 'failed', message });
export const skipped = (message: string): Finding => ({ state: 'skipped', message });

/** @param offsetMs the venue's clock minus ours. */
export function clockFinding(offsetMs: number): Finding {
  const seconds = (Math.abs(offsetMs) / 1_000).toFixed(1);
  if (Math.abs(offsetMs) <= MAX_CLOCK_OFFSET_MS)
    return good(`This machine's clock agrees with the venue's (${seconds} s apart)`);
  const direction = offsetMs < 0 ? 'ahead of' : 'behind';
  return warning(
    `This machine's clock is ${seconds} s ${direction} the venue's: set it, or nothing is entered`,
  );
}

/** @param dialect of a venue that orders go to; null on paper, where any market will do. */
export function symbolsFinding(api: Api, symbols: readonly string[], dialect: Dialect | null): Finding {
  const foreign = symbols.find((symbol) => dialect !== null && parseSymbol(symbol)?.kind !== dialect.markets);
  if (dialect !== null && foreign !== undefined) {
    const kind =
      dialect.markets === 'spot' ? 'spot markets, such as BTC/USDT' : 'perpetuals, such as BTC/USDT:USDT';
    return failed(`${foreign} cannot be traded there by this program: ${api.name} is traded in ${kind}`);
  }
  const missing = symbols.filter((symbol) => publicTerms(api, symbol) === undefined);
  const [first] = missing;
  if (first !== undefined)
    return failed(`${missing.join(', ')} cannot be traded there: ${instead(api, first)}`);
  const closed = symbols.filter((symbol) => !isActive(api.markets?.[symbol]));
  if (closed.length > 0)
    return warning(`${closed.join(', ')} cannot be traded at the moment: the venue has closed the market`);
  return good(`${symbols.join(', ')} can be traded there`);
}

/** What to choose in place of a symbol that is not there. */
function instead(api: Api, symbol: string): string {
  const base = parseSymbol(symbol)?.base;
  const others = Object.keys(api.markets ?? {}).filter(
    (other) => parseSymbol(other)?.base === base && publicTerms(api, other) !== undefined,
  );
  if (others.length > 0) return `choose ${others.slice(0, 4).join(' or ')}`;
  return `${api.name} has no market of ${base}: choose another symbol`;
}

function isActive(market: unknown): boolean {
  // A venue that does not say has it open.
  return (market as { readonly active?: unknown } | undefined)?.active !== false;
}

/** Why there cannot be candles of this length, before any is asked for; undefined where there may be. */
export function candleFault({ name, has, timeframes }: Api, timeframe: Timeframe): Finding | undefined {
  if (has['fetchOHLCV'] !== true) return failed(`${name} tells no candles: choose another venue`);
  if (timeframes === undefined || timeframe in timeframes) return undefined;
  return failed(`${name} has no ${timeframe} candles: choose one of ${Object.keys(timeframes).join(', ')}`);
}

export function feesFinding(api: Api, symbols: readonly string[]): Finding {
  const terms = symbols.flatMap((symbol) => publicTerms(api, symbol) ?? []);
  if (terms.length === 0) return skipped('Not asked: there is no symbol to ask about');
  const maker = dearest(terms, ({ makerFeeBps }) => makerFeeBps);
  const taker = dearest(terms, ({ takerFeeBps }) => takerFeeBps);
  if (maker === null || taker === null)
    return warning(`${api.name} does not tell its fees: those of the settings are counted`);
  return good(`An order that waits costs ${percent(maker)}, one that fills at once ${percent(taker)}`);
}

function dearest(terms: readonly PublicTerms[], fee: (terms: PublicTerms) => number | null): number | null {
  const told = terms.map(fee);
  return told.includes(null) ? null : Math.max(...told.map(Number));
}

const percent = (bps: number): string => `${Number((bps / 100).toFixed(4))} %`;

export function rightsFinding({ trading, withdrawals, ipRestricted }: KeyRights): Finding {
  if (trading === false) return failed('The keys may not trade: allow it at the venue');
  if (withdrawals === true) return warning('The keys may withdraw money: take that right away at the venue');
  if (trading === null || withdrawals === null) {
    return warning(
      'The venue does not tell what the keys may do: see there that they may trade and cannot withdraw',
    );
  }
  if (ipRestricted === true) return good('The keys may trade, not withdraw, and only from chosen addresses');
  return good(
    "The keys may trade and not withdraw. At the venue they can be bound to this machine's address as well",
  );
}

export function accountFinding(
  isHedged: boolean,
  assets: AccountSnapshot['assets'],
  symbols: readonly string[],
): Finding {
  if (isHedged) {
    return failed(
      'The account holds long and short positions apart (hedge mode): switch it to one-way mode at the venue',
    );
  }
  const quote = parseSymbol(symbols[0] ?? '')?.quote ?? '';
  const free = assets.get(quote)?.free;
  if (free === undefined || free.isZero()) return warning(`No ${quote} is free there: nothing can be bought`);
  return good(`${free.toFixed(moneyDecimals(quote))} ${quote} are free there`);
}
