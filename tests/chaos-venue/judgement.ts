import { absolute, floorTo, notional, scale, sum, text, ZERO_BASE } from '../../core/domain/index.ts';
import { isOpen, type OrderRecord, stateOf, type Venue } from '../venue/index.ts';
import { type Books, differences } from './books.ts';
import type { SeenStatus } from './host/messages.ts';
import type { VenueTruth } from './venue-truth.ts';

export interface Violation {
  readonly rule: string;
  readonly detail: string;
}

const violations = (rule: string, details: readonly string[]): readonly Violation[] =>
  details.map((detail) => ({ rule, detail }));

/**
 * What must hold at any time: nothing is taken twice, and no bar is entered twice. One that makes first may send several
 * orders, each after the end of the one before and all together for no more than the first.
 */
export function sentOnce(truth: Pick<VenueTruth, 'taken'>, makesFirst: boolean): readonly Violation[] {
  const ids = truth.taken().map((order) => ('request' in order ? order.request.clientId : order.clientId));
  const entries = Map.groupBy(
    truth.taken().flatMap((order) => ('request' in order || !ENTRY.test(order.clientId) ? [] : [order])),
    ({ clientId }) => ENTRY.exec(clientId)?.[1],
  );
  const isEnteredTwice = makesFirst ? besideOrBeyond : (orders: readonly OrderRecord[]) => orders.length > 1;
  return [
    ...violations(
      'nothing is sent twice',
      twice(ids).map((id) => `order ${id} was taken twice`),
    ),
    ...violations(
      'nothing is sent twice',
      [...entries].flatMap(([bar, orders]) =>
        isEnteredTwice(orders) ? [`the bar of ${bar} was entered twice`] : [],
      ),
    ),
  ];
}

/** So much coarser `filters-changed` makes the venue's terms. */
const COARSER = 10;
/** How low a stop's price may be, of the market's. */
const STOP_SHARE = 0.9;
/** Mode and installation, symbol and bar of an entry; what follows is its number. */
const ENTRY = /^([a-z0-9]{15})n[a-z0-9]{2}$/;

function besideOrBeyond(orders: readonly OrderRecord[]): boolean {
  const first = orders[0];
  if (first === undefined) return false;
  const isBeside = orders.some((order, index) => {
    const next = orders[index + 1];
    return next !== undefined && (isOpen(order) || stateOf(order).at > next.createdAt);
  });
  const filled = orders.map((order) => stateOf(order).filled);
  return isBeside || sum(ZERO_BASE, filled).gt(first.amount);
}

function twice(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index);
}

export interface AtRest {
  readonly venue: Venue;
  /** Those of the run, as the venue calls them. */
  readonly symbols: readonly string[];
  readonly truth: VenueTruth;
  readonly ledger: Books;
  readonly status: SeenStatus | null;
  /** Whether stops of ours do not rest at the venue. */
  readonly keepsNoStops: boolean;
}

/** What must hold when nothing fails any more. */
export function atRest(facts: AtRest): readonly Violation[] {
  const { truth, ledger, status } = facts;
  return [
    ...violations('books agree', differences(truth.books(), ledger)),
    ...violations('no orphans', orphans(facts)),
    ...violations('every unit is protected', unprotected(facts)),
    ...violations('the program knows', doubts(status)),
  ];
}

function doubts(status: SeenStatus | null): readonly string[] {
  if (status === null) return ['the program shows no status'];
  if (status.differences.length > 0) return status.differences;
  return status.green ? [] : ['its reconciliation is not green'];
}

function orphans({ venue, truth }: AtRest): readonly string[] {
  return truth.working().flatMap(({ clientId, symbol, isStop }) => {
    // Entries and exits go to the market: none of them rests.
    if (!isStop) return [`order ${clientId} works in ${symbol}, where nothing of ours rests but stops`];
    const units = truth.units(symbol, venue.market(symbol).symbol.base);
    return units.isZero() ? [`stop ${clientId} waits in ${symbol} without a position`] : [];
  });
}

/** Units that no stop of ours at the venue would close, as far as the venue takes orders of their size. */
function unprotected({ venue, symbols, truth, status, keepsNoStops }: AtRest): readonly string[] {
  const coarse = venue.faults.strikes.some(({ name }) => name === 'filters-changed');
  return symbols.flatMap((id) => {
    const { symbol, lastPrice } = venue.market(id);
    const { lotSize, minNotional } = symbol.filters;
    const units = truth.units(id, symbol.base);
    const lots = floorTo(absolute(units), lotSize);
    // Less than the venue takes can neither be closed nor protected. A stop is worth less than the price.
    if (notional(lastPrice, lots).times(STOP_SHARE).lt(minNotional)) return [];
    const cover = truth.cover(id, units);
    // Where the venue keeps no stops of ours the program watches the price, and has to say so.
    if (keepsNoStops && cover.isZero() && status?.conditions.some(saysWatched(symbol.name)) === true)
      return [];
    // What a hand opened was given no stop price by anybody: the program can only say so.
    if (truth.handTraded(id) && status?.conditions.some(saysUnprotected(symbol.name)) === true) return [];
    // Terms are read anew every few minutes: by those that were coarser for a while the stop is a little smaller.
    const least = coarse ? floorTo(absolute(units), scale(lotSize, COARSER)) : lots;
    return cover.gte(least) && cover.lte(lots)
      ? []
      : [`${text(units)} of ${id} are under stops of ${text(cover)}`];
  });
}

const saysUnprotected =
  (name: string) =>
  (condition: string): boolean =>
    condition.startsWith(name) && /not protected|no stop at the venue/.test(condition);

const saysWatched =
  (name: string) =>
  (condition: string): boolean =>
    condition.startsWith(name) && condition.includes('this program watches the price');
