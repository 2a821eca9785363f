import { add, notional, type QuoteAmount, subtract } from '../../../core/domain/index.ts';
import type { MarketTrade, VenueMarket } from '../market/venue-market.ts';
import type { Match } from '../matching/matching-engine.ts';
import type { Side } from '../matching/order-book.ts';
import type { DeskTerms, OrderLife } from './order-life.ts';
import { type FillRecord, type OrderRecord, stateOf } from './order-record.ts';

interface Party {
  readonly owner: string | null;
  readonly id: number;
  readonly side: Side;
}

/** Gives both sides of a match what is theirs. */
export class Settlement {
  readonly #terms: DeskTerms;
  readonly #life: OrderLife;

  constructor(terms: DeskTerms, life: OrderLife) {
    this.#terms = terms;
    this.#life = life;
  }

  settle(market: VenueMarket, match: Match, trade: MarketTrade): void {
    this.#settleSide(market, match, trade, match.maker);
    this.#settleSide(market, match, trade, match.taker);
  }

  #settleSide(market: VenueMarket, match: Match, trade: MarketTrade, party: Party): void {
    const { funds, clock } = this.#terms;
    const { owner, id, side } = party;
    if (owner === null) {
      funds.fillOther(market, match, side);
      return;
    }
    const order = this.#life.store.get(market.symbol.id, id);
    if (order === undefined) throw new Error(`nobody knows order ${id} of ${market.symbol.id}`);
    const { price, amount } = match;
    const isMaker = party === match.maker;
    const quote = notional(price, amount);
    const money = funds.fill(market, order, match, isMaker);
    const before = stateOf(order);
    const [filled, filledQuote] = [add(before.filled, amount), add(before.filledQuote, quote)];
    const fill: FillRecord = {
      ...{ tradeId: trade.id, orderId: id, account: owner, symbol: market.symbol, side, price, amount },
      ...{ quote, ...money, isMaker, time: clock.now(), positionSide: order.positionSide },
    };
    this.#life.fills.push(fill);
    const isFilled =
      order.quoteAmount === undefined
        ? filled.gte(order.amount)
        : isSpent(market, order, subtract(order.quoteAmount, filledQuote), match);
    const status = isFilled ? 'FILLED' : 'PARTIALLY_FILLED';
    this.#life.change(order, { status, filled, filledQuote });
    if (isFilled) funds.release(market, order);
    this.#life.tellOrder(order, 'TRADE', fill);
    this.#life.tellBalances(market, order);
  }
}

/** Whether what is left of a sum buys no further lot: prices only rise from here for a buyer. */
const isSpent = (market: VenueMarket, order: OrderRecord, left: QuoteAmount, { price }: Match): boolean =>
  order.side === 'buy' && left.lt(notional(price, market.symbol.lot));
