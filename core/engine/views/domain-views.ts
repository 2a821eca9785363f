import {
  type CandleView,
  type DecisionView,
  type FillView,
  type OrderView,
  ShippedStrategySchema,
  StrategySchema,
  type WeightPartsView,
} from '../../contract/index.ts';
import {
  averagePrice,
  type Candle,
  type Decision,
  type Fill,
  type Order,
  opinionWith,
  type Price,
  text,
  type Vote,
  type WeightParts,
} from '../../domain/index.ts';
import { strategyOf } from '../../strategies/index.ts';

/** Domain values as the UI and API clients see them. Positions, trades and portfolio have theirs in `portfolio/`. */

export function candleView(candle: Candle, closed: boolean): CandleView {
  const { openTime, open, high, low, close, volume } = candle;
  return { openTime, open, high, low, close, volume, closed };
}

const priceText = (price: Price | null): string | null => (price === null ? null : text(price));

export function orderView(order: Order): OrderView {
  return {
    clientOrderId: order.clientOrderId,
    venueOrderId: order.venueOrderId,
    symbol: order.symbol,
    side: order.side,
    type: order.type,
    purpose: order.purpose,
    status: order.status,
    amount: text(order.amount),
    filledAmount: text(order.filledAmount),
    limitPrice: priceText(order.limitPrice),
    stopPrice: priceText(order.stopPrice),
    averagePrice: order.filledAmount.isZero()
      ? null
      : averagePrice(order.filledNotional, order.filledAmount).toSignificantDigits(12).toFixed(),
    reduceOnly: order.reduceOnly,
    decisionId: order.decisionId,
    reason: order.reason,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
  };
}

export function fillView(fill: Fill): FillView {
  return {
    tradeId: fill.tradeId,
    clientOrderId: fill.clientOrderId,
    symbol: fill.symbol,
    side: fill.side,
    price: text(fill.price),
    amount: text(fill.amount),
    fee: fill.fee === null ? null : text(fill.fee.amount),
    feeAsset: fill.fee === null ? null : fill.fee.asset,
    purpose: fill.purpose,
    time: fill.time,
  };
}

export function decisionView(decision: Decision): DecisionView {
  const { consensus, proposal, outlook } = decision;
  const proposedBy = proposerOf(decision);
  return {
    id: decision.id,
    symbol: decision.symbol,
    timeframe: decision.timeframe,
    barOpenTime: decision.barOpenTime,
    time: decision.time,
    close: decision.close,
    regime: consensus.regime,
    proposedBy,
    proposal: proposal === undefined ? null : { ...proposal, numbers: { ...proposal.numbers } },
    judgement: proposedBy === null ? null : consensus.reason.message,
    action: decision.action,
    outcome: decision.outcome,
    exit: exitOf(decision),
    reasonCode: decision.reasonCode,
    reason: decision.reason,
    support: { ...consensus.support },
    threshold: consensus.threshold,
    votes: decision.votes.map((vote) =>
      voteView(vote, consensus.weights[vote.voter], consensus.parts?.[vote.voter]),
    ),
    verdicts: decision.verdicts.map((verdict) => ({ ...verdict, numbers: { ...verdict.numbers } })),
    features: { ...decision.features },
    ...(outlook === undefined ? {} : { outlook: { ...outlook } }),
    positionQuantity: text(decision.positionQuantity),
    orderIds: [...decision.orderIds],
    thinkingMs: decision.thinkingMs,
  };
}

function proposerOf({ strategy }: Decision): DecisionView['proposedBy'] {
  const known = StrategySchema.safeParse(strategy);
  if (!known.success) return null;
  const shipped = ShippedStrategySchema.safeParse(known.data);
  // Each of the trader's own proposes by itself.
  return !shipped.success || strategyOf(shipped.data).kind === 'proposing' ? known.data : null;
}

/** An exit is asked of the throttle alone, an entry of every layer; what the voters want tells neither. */
function exitOf({ outcome, verdicts, positionQuantity }: Decision): DecisionView['exit'] {
  if (outcome !== 'traded' || verdicts.some(({ layer }) => layer !== 'churn-throttle')) return null;
  return positionQuantity.isPositive() ? 'sell' : 'buy';
}

/** @param weight share in the consensus; 0 where there was none. */
export function voteView(vote: Vote, weight = 0, parts?: WeightParts): DecisionView['votes'][number] {
  if (vote.kind === 'abstention') return { ...vote };
  const { reliability, models, struck, ...opinion } = opinionWith(vote, {});
  return {
    ...opinion,
    weight,
    evidence: [...vote.evidence],
    ...(struck === undefined ? {} : { struck: [...struck] }),
    ...(reliability === undefined ? {} : { reliability }),
    ...(parts === undefined ? {} : { parts: partsView(parts) }),
    ...(models === undefined ? {} : { models: [...models] }),
  };
}

function partsView({ regime, earned, reliability, why }: WeightParts): WeightPartsView {
  return { regime, earned, reliability, why };
}
