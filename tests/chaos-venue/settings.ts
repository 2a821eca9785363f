import type { Scenario } from './scenario.ts';

/** Sandbox mode at a local venue, made to trade as often as it can: what is tested is not the strategy. */
export const settingsOf = (
  { dialect, symbols }: Pick<Scenario, 'dialect' | 'symbols'>,
  endpoint: { readonly rest: string; readonly ws: string },
): unknown => ({
  mode: 'sandbox',
  symbols: symbols.map((symbol) => (dialect === 'binance-usdm' ? `${symbol}:USDT` : symbol)),
  timeframe: '1m',
  exchange: { id: dialect === 'binance-usdm' ? 'binanceusdm' : 'binance', endpoint },
  strategy: { id: 'rules' },
  arena: { rivals: {} },
  consensus: { quorum: 1, thresholds: { trending: 0, ranging: 0, volatile: 0 } },
  safety: {
    ...{
      costMultiple: 0,
      minHoldBars: 0,
      reentryWaitBars: 0,
      maxEntriesPerHour: 1_000,
      maxEntriesPerDay: 10_000,
    },
    ...{ maxConsecutiveLosses: 1_000, minWinRate: 0, minSharpe: -1_000, maxDailyLoss: 1, maxDrawdown: 1 },
    stopAtr: 1,
  },
});
