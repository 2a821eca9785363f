import { nextNormal, type Random, type UtcMs } from '../../../core/domain/index.ts';
import { MINUTE_MS, type TickCandle } from './candle-store.ts';

export interface HistoryTerms {
  readonly bars: number;
  readonly openingTicks: number;
  /** Lots traded in a usual minute. */
  readonly lotsPerMinute: number;
  /** Standard deviation of a minute's return. */
  readonly volatility: number;
  /** When the venue opens: the history ends with the whole minute before. */
  readonly opensAt: UtcMs;
}

const CHUNK = 4;

/**
 * One-minute bars from before the venue opened, so that indicators have something to warm up on: a seeded walk that
 * arrives at the opening price. They were not traded in this engine; every bar from the opening on is.
 */
export function seededHistory(random: Random, terms: HistoryTerms): readonly TickCandle[] {
  const first = Math.floor(terms.opensAt / MINUTE_MS) * MINUTE_MS - terms.bars * MINUTE_MS;
  // Walked backwards from the opening price, so that it need not be bent to arrive there.
  let ticks = terms.openingTicks;
  const bars: TickCandle[] = [];
  for (let index = terms.bars - 1; index >= 0; index -= 1) {
    const close = Math.max(1, Math.round(ticks));
    const path = [close];
    for (let part = 0; part < CHUNK; part += 1) {
      ticks *= Math.exp((terms.volatility / Math.sqrt(CHUNK)) * nextNormal(random));
      path.push(Math.max(1, Math.round(ticks)));
    }
    const open = path.at(-1) ?? close;
    const lots = Math.max(1, Math.round(terms.lotsPerMinute * Math.exp(0.5 * nextNormal(random))));
    const buyLots = Math.round(lots * random.next());
    const middle = Math.round((open + close) / 2);
    bars.push({
      openTime: first + index * MINUTE_MS,
      open,
      high: Math.max(...path),
      low: Math.min(...path),
      close,
      lots,
      turnover: middle * lots,
      buyLots,
      buyTurnover: middle * buyLots,
      trades: 10 + Math.floor(random.next() * 50),
      firstTradeId: 0,
    });
  }
  return bars.reverse();
}
