import { type ShippedStrategyId, ShippedStrategySchema, type StrategyId } from './vocabulary.ts';

/** What each strategy does and does not do: the same words in the window, on the command line and in the README. */
export const STRATEGY_LABELS: Readonly<Record<ShippedStrategyId, string>> = {
  trend:
    'follows trends of 7, 14 and 28 days, smaller when the market is wild: cuts drawdown, forecasts nothing',
  ensemble: 'what Bull, Bear and the models agree on at each bar: no edge demonstrated',
  rules: 'what Bull and Bear agree on at each bar: no edge demonstrated',
  ml: 'what the models say at each bar: no edge demonstrated',
};

/** The short of it, for where there is little room. */
export const STRATEGY_CLAIMS: Readonly<Record<ShippedStrategyId, string>> = {
  trend: 'cuts drawdown, forecasts nothing',
  ensemble: 'no edge demonstrated',
  rules: 'no edge demonstrated',
  ml: 'no edge demonstrated',
};

/** The short of it, also for one of the trader's own. */
export function strategyClaim(id: StrategyId): string {
  const shipped = ShippedStrategySchema.safeParse(id);
  return shipped.success ? STRATEGY_CLAIMS[shipped.data] : 'your own, no edge demonstrated';
}

/** What stands at the foot of every page and in the README. */
export function strategySentence(id: StrategyId): string {
  return `${id}: ${strategyClaim(id)}`;
}

/** What a strategy is, also one of the trader's own: of that nothing is known but its backtest. */
export function strategyLabel(id: StrategyId): string {
  const shipped = ShippedStrategySchema.safeParse(id);
  return shipped.success ? STRATEGY_LABELS[shipped.data] : 'your own strategy: no edge demonstrated';
}

/** For the option that chooses one. */
export const STRATEGY_HELP = `trend unless the settings say otherwise. ${Object.entries(STRATEGY_LABELS)
  .map(([id, label]) => `${id}: ${label}`)
  .join('; ')}; or the name of your own (tradebot strategy new)`;

/** Makes the figures of `trend` that the README has, from hourly candle files. */
export const TREND_FIGURES_COMMAND =
  'npm run -s tradebot -- backtest --strategy trend --timeframe 1h --from 2019-03-01 ' +
  '--data BTCUSDT-1h.csv.gz ETHUSDT-1h.csv.gz SOLUSDT-1h.csv.gz --symbol BTC/USDT ETH/USDT SOL/USDT';

/** Makes the figures of a strategy, beside other ways of holding the same coins. */
export function figuresCommand(id: StrategyId): string {
  return id === 'trend'
    ? TREND_FIGURES_COMMAND
    : `npm run -s tradebot -- backtest --strategy ${id} --data BTCUSDT-1h.csv.gz --symbol BTC/USDT --timeframe 1h`;
}
