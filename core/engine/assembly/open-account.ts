import {
  type Exchange,
  type OrderLedger,
  parseSymbol,
  type QuoteAmount,
  type UtcMs,
} from '../../domain/index.ts';
import { openAccount } from '../../portfolio/index.ts';

export interface OpenBooksOptions {
  /** What is traded: all of one account's currency. */
  readonly symbols: readonly string[];
  /** Open already. */
  readonly venue: Exchange;
  readonly ledger: OrderLedger;
  readonly capital: QuoteAmount;
  readonly now: UtcMs;
}

/** The currency that an account's money is counted in. @throws TypeError without any symbol. */
export function accountQuote(symbols: readonly string[]): string {
  const market = parseSymbol(symbols[0] ?? '');
  if (market === undefined) throw new TypeError('an account needs a symbol to trade');
  return market.settle;
}

/**
 * Sees to it that the books have begun: writes what they open with where nothing has been written yet. To be called
 * before the engine is assembled around them.
 *
 * @returns one line for the trader, where the settings name another capital than the books; else null.
 * @throws LedgerError when it cannot be written, VenueError when the venue does not tell what it holds.
 */
export async function openBooks(options: OpenBooksOptions): Promise<string | null> {
  const { symbols, venue, ledger, capital, now } = options;
  const { events, notice } = openAccount({
    quote: accountQuote(symbols),
    capital,
    fills: ledger.fills(),
    accountEvents: ledger.accountEvents(),
    account: venue.profile.account,
    held: await venue.account(),
    now,
  });
  for (const event of events) ledger.appendAccountEvent(event);
  return notice;
}
