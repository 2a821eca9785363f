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
import { accountQuote } from './open-account.ts';

export interface AllotmentFacts {
  readonly settings: Pick<Settings, 'capital' | 'exchange'>;
  /** What is traded: all of one account's currency. */
  readonly symbols: readonly string[];
  readonly venue: Pick<Exchange, 'id' | 'account'>;
  readonly ledger: Pick<OrderLedger, 'accountEvents'>;
}

/**
 * The capital that the trader allots of an account at a venue: the amount that the settings name, or the share of what
 * is free there when the books begin. Everything else in the account is his own.
 *
 * @throws TraderError when the account has less, or a position already of what is to be traded, with which the books
 * could not begin; VenueError when the venue does not tell what it holds.
 */
export async function allottedCapital(facts: AllotmentFacts): Promise<QuoteAmount> {
  const { settings, symbols, venue, ledger } = facts;
  const capital = quoteAmount(settings.capital);
  const { capitalShare } = settings.exchange;
  const opening = [...ledger.accountEvents()].find(({ kind }) => kind === 'opening');
  // A share is of what was there then: what is there by now is another sum.
  if (opening !== undefined) return capitalShare === null ? capital : opening.quoteValue;

  const { assets, positions } = await venue.account();
  const foreign = symbols.find((symbol) => positions.get(symbol)?.isZero() === false);
  if (foreign !== undefined) {
    const held = `${venue.id} holds a position of ${foreign} that is not this program's`;
    throw new TraderError('bad-input', `symbols: ${held}: end it there, or leave the symbol out`);
  }
  const quote = accountQuote(symbols);
  const free = quoteAmount(assets.get(quote)?.free.toFixed() ?? 0);
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
