import type { ClientOrderId, Verdict } from '../../domain/index.ts';
import type { PlaceResult } from '../../execution/index.ts';

/** What became of a wish to trade. */
export interface TradeOutcome {
  readonly outcome: 'traded' | 'held' | 'blocked';
  readonly reasonCode: string;
  readonly reason: string;
  readonly verdicts: readonly Verdict[];
  readonly orderIds: readonly ClientOrderId[];
}

/** What an order that was placed came to. */
export function outcomeOf(
  placed: PlaceResult,
  verdicts: readonly Verdict[],
  { code, message }: { readonly code: string; readonly message: string },
): TradeOutcome {
  const orderIds = placed.order === null ? [] : [placed.order.clientOrderId];
  switch (placed.outcome) {
    case 'placed':
    case 'known':
      return { outcome: 'traded', reasonCode: code, reason: message, verdicts, orderIds };
    case 'unknown': {
      const reason = `${message}; the venue has not confirmed the order yet`;
      return { outcome: 'traded', reasonCode: 'order-unknown', reason, verdicts, orderIds };
    }
    case 'rejected': {
      const reason = placed.order.reason ?? 'the venue rejected the order';
      return { outcome: 'blocked', reasonCode: 'venue-rejected', reason, verdicts, orderIds };
    }
    case 'refused':
      return { outcome: 'blocked', reasonCode: placed.code, reason: placed.message, verdicts, orderIds };
  }
}

/** What a safety layer's refusal came to. @throws TypeError when none refused. */
export function refusalOf(
  verdicts: readonly Verdict[],
): Pick<TradeOutcome, 'outcome' | 'reasonCode' | 'reason'> {
  const refused = verdicts.find(({ allowed }) => !allowed);
  if (refused === undefined) throw new TypeError('no safety layer refused');
  return { outcome: 'blocked', reasonCode: `${refused.layer}:${refused.code}`, reason: refused.message };
}
