/** What makes a simulated coin look like the real one. */
export interface CoinProfile {
  /** The price it starts from and is slowly drawn back to, in quote currency. */
  readonly startPrice: number;
  /** Standard deviation of a year's log return. */
  readonly annualVolatility: number;
  /** Correlation with the factor that all coins share. */
  readonly marketCorrelation: number;
  /** Mean turnover per hour in quote currency. */
  readonly hourlyTurnover: number;
  /** Spread of a calm book in basis points. */
  readonly spreadBps: number;
}

const profile = (
  startPrice: number,
  annualVolatility: number,
  marketCorrelation: number,
  hourlyTurnover: number,
  spreadBps: number,
): CoinProfile => ({ startPrice, annualVolatility, marketCorrelation, hourlyTurnover, spreadBps });

/** Round numbers of the years 2023 to 2025. */
const PROFILES: ReadonlyMap<string, CoinProfile> = new Map([
  ['BTC', profile(60_000, 0.5, 0.88, 60_000_000, 0.4)],
  ['ETH', profile(3000, 0.65, 0.86, 35_000_000, 0.6)],
  ['SOL', profile(150, 0.85, 0.8, 15_000_000, 1)],
  ['BNB', profile(550, 0.55, 0.78, 6_000_000, 1)],
  ['XRP', profile(0.6, 0.8, 0.7, 10_000_000, 1.2)],
  ['ADA', profile(0.45, 0.85, 0.75, 3_000_000, 2)],
  ['DOGE', profile(0.15, 0.95, 0.72, 6_000_000, 1.5)],
  ['LTC', profile(80, 0.75, 0.75, 2_500_000, 2)],
  ['AVAX', profile(30, 0.9, 0.77, 2_500_000, 2)],
  ['LINK', profile(15, 0.85, 0.75, 2_500_000, 2)],
  ['DOT', profile(7, 0.85, 0.76, 1_500_000, 2.5)],
  ['TRX', profile(0.15, 0.5, 0.55, 2_000_000, 2)],
  ['TON', profile(6, 0.8, 0.6, 1_500_000, 2.5)],
  ['NEAR', profile(5, 0.95, 0.74, 1_500_000, 2.5)],
]);

const UNKNOWN_COIN = profile(10, 0.9, 0.7, 1_000_000, 3);

/** The profile of a coin by its base currency; coins not listed share one of their own. */
export function coinProfile(base: string): CoinProfile {
  return PROFILES.get(base) ?? UNKNOWN_COIN;
}
