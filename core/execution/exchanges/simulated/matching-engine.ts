import {
  baseAmount,
  type Candle,
  floorTo,
  maximum,
  minimum,
  type Price,
  price,
  scale,
} from '../../../domain/index.ts';
import type { Executions } from './executions.ts';
import { type NextTouch, StepWalk } from './step-walk.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingTerms } from './terms.ts';
import type { VenueAccount } from './venue-account.ts';
import { TRIGGERED, taking } from './working-order.ts';

export interface MatchingParts {
  readonly account: VenueAccount;
  readonly terms: TradingTerms;
  readonly executions: Executions;
  /** How much of a step's volume orders may take part in. */
  readonly maxVolumeShare: number;
}

/** Lets steps of market data happen to working orders: what triggers, what fills, and at which price. */
export class MatchingEngine {
  readonly #parts: MatchingParts;

  constructor(parts: MatchingParts) {
    this.#parts = parts;
  }

  walk(market: SymbolMarket, step: Candle, durationMs: number): void {
    const { account, executions, maxVolumeShare } = this.#parts;
    const { instrument, working } = market;
    const volume = floorTo(scale(baseAmount(step.volume), maxVolumeShare), instrument.lotSize);
    const held = account.held(instrument).toNumber();
    const walk = new StepWalk(step, durationMs, instrument.tickSize, volume, working.all, held);
    market.walk = walk;
    executions.walkedTo = () => walk.time;
    try {
      for (let next = walk.next(working.all); next !== undefined; next = walk.next(working.all)) {
        walk.share = next.share;
        if (next.isExpiry) executions.expire(working, next.order);
        else this.#act(market, walk, next);
      }
    } finally {
      market.walk = null;
      executions.walkedTo = null;
    }
  }

  #act(market: SymbolMarket, walk: StepWalk, { order, crossed }: NextTouch): void {
    const { executions, terms } = this.#parts;
    const { side } = order.venue;
    const takerPrice = (from: Price): Price => terms.takerPrice(market.instrument, side, from);
    switch (order.stage) {
      case 'resting':
        executions.fill(market, order, order.own, walk, 'maker');
        break;
      case 'taking':
        executions.fill(market, order, takerPrice(walk.takingPrice(order)), walk, 'taker');
        break;
      case 'waiting': {
        const from = crossed ? order.own : price(walk.price);
        const triggered = taking(order, { ...order.venue, reason: TRIGGERED });
        market.working.replace(triggered);
        if (walk.volumeLeft.isZero()) executions.record(triggered.venue);
        else executions.fill(market, triggered, takerPrice(from), walk, 'taker');
        break;
      }
      case 'arriving': {
        const from = walk.takingPrice(order);
        const isBuy = side === 'buy';
        const best = terms.bestOpposite(side, from);
        const marketable = isBuy ? best.lte(order.own) : best.gte(order.own);
        const at = (isBuy ? minimum : maximum)(order.own, takerPrice(from));
        if (marketable && order.venue.postOnly === true) executions.refuseToTake(market.working, order);
        else if (marketable) executions.fill(market, order, at, walk, 'taker');
        else market.working.replace({ ...order, stage: 'resting' });
        break;
      }
    }
  }
}
