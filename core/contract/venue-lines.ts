import { moneyDecimals, parseSymbol } from './symbol.ts';
import type { PortfolioView, PositionView, StatusView } from './views.ts';

/** How things stand at the venue, in words, with what to do where something is not right. */

export interface VenueLine {
  readonly name: string;
  readonly state: 'good' | 'warning';
  readonly text: string;
}

type Account = Pick<PortfolioView, 'equity' | 'cash' | 'capital'>;
type Guarded = Pick<PositionView, 'symbol' | 'quantity' | 'protection'>;

/** The same lines for the window and the command line. Account and positions are left out where they are not known. */
export function venueLines(
  status: StatusView,
  account: Account | null,
  positions: readonly Guarded[] | null,
): readonly VenueLine[] {
  return [
    pricesLine(status),
    ordersLine(status),
    ...(account === null ? [] : [accountLine(status, account)]),
    ...speedLines(status),
    ...feesLine(status),
    ...(positions === null ? [] : [protectionLine(positions)]),
    comparisonLine(status),
  ];
}

const good = (name: string, text: string): VenueLine => ({ name, state: 'good', text });
const warning = (name: string, text: string): VenueLine => ({ name, state: 'warning', text });

function pricesLine({ markets }: StatusView): VenueLine {
  const stale = markets.filter((market) => market.stale);
  const [first] = stale;
  if (first !== undefined) {
    const why = first.message === '' ? 'its data is too old' : first.message;
    const which = stale.map(({ symbol }) => symbol).join(', ');
    return warning('Prices', `${which}: ${why}. Nothing is entered there until they arrive again`);
  }
  const ages = markets.flatMap(({ ageMs }) => (ageMs === null ? [] : [ageMs]));
  return good(
    'Prices',
    ages.length === 0 ? 'none yet' : `arrive, the oldest is ${seconds(Math.max(...ages))} old`,
  );
}

function ordersLine({ venue, exchange }: StatusView): VenueLine {
  if (venue?.orders == null) return good('Orders', `stay on this machine: ${exchange}`);
  const { state, message } = venue.orders;
  const age = venue.readings?.lastAnswerAgeMs ?? null;
  const last = age === null ? '' : `, last answer ${seconds(age)} ago`;
  if (state === 'connected') return good('Orders', `${exchange} is connected${last}`);
  const why = message === '' ? '' : `: ${message}`;
  return warning(
    'Orders',
    `${exchange} is ${state}${why}${last}. No entries until it is back; stops stay there`,
  );
}

function accountLine({ symbols }: StatusView, { equity, cash, capital }: Account): VenueLine {
  const quote = parseSymbol(symbols[0] ?? '')?.quote ?? '';
  const money = (amount: string): string => Number(amount).toFixed(moneyDecimals(quote));
  return good(
    'Account',
    `equity ${money(equity)} ${quote}, of it in cash ${money(cash)}; allotted ${money(capital)}`,
  );
}

function speedLines({ venue }: StatusView): readonly VenueLine[] {
  if (venue?.readings == null) return [];
  const { latency, budgetUsedPct } = venue.readings;
  const budget =
    budgetUsedPct < BUSY_PCT
      ? good('Budget of calls', `${budgetUsedPct} % spent; stops and cancels have a reserve beside it`)
      : warning(
          'Budget of calls',
          `${budgetUsedPct} % spent: questions wait, stops and cancels do not. Trade fewer symbols`,
        );
  if (latency === null) return [budget];
  const { p50Ms, p99Ms, answers } = latency;
  return [
    good('Speed of calls', `half within ${p50Ms} ms, 99 of 100 within ${p99Ms} ms (last ${answers})`),
    budget,
  ];
}

/** From here on questions are about to wait. */
const BUSY_PCT = 70;

function feesLine({ venue }: StatusView): readonly VenueLine[] {
  if (venue === null) return [];
  const { makerFeeBps, takerFeeBps } = venue.fees;
  return [
    good(
      'Fees',
      `${percent(makerFeeBps)} for an order that waits, ${percent(takerFeeBps)} for one that fills at once`,
    ),
  ];
}

function protectionLine(positions: readonly Guarded[]): VenueLine {
  const open = positions.filter(({ protection }) => protection !== 'venue');
  if (open.length === 0)
    return good(
      'Stops',
      positions.length === 0 ? 'nothing is held' : 'every position has its stop at the venue',
    );
  const which = open.map(({ symbol, quantity }) => `${quantity} of ${symbol}`).join(', ');
  return warning('Stops', `${which} without a stop at the venue: close it, or place a stop there`);
}

function comparisonLine({ reconciliation: { green, at, differences } }: StatusView): VenueLine {
  if (at === null) return warning('Comparison', 'not made yet: nothing is entered before');
  const when = `${new Date(at).toISOString().slice(11, 19)} UTC`;
  if (green) return good('Comparison', `books and venue agree, ${when}`);
  return warning(
    'Comparison',
    `${differences.join('; ')} (${when}). Only orders that reduce are allowed there`,
  );
}

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`;
const percent = (bps: number): string => `${Number((bps / 100).toFixed(4))} %`;
