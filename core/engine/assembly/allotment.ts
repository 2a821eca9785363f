import { moneyDecimals, type Settings } from '../../contract/index.ts';
import {
  type Exchange,
  floorTo,
  type OrderLedger,
  type QuoteAmount,
  quoteAmount,
  scale,
  TraderError,
  text,
} from '../../domain/index.ts';

export interface AllotmentFacts {
  readonly settings: Pick<Settings, 'capital' | 'exchange'>;
  /** The account's currency. */
  readonly quote: string;
  readonly venue: Pick<Exchange, 'id' | 'account'>;
  readonly ledger: Pick<OrderLedger, 'accountEvents'>;
}

/**
 * The capital that the trader allots of an account at a venue: the amount that the settings name, or the share of what
 * is free there when the books begin. Everything else in the account is his own.
 *
 * @throws TraderError when the account has less; VenueError when the venue does not tell what it holds.
 */
export async function allottedCapital({
  settings,
  quote,
  venue,
  ledger,
}: AllotmentFacts): Promise<QuoteAmount> {
  const capital = quoteAmount(settings.capital);
  const { capitalShare } = settings.exchange;
  const opening = [...ledger.accountEvents()].find(({ kind }) => kind === 'opening');
  // A share is of what was there then: what is there by now is another sum.
  if (opening !== undefined) return capitalShare === null ? capital : opening.quoteValue;

  const free = quoteAmount((await venue.account()).assets.get(quote)?.free.toFixed() ?? 0);
  const there = `${venue.id} has ${text(free)} ${quote} free`;
  if (capitalShare !== null) {
    const share = floorTo(scale(free, capitalShare), quoteAmount(`1e-${moneyDecimals(quote)}`));
    if (share.gt(0)) return share;
    throw new TraderError('bad-input', `exchange.capitalShare: ${there}: pay ${quote} in there first`);
  }
  if (capital.lte(free)) return capital;
  const instead = 'set it to at most that, or exchange.capitalShare to a share of it, such as 0.5';
  throw new TraderError(
    'bad-input',
    `capital: ${text(capital)} ${quote} is to be traded with, but ${there}: ${instead}`,
  );
}
