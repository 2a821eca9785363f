import { text, type UtcMs } from '../../../core/domain/index.ts';
import { INTERVAL_MS, MINUTE_MS, type TickCandle } from '../market/candle-store.ts';
import type { DepthUpdate, MarketTrade, VenueMarket } from '../market/venue-market.ts';
import type { BookLevel } from '../matching/order-book.ts';
import { Refusal } from '../orders/refusal.ts';
import type { VenueRequest } from '../rest/venue-request.ts';

const DAY_MS = 86_400_000;
const LONGEST_PAGE = 1_000;
const USUAL_PAGE = 500;

export const INTERVALS: readonly string[] = Object.keys(INTERVAL_MS);

export const intervalMs = (interval: string): number => {
  const ms = INTERVAL_MS[interval];
  if (ms === undefined) throw new Refusal('bad-parameter', 'interval');
  return ms;
};

const ticksText = (market: VenueMarket, ticks: number): string => text(market.priceOf(ticks));
const lotsText = (market: VenueMarket, lots: number): string => market.symbol.lot.times(lots).toFixed();
const turnoverText = (market: VenueMarket, turnover: number): string =>
  market.symbol.tick.times(market.symbol.lot).times(turnover).toFixed();

export const klineRow = (market: VenueMarket, bar: TickCandle, length: number): readonly unknown[] => [
  bar.openTime,
  ticksText(market, bar.open),
  ticksText(market, bar.high),
  ticksText(market, bar.low),
  ticksText(market, bar.close),
  lotsText(market, bar.lots),
  bar.openTime + length - 1,
  turnoverText(market, bar.turnover),
  bar.trades,
  lotsText(market, bar.buyLots),
  turnoverText(market, bar.buyTurnover),
  '0',
];

/** GET klines: from `startTime` on where it is given, else the last ones. */
export function klineRows(market: VenueMarket, request: VenueRequest, now: UtcMs): readonly unknown[] {
  const length = intervalMs(request.needed('interval'));
  const limit = Math.min(request.number('limit') ?? USUAL_PAGE, LONGEST_PAGE);
  const until = Math.min(request.number('endTime') ?? now, now);
  const start = request.number('startTime');
  market.candles.fillTo(now);
  const bars =
    start === undefined
      ? market.candles.between(length, until - limit * length + 1, until)
      : market.candles.between(length, start, Math.min(until, start + limit * length - 1));
  return bars.slice(0, limit).map((bar) => klineRow(market, bar, length));
}

export const klineEvent = (market: VenueMarket, interval: string, bar: TickCandle, now: UtcMs): unknown => {
  const length = intervalMs(interval);
  const [openTime, o, h, l, c, v, closeTime, q, n, V, Q] = klineRow(market, bar, length);
  const { id } = market.symbol;
  const range = { f: bar.firstTradeId, L: bar.firstTradeId + bar.trades - 1 };
  const k = { t: openTime, T: closeTime, s: id, i: interval, ...range, o, c, h, l, v, n };
  return { e: 'kline', E: now, s: id, k: { ...k, x: bar.openTime + length <= now, q, V, Q, B: '0' } };
};

/** The running bar; at the first moment of a bar the one that has just ended comes before it. */
export function klineEvents(market: VenueMarket, interval: string, now: UtcMs): readonly unknown[] {
  const length = intervalMs(interval);
  market.candles.fillTo(now);
  const from = now % length === 0 ? now - length : now - (now % length);
  return market.candles.between(length, from, now).map((bar) => klineEvent(market, interval, bar, now));
}

export const levelRows = (levels: readonly BookLevel[]): readonly (readonly [string, string])[] =>
  levels.map(({ price, amount }) => [text(price), text(amount)]);

export const tradeRow = ({ id, price, amount, time, isBuyerMaker }: MarketTrade): unknown => ({
  ...{ id, price: text(price), qty: text(amount), quoteQty: price.times(amount).toFixed(), time },
  ...{ isBuyerMaker, isBestMatch: true },
});

/** Every trade is an aggregate of its own. */
export const aggregateRow = ({ id, price, amount, time, isBuyerMaker }: MarketTrade): unknown => ({
  ...{ a: id, p: text(price), q: text(amount), f: id, l: id, T: time, m: isBuyerMaker, M: true },
});

/** Trades of a request: a window in time or from an id on, else the last ones. */
export function tradesOf(market: VenueMarket, request: VenueRequest): readonly MarketTrade[] {
  const limit = Math.min(request.number('limit') ?? USUAL_PAGE, LONGEST_PAGE);
  const [from, start, end] = ['fromId', 'startTime', 'endTime'].map((name) => request.number(name));
  if (from === undefined && start === undefined) return market.trades.slice(-limit);
  return market.trades
    .filter(
      ({ id, time }) =>
        id >= (from ?? 0) && time >= (start ?? 0) && time <= (end ?? Number.POSITIVE_INFINITY),
    )
    .slice(0, limit);
}

export const tradeEvent = (market: VenueMarket, kind: 'trade' | 'aggTrade', trade: MarketTrade): unknown => {
  const id = kind === 'trade' ? { t: trade.id } : { a: trade.id, f: trade.id, l: trade.id };
  const head = { e: kind, E: trade.time, s: market.symbol.id, ...id };
  const sizes = { p: text(trade.price), q: text(trade.amount) };
  return { ...head, ...sizes, T: trade.time, m: trade.isBuyerMaker, M: true };
};

export const depthEvent = (market: VenueMarket, update: DepthUpdate, now: UtcMs) => ({
  ...{ e: 'depthUpdate', E: now, s: market.symbol.id, U: update.first, u: update.last },
  ...{ b: levelRows(update.bids), a: levelRows(update.asks) },
});

export const bestQuotes = (market: VenueMarket) => {
  const [bid] = market.book.levels('buy', 1);
  const [ask] = market.book.levels('sell', 1);
  return {
    bid: bid === undefined ? '0' : text(bid.price),
    bidAmount: bid === undefined ? '0' : text(bid.amount),
    ask: ask === undefined ? '0' : text(ask.price),
    askAmount: ask === undefined ? '0' : text(ask.amount),
  };
};

export const bookTickerRow = (market: VenueMarket): unknown => {
  const { bid, bidAmount, ask, askAmount } = bestQuotes(market);
  return { symbol: market.symbol.id, bidPrice: bid, bidQty: bidAmount, askPrice: ask, askQty: askAmount };
};

export const bookTickerEvent = (market: VenueMarket): unknown => {
  const { bid, bidAmount, ask, askAmount } = bestQuotes(market);
  return { u: market.updateId, s: market.symbol.id, b: bid, B: bidAmount, a: ask, A: askAmount };
};

/** The figures of the last 24 hours. */
export function dayFigures(market: VenueMarket, now: UtcMs) {
  market.candles.fillTo(now);
  const bars = market.candles.between(MINUTE_MS, now - DAY_MS, now);
  const [first, last] = [bars[0], bars.at(-1)];
  const open = first?.open ?? 0;
  const close = last?.close ?? 0;
  const sum = (of: (bar: TickCandle) => number): number => bars.reduce((total, bar) => total + of(bar), 0);
  const [lots, turnover] = [sum((bar) => bar.lots), sum((bar) => bar.turnover)];
  return {
    open: ticksText(market, open),
    high: ticksText(market, Math.max(...bars.map((bar) => bar.high))),
    low: ticksText(market, Math.min(...bars.map((bar) => bar.low))),
    last: text(market.lastPrice),
    change: ticksText(market, close - open),
    changePercent: open === 0 ? '0' : (((close - open) / open) * 100).toFixed(3),
    average: lots === 0 ? '0' : market.symbol.tick.times(turnover).div(lots).toFixed(8),
    volume: lotsText(market, lots),
    turnover: turnoverText(market, turnover),
    openTime: now - DAY_MS,
    closeTime: now,
    trades: sum((bar) => bar.trades),
    firstId: first?.firstTradeId ?? 0,
    lastId: market.trades.at(-1)?.id ?? 0,
  };
}

export const dayTickerRow = (market: VenueMarket, now: UtcMs): unknown => {
  const day = dayFigures(market, now);
  const { bid, bidAmount, ask, askAmount } = bestQuotes(market);
  return {
    ...{ symbol: market.symbol.id, priceChange: day.change, priceChangePercent: day.changePercent },
    ...{ weightedAvgPrice: day.average, prevClosePrice: day.open, lastPrice: day.last, lastQty: '0' },
    ...{ bidPrice: bid, bidQty: bidAmount, askPrice: ask, askQty: askAmount, openPrice: day.open },
    ...{ highPrice: day.high, lowPrice: day.low, volume: day.volume, quoteVolume: day.turnover },
    ...{ openTime: day.openTime, closeTime: day.closeTime, firstId: day.firstId, lastId: day.lastId },
    count: day.trades,
  };
};

export const dayTickerEvent = (market: VenueMarket, now: UtcMs): unknown => {
  const day = dayFigures(market, now);
  const { bid, bidAmount, ask, askAmount } = bestQuotes(market);
  return {
    ...{ e: '24hrTicker', E: now, s: market.symbol.id, p: day.change, P: day.changePercent, w: day.average },
    ...{ x: day.open, c: day.last, Q: '0', b: bid, B: bidAmount, a: ask, A: askAmount, o: day.open },
    ...{ h: day.high, l: day.low, v: day.volume, q: day.turnover, O: day.openTime, C: day.closeTime },
    ...{ F: day.firstId, L: day.lastId, n: day.trades },
  };
};
