import type { SafetySettings, Side } from '../../contract/index.ts';
import { type BaseAmount, float, notional, type Price, text, type Verdict } from '../../domain/index.ts';
import { type Account, headroom } from '../../safety/index.ts';

/** An entry that was decided on and sized, and is about to leave. */
export interface EntryToSend {
  readonly symbol: string;
  /** Its quote currency. */
  readonly quote: string;
  readonly side: Side;
  readonly amount: BaseAmount;
  readonly stopPrice: Price;
  /** What the symbol traded at when the bar closed that was decided on. */
  readonly decisionPrice: Price;
  /** Average true range at the decision, in quote currency. */
  readonly atr: number;
}

/** Whether an entry may still be made, asked once more at the price of sending. */
export type EntryAtSending = (
  entry: EntryToSend,
  account: Account,
  markPrice: Price,
  settings: SafetySettings,
) => Verdict;

/** Whether the amount's worth still fits under the limits. */
export const withinLimitsAtSending: EntryAtSending = (entry, account, markPrice, settings) => {
  const { symbol, quote, amount } = entry;
  const worth = notional(markPrice, amount);
  const room = headroom(symbol, account, settings);
  const numbers = { notional: float(worth), room: float(room) };
  const told = `at ${text(markPrice)} the order is worth ${worth.toFixed(2)} ${quote}`;
  const allowed = worth.lte(room);
  return {
    layer: 'position-limits',
    allowed,
    code: allowed ? 'ok' : 'price-moved',
    message: allowed ? `${told} and fits` : `${told}, and only ${room.toFixed(2)} fit under the limits`,
    numbers,
  };
};
