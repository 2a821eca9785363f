import {
  type AccountEvent,
  add,
  asBase,
  type BaseAmount,
  type Fill,
  isTransfer,
  minimum,
  negate,
  notional,
  type QuoteAmount,
  ratio,
  scale,
  subtract,
  type UtcMs,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../domain/index.ts';

/**
 * `fifo`: what was bought first is sold first. `average`: everything held of a symbol has cost the same.
 * Which of them a tax office wants, or allows, differs from country to country.
 */
export const GAINS_METHODS = ['fifo', 'average'] as const;
export type GainsMethod = (typeof GAINS_METHODS)[number];

/** Some units that were given away, or bought back where they were sold short, against what they had cost. */
export interface Disposal {
  readonly symbol: string;
  readonly direction: 'long' | 'short';
  /** When its first units were opened: by average cost, the oldest of the pool; null where nobody knows. */
  readonly acquiredAt: UtcMs | null;
  readonly disposedAt: UtcMs;
  /** Coins. */
  readonly amount: BaseAmount;
  /** What the sale brought, less its fees. */
  readonly proceeds: QuoteAmount;
  /** What the purchase took, with its fees; null for coins that came another way than by a fill. */
  readonly cost: QuoteAmount | null;
}

/** Money that is neither bought nor sold for: funding, interest, conversions and what the venue booked by itself. */
export interface OtherIncome {
  readonly kind: AccountEvent['kind'];
  readonly time: UtcMs;
  /** Signed: above 0 came in. */
  readonly amount: QuoteAmount;
}

export interface Gains {
  /** In the order in which they happened. */
  readonly disposals: readonly Disposal[];
  readonly other: readonly OtherIncome[];
}

export interface GainsInput {
  /** As they were told; they count in the order of their times. */
  readonly fills: Iterable<Fill>;
  readonly events: Iterable<AccountEvent>;
  readonly method: GainsMethod;
  /** The asset that a fill of a symbol moves; null for a derivative, which moves none. */
  readonly assetOf: (symbol: string) => string | null;
}

/** Units of one symbol that are held, or owed, and the money that moved when they were opened. */
interface Lot {
  readonly openedAt: UtcMs;
  readonly amount: BaseAmount;
  readonly money: QuoteAmount;
}

interface Holding {
  direction: Disposal['direction'];
  /** Oldest first. Changed in place: of a coin bought bit by bit there are tens of thousands. */
  lots: Lot[];
  /** Place of the first that is not given away. */
  first: number;
}

/**
 * What each sale brought and what it had cost, from the ledger alone. A fee in coins of the symbol changes how many
 * moved; any other counts by its worth when it was taken, against what the trade brought. Counts for every fill of the
 * account, whoever made it.
 */
export function gainsOf({ fills, events, method, assetOf }: GainsInput): Gains {
  const other: OtherIncome[] = [];
  const lateFees = new Map<string, AccountEvent[]>();
  for (const event of events) {
    const { kind, time, quoteValue, symbol, tradeId } = event;
    if (kind === 'fee' && symbol !== null && tradeId !== null) {
      const trade = `${symbol} ${tradeId}`;
      lateFees.set(trade, [...(lateFees.get(trade) ?? []), event]);
    } else if (!isTransfer(event)) other.push({ kind, time, amount: quoteValue });
  }
  const disposals: Disposal[] = [];
  const holdings = new Map<string, Holding>();
  for (const fill of [...fills].sort((a, b) => a.time - b.time)) {
    const { symbol, tradeId } = fill;
    const holding = holdings.get(symbol) ?? { direction: 'long', lots: [], first: 0 };
    holdings.set(symbol, holding);
    const trade = `${symbol} ${tradeId}`;
    // Both sides of a trade with oneself carry one id: the fee is counted once.
    const late = lateFees.get(trade) ?? [];
    lateFees.delete(trade);
    disposals.push(...counted(holding, movedBy(fill, late, assetOf(symbol)), fill, assetOf(symbol), method));
  }
  return { disposals, other };
}

/** Coins and money that a fill moved, both above 0, after its fees. */
function movedBy(fill: Fill, late: readonly AccountEvent[], asset: string | null): Omit<Lot, 'openedAt'> {
  const told = fill.fee === null ? [] : [fill.fee];
  const fees = [
    ...told,
    ...late.map((event) => ({
      asset: event.asset,
      amount: negate(event.amount),
      quoteValue: negate(event.quoteValue),
    })),
  ];
  let [coins, worth] = [ZERO_BASE, ZERO_QUOTE];
  for (const fee of fees) {
    if (fee.asset === asset) coins = add(coins, asBase(fee.amount));
    else worth = add(worth, fee.quoteValue);
  }
  const value = notional(fill.price, fill.amount);
  return fill.side === 'buy'
    ? { amount: subtract(fill.amount, coins), money: add(value, worth) }
    : { amount: add(fill.amount, coins), money: subtract(value, worth) };
}

function counted(
  holding: Holding,
  moved: Omit<Lot, 'openedAt'>,
  { symbol, side, time }: Fill,
  asset: string | null,
  method: GainsMethod,
): readonly Disposal[] {
  const opens = holding.direction === 'long' ? 'buy' : 'sell';
  const disposals: Disposal[] = [];
  let left: Lot = { openedAt: time, ...moved };
  if (side !== opens) {
    let first = holding.lots[holding.first];
    while (first !== undefined && left.amount.gt(0)) {
      const amount = minimum(left.amount, first.amount);
      const [opening, rest] = split(first, amount);
      const [closing, more] = split(left, amount);
      const isLong = holding.direction === 'long';
      disposals.push({
        symbol,
        direction: holding.direction,
        acquiredAt: first.openedAt,
        disposedAt: time,
        amount,
        proceeds: isLong ? closing.money : opening.money,
        cost: isLong ? opening.money : closing.money,
      });
      if (rest.amount.gt(0)) holding.lots[holding.first] = rest;
      else holding.first += 1;
      first = holding.lots[holding.first];
      left = more;
    }
  }
  if (!left.amount.gt(0)) return disposals;
  if (side === 'sell' && asset !== null) {
    // Coins are not sold short: these came another way than by a fill.
    const { amount, money } = left;
    return [
      ...disposals,
      { symbol, direction: 'long', acquiredAt: null, disposedAt: time, amount, proceeds: money, cost: null },
    ];
  }
  holding.direction = side === 'buy' ? 'long' : 'short';
  if (method === 'fifo') holding.lots.push(left);
  else [holding.lots, holding.first] = [[holding.lots.slice(holding.first).reduceRight(pooled, left)], 0];
  return disposals;
}

/** Two lots as one, which counts as old as the older. */
function pooled(later: Lot, { openedAt, amount, money }: Lot): Lot {
  return { openedAt, amount: add(amount, later.amount), money: add(money, later.money) };
}

/** The first units of a lot, and what is left of it; their money adds up to the lot's to the last digit. */
function split(lot: Lot, amount: BaseAmount): readonly [Lot, Lot] {
  const money = amount.eq(lot.amount) ? lot.money : scale(lot.money, ratio(amount, lot.amount));
  return [
    { ...lot, amount, money },
    { ...lot, amount: subtract(lot.amount, amount), money: subtract(lot.money, money) },
  ];
}
