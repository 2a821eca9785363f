import {
  add,
  type BaseAmount,
  type Fill,
  flatPosition,
  float,
  foldFill,
  type Instrument,
  isOpen,
  negate,
  notional,
  type Position,
  type Price,
  parseSymbol,
  price,
  type QuoteAmount,
  type RoundTrip,
  type UtcMs,
  unrealisedPnl,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { RealisedAtVenue, type RealisedSoFar } from './realised-at-venue.ts';

/** The time of a price that is not there yet. */
const NEVER = Number.NEGATIVE_INFINITY;

/** What counting a symbol's fills takes. */
export interface MarketTerms {
  readonly base: string;
  readonly quote: string;
  /** The asset that a derivative's profit is paid in; of a spot market its quote currency. */
  readonly settle: string;
  readonly isSpot: boolean;
  /** What can be traded at least; 0 where nobody knows, so that nothing is too little. */
  readonly lotSize: BaseAmount;
  /** Whether the venue still lists the symbol: whether there will be another price. */
  readonly isListed: boolean;
}

/** The terms by the venue's word; where it no longer has any, by the symbol's own. Never throws. */
export function termsOf(symbol: string, instrument: Instrument | undefined): MarketTerms {
  const [, settle] = /:([^-]*)/.exec(symbol) ?? [];
  const { base, quote, kind } = instrument ??
    parseSymbol(symbol) ?? { base: symbol, quote: '', kind: 'spot' };
  return {
    base,
    quote,
    settle: settle ?? quote,
    isSpot: kind === 'spot',
    lotSize: instrument?.lotSize ?? ZERO_BASE,
    isListed: instrument !== undefined,
  };
}

/** What the fills of a symbol have come to. */
export interface FoldedHolding {
  readonly symbol: string;
  /** By what they were counted: by others they come to something else. */
  readonly terms: FoldTerms;
  readonly position: Position;
  readonly closedPnl: QuoteAmount;
  readonly closedFees: QuoteAmount;
  readonly paid: QuoteAmount;
  /** As float64. */
  readonly markPrice: number;
  readonly atVenue: RealisedSoFar | null;
}

type FoldTerms = Omit<MarketTerms, 'isListed'>;

/** Whether fills that were counted by the terms of then come to the same by those of now. */
export function sameFold({ lotSize, ...then }: FoldTerms, now: MarketTerms): boolean {
  const { base, quote, settle, isSpot } = then;
  return (
    [base, quote, settle].join(' ') === [now.base, now.quote, now.settle].join(' ') &&
    isSpot === now.isSpot &&
    lotSize.eq(now.lotSize)
  );
}

/** One symbol of the account: the exact position, and float copies of it for marking on every tick. */
export class Holding {
  readonly symbol: string;
  readonly terms: MarketTerms;
  /** Whether its amounts are in the account's currency, so that they may be added up. */
  readonly isCounted: boolean;
  /** Gross P&L and fees of the round trips that ended. */
  #closedPnl = ZERO_QUOTE;
  #closedFees = ZERO_QUOTE;
  /** What selling brought less what buying took, before fees. */
  #paid = ZERO_QUOTE;
  /** Null on spot, where nothing is paid out but what was traded for. */
  readonly #atVenue: RealisedAtVenue | null;
  #position: Position;
  /** Float copy and openness of the position; null until somebody asks: folding a long history asks for neither. */
  #quantity: number | null = 0;
  #isOpen: boolean | null = false;
  #markPrice = 0;
  #markTime: UtcMs = NEVER;

  /**
   * @param currency the account's.
   * @param from what an earlier process had counted, by these terms.
   */
  constructor(symbol: string, terms: MarketTerms, currency: string, from: FoldedHolding | null = null) {
    this.symbol = symbol;
    this.terms = terms;
    this.isCounted = terms.quote === currency && terms.settle === currency;
    this.#position = flatPosition(symbol);
    this.#atVenue = terms.isSpot ? null : new RealisedAtVenue(symbol, terms.lotSize, from?.atVenue);
    if (from === null) return;
    this.position = from.position;
    this.#closedPnl = from.closedPnl;
    this.#closedFees = from.closedFees;
    this.#paid = from.paid;
    this.#markPrice = from.markPrice;
  }

  /** To go on from. */
  folded(): FoldedHolding {
    const { isListed: _, ...terms } = this.terms;
    return {
      symbol: this.symbol,
      terms,
      position: this.#position,
      closedPnl: this.#closedPnl,
      closedFees: this.#closedFees,
      paid: this.#paid,
      markPrice: this.#markPrice,
      atVenue: this.#atVenue?.soFar() ?? null,
    };
  }

  /** The asset that the position consists of; null for a derivative. */
  get asset(): string | null {
    return this.terms.isSpot ? this.terms.base : null;
  }

  get position(): Position {
    return this.#position;
  }

  set position(position: Position) {
    this.#position = position;
    this.#quantity = null;
    this.#isOpen = null;
  }

  /** Whether the venue would let us trade what is held. */
  get isOpen(): boolean {
    this.#isOpen ??= isOpen(this.#position, this.terms.lotSize);
    return this.#isOpen;
  }

  get markPrice(): number {
    return this.#markPrice;
  }

  /** What the venue has paid out or taken for trading, before fees: the whole price on spot, profit on a derivative. */
  get settled(): QuoteAmount {
    return this.#atVenue?.pnl ?? this.#paid;
  }

  /** Of all round trips and partial exits so far, before fees. */
  get realisedPnl(): QuoteAmount {
    return add(this.#closedPnl, this.#position.realisedPnl);
  }

  get fees(): QuoteAmount {
    return add(this.#closedFees, this.#position.fees);
  }

  get unrealisedPnl(): QuoteAmount {
    return unrealisedPnl(this.#position, this.#mark);
  }

  get worth(): QuoteAmount {
    return notional(this.#mark, this.#position.quantity);
  }

  /** As float64; 0 when nothing is held. */
  get worthFloat(): number {
    this.#quantity ??= float(this.#position.quantity);
    return this.#quantity === 0 ? 0 : this.#quantity * this.#markPrice;
  }

  get isFlat(): boolean {
    return this.#position.quantity.isZero();
  }

  /** Whether its worth is as good as known: it has had a price, none will come, or it is too little to matter. */
  get isMarked(): boolean {
    return !this.isOpen || this.#markTime !== NEVER || !this.terms.isListed;
  }

  /** Answers the round trip that the fill ended, and what it brought, or below 0 took, before its fee. */
  fold(fill: Fill): { readonly closed: RoundTrip | undefined; readonly flow: QuoteAmount } {
    const { position, closed } = foldFill(this.#position, fill, this.asset, this.terms.lotSize);
    this.position = position;
    // Until the market tells, what was last paid is the best that is known.
    if (this.#markTime === NEVER) this.#markPrice = float(fill.price);
    const value = notional(fill.price, fill.amount);
    const flow = fill.side === 'buy' ? negate(value) : value;
    this.#paid = add(this.#paid, flow);
    this.#atVenue?.add(fill);
    if (closed !== undefined) {
      this.#closedPnl = add(this.#closedPnl, closed.grossPnl);
      this.#closedFees = add(this.#closedFees, closed.fees);
    }
    return { closed, flow };
  }

  /** False, and nothing changed, when a newer price is known. */
  mark(markPrice: number, time: UtcMs): boolean {
    if (time < this.#markTime) return false;
    this.#markPrice = markPrice;
    this.#markTime = time;
    return true;
  }

  get #mark(): Price {
    return price(this.#markPrice);
  }
}
