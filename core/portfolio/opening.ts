import {
  type AccountEvent,
  type AccountSnapshot,
  type AssetAmount,
  absolute,
  accountEventId,
  asQuote,
  assetAmount,
  type Fill,
  isTransfer,
  type LedgerAccountEvent,
  type QuoteAmount,
  subtract,
  sum,
  text,
  type UtcMs,
  type VenueProfile,
  ZERO_QUOTE,
} from '../domain/index.ts';
import { Portfolio } from './portfolio.ts';

export interface OpeningFacts {
  /** The account's currency. */
  readonly quote: string;
  /** `settings.capital`. */
  readonly capital: QuoteAmount;
  readonly fills: Iterable<Fill>;
  readonly accountEvents: Iterable<LedgerAccountEvent>;
  /** Whose the venue's account is. */
  readonly account: VenueProfile['account'];
  /** What the venue says it holds; null when it does not tell. */
  readonly held: AccountSnapshot | null;
  readonly now: UtcMs;
}

export interface Opening {
  /** To be appended to the ledger, in this order, before anything else is. */
  readonly events: readonly AccountEvent[];
  /** One line for the trader. */
  readonly notice: string | null;
}

const NOTHING = assetAmount(0);

/**
 * What the books begin with. An account opens once, with the capital of the settings; the books of a version that
 * wrote no opening begin with what the venue holds less what their own trades did, where all of it is ours. Whatever
 * the settings say later books nothing: money that nobody paid in must not appear.
 *
 * The opening is dated now: whatever others did before it is in what it begins with.
 */
export function openAccount(facts: OpeningFacts): Opening {
  const events = [...facts.accountEvents];
  const opening = events.find(({ kind }) => kind === 'opening');
  if (opening !== undefined) return { events: [], notice: changedCapital(facts, opening, events) };

  const { isNew, assets } = traded(facts, events);
  const { quote, capital, now } = facts;
  const before = heldBefore(facts, assets);
  if (before === null) return { events: [openingOf(quote, capital, now, 'settings.capital')], notice: null };

  const ours = asQuote(before.get(quote) ?? NOTHING);
  const isKnown = !isNew && ours.gt(0);
  const amount = isKnown ? ours : capital;
  const note = isKnown ? 'what the venue holds less what our trades brought' : 'settings.capital';
  const others = [...before].filter(([asset, rest]) => asset !== quote && !rest.isZero());
  return {
    events: [
      openingOf(quote, amount, now, note),
      ...others.map(([asset, rest]) => foundOf(asset, rest, now)),
    ],
    notice: ours.eq(capital) ? null : unequalCapital(facts, ours, amount),
  };
}

/** What fills and events did to each asset, and whether there was no fill at all. */
function traded(
  { quote, fills }: OpeningFacts,
  accountEvents: readonly LedgerAccountEvent[],
): { readonly isNew: boolean; readonly assets: ReadonlyMap<string, AssetAmount> } {
  let isNew = true;
  function* watched(): Generator<Fill> {
    for (const fill of fills) {
      isNew = false;
      yield fill;
    }
  }
  const history = { fills: watched(), accountEvents, equity: [] };
  // Lots make no difference to assets.
  const assets = new Portfolio({ quote, instruments: () => undefined, history }).assets();
  return { isNew, assets };
}

/** What was there of each asset before our first trade; null where the venue does not tell, or not of us alone. */
function heldBefore(
  { account, held }: OpeningFacts,
  assets: ReadonlyMap<string, AssetAmount>,
): ReadonlyMap<string, AssetAmount> | null {
  if (account === 'shared' || held === null) return null;
  const names = new Set([...held.assets.keys(), ...assets.keys()]);
  return new Map(
    [...names].map((asset) => [
      asset,
      subtract(held.assets.get(asset)?.total ?? NOTHING, assets.get(asset) ?? NOTHING),
    ]),
  );
}

function openingOf(quote: string, amount: QuoteAmount, time: UtcMs, note: string): AccountEvent {
  return {
    id: accountEventId('opening'),
    kind: 'opening',
    asset: quote,
    amount: assetAmount(text(amount)),
    quoteValue: amount,
    symbol: null,
    tradeId: null,
    time,
    note,
  };
}

/** Another asset that was there: the venue's balance is right with it, and our equity is measured without it. */
function foundOf(asset: string, amount: AssetAmount, time: UtcMs): AccountEvent {
  return {
    id: accountEventId(`opening-${asset}`),
    kind: 'external',
    asset,
    amount,
    quoteValue: ZERO_QUOTE,
    symbol: null,
    tradeId: null,
    time,
    note: 'was there before the first trade, and is no part of the capital',
  };
}

/** The settings name another capital than the books began with, and than they have come to since. */
function changedCapital(
  { capital }: OpeningFacts,
  opening: AccountEvent,
  events: readonly AccountEvent[],
): string | null {
  const transfers = events.filter(isTransfer);
  const present = sum(
    ZERO_QUOTE,
    transfers.map(({ quoteValue }) => quoteValue),
  );
  if (capital.eq(opening.quoteValue) || capital.eq(present)) return null;
  const since = transfers.length > 1 ? `, which transfers have made ${text(present)}` : '';
  return `settings.capital is ${text(capital)}, but this account was opened with ${text(opening.quoteValue)}${since}: nothing was changed; ${bookingOf(subtract(capital, present))}`;
}

function unequalCapital({ quote, capital }: OpeningFacts, ours: QuoteAmount, opened: QuoteAmount): string {
  const facts = `settings.capital is ${text(capital)}, but without our trades the venue would hold ${text(ours)} ${quote}`;
  if (opened.eq(ours)) {
    return `${facts}: this account was opened with that; ${bookingOf(subtract(capital, ours))}`;
  }
  return `${facts}: this account was opened with settings.capital; ${bookingOf(subtract(ours, capital))}`;
}

function bookingOf(difference: QuoteAmount): string {
  const command = difference.isNegative() ? 'withdraw' : 'deposit';
  return `\`tradebot account ${command} ${text(absolute(difference))}\` books the difference`;
}
