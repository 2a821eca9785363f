import type { MetricName, MetricsView, MetricValue } from '../contract/index.ts';
import {
  add,
  float,
  type Money,
  type QuoteAmount,
  quoteAmount,
  ratio,
  rounded,
  subtract,
  text,
} from '../domain/index.ts';
import type { EquityCurve } from './equity-curve.ts';
import { estimate, MIN_SAMPLE, sharpe, sortino } from './performance.ts';
import type { TradeTally } from './trade-tally.ts';

/** An account, as far as its figures need it. */
export interface MeasuredAccount {
  readonly capital: QuoteAmount;
  readonly dailyPnl: QuoteAmount;
  readonly weeklyPnl: QuoteAmount;
  readonly fees: QuoteAmount;
  readonly turnover: QuoteAmount;
  readonly curve: Pick<
    EquityCurve,
    'dailyReturns' | 'drawdown' | 'maxDrawdown' | 'sharpeInterval' | 'timeWeightedReturn'
  >;
  readonly tally: Pick<TradeTally, 'trades' | 'wins' | 'made' | 'lost' | 'net'>;
  equity(): QuoteAmount;
  exposure(): QuoteAmount;
}

/** Decimals shown of an amount of money. */
const AMOUNT_DECIMALS = 8;

/**
 * Every figure of an account, defined in `METRICS`: the page, the command line, REST and the report of a backtest all
 * have them from here. Money is exact to its last decimal shown; estimates are null below `minSample` observations.
 */
export function accountMetrics(
  account: MeasuredAccount,
  minSample = MIN_SAMPLE,
): Readonly<Record<MetricName, MetricValue>> {
  const { curve, tally, capital, fees } = account;
  const equity = account.equity();
  const total = subtract(equity, capital);
  const ofDays = ({ value, sampleSize }: ReturnType<typeof sharpe>): MetricValue => ({
    ...{ value, sampleSize },
    interval: null,
  });
  const ratioOfDays = sharpe(curve.dailyReturns, minSample);
  return {
    totalPnl: fact(shown(total)),
    dailyPnl: fact(shown(account.dailyPnl)),
    weeklyPnl: fact(shown(account.weeklyPnl)),
    timeWeightedReturnPct: fact(curve.timeWeightedReturn * 100),
    maxDrawdownPct: fact(curve.maxDrawdown * 100),
    drawdownPct: fact(curve.drawdown * 100),
    sharpe: {
      ...ofDays(ratioOfDays),
      interval: ratioOfDays.value === null ? null : curve.sharpeInterval,
    },
    sortino: ofDays(sortino(curve.dailyReturns, minSample)),
    ...tradeMetrics(tally, minSample),
    exposurePct: fact(percent(quotient(account.exposure(), equity))),
    turnover: fact(shown(account.turnover)),
    fees: fact(shown(fees)),
    feeShare: fact(quotient(fees, add(total, fees))),
  };
}

/** The figures that are of trades alone, whoever made them. */
export function tradeMetrics(
  { trades, wins, made, lost, net }: MeasuredAccount['tally'],
  minSample = MIN_SAMPLE,
): Readonly<Record<'trades' | 'winRate' | 'profitFactor' | 'expectancy', MetricValue>> {
  const ofTrades = (given: number): MetricValue => ({
    ...estimate(given, trades, minSample),
    interval: null,
  });
  const hasExpectancy = trades > 0 && trades >= minSample;
  return {
    trades: fact(trades),
    winRate: ofTrades(wins / trades),
    profitFactor: ofTrades(quotient(made, lost) ?? Number.NaN),
    expectancy: {
      value: hasExpectancy ? shown(perTrade(net, trades)) : null,
      sampleSize: trades,
      interval: null,
    },
  };
}

/** The figures as they cross a process boundary. */
export function metricsView(
  account: MeasuredAccount & { readonly quote: string },
  time: number,
  minSample = MIN_SAMPLE,
): MetricsView {
  return { time, quote: account.quote, minSample, metrics: accountMetrics(account, minSample) };
}

function fact(value: MetricValue['value']): MetricValue {
  return { value, sampleSize: null, interval: null };
}

function shown(amount: Money): string {
  return text(rounded(amount, AMOUNT_DECIMALS));
}

function perTrade(net: QuoteAmount, trades: number): QuoteAmount {
  return quoteAmount(net.div(trades).toFixed());
}

function percent(share: number | null): number | null {
  return share === null ? null : share * 100;
}

/** Null of nothing. */
function quotient(part: QuoteAmount, whole: QuoteAmount): number | null {
  return whole.gt(0) ? float(ratio(part, whole)) : null;
}
