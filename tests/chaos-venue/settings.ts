import type { Scenario } from './scenario.ts';

const NAMES = {
  'binance-spot': { written: 'binance', derived: 'somespot' },
  'binance-usdm': { written: 'binanceusdm', derived: 'someperpetual' },
  'bybit-spot': { written: 'bybit', derived: 'bybit' },
} as const;

/** The name under which ccxt has the venue's class: of one of the two nothing is known but what ccxt says. */
export function venueNameOf({ dialect, isDerived }: Pick<Scenario, 'dialect' | 'isDerived'>): string {
  return NAMES[dialect][isDerived ? 'derived' : 'written'];
}

/** Sandbox mode at a local venue, made to trade as often as it can: what is tested is not the strategy. */
export const settingsOf = (
  scenario: Pick<Scenario, 'dialect' | 'isDerived' | 'symbols' | 'execution'>,
  endpoint: { readonly rest: string; readonly ws: string },
): unknown => ({
  mode: 'sandbox',
  symbols: scenario.symbols.map((symbol) =>
    scenario.dialect === 'binance-usdm' ? `${symbol}:USDT` : symbol,
  ),
  timeframe: '1m',
  exchange: { id: venueNameOf(scenario), endpoint },
  strategy: { id: 'rules' },
  execution: scenario.execution,
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
