import type { SafetySettings } from '../contract/index.ts';
import type { Instrument } from '../domain/index.ts';
import { briefPercent, coinText, moneyText } from './verdict.ts';

/** What had the last word on an entry's size. */
export type SizingLimit =
  | 'risk'
  | 'target'
  | 'symbol'
  | 'strategy'
  | 'group'
  | 'portfolio'
  | 'open-risk'
  | 'cash';

/** The sum behind an entry's size, as floats to be shown. Worths are in quote currency. */
export interface Sizing {
  readonly equity: number;
  /** Share of the equity that the stop may cost. */
  readonly riskPerTrade: number;
  /** From the price to the stop. */
  readonly stopDistance: number;
  /** Worth of what the stop would cost `riskPerTrade` of. */
  readonly wantedByRisk: number;
  /** Worth of what is missing to the strategy's target, where it states one: then that is wanted, not the risk's. */
  readonly wantedByTarget?: number;
  /** What each limit leaves; of the open risk, what the stop may cost. */
  readonly room: Readonly<Record<'symbol' | 'strategy' | 'group' | 'portfolio' | 'openRisk', number>>;
  /** What a buy may spend: the cash less the costs of the round trip. */
  readonly cash: number;
  readonly amount: number;
  readonly notional: number;
  /** Before fees and slippage. */
  readonly lossAtStop: number;
  /** Of the equity. */
  readonly lossAtStopShare: number;
  readonly limitedBy: SizingLimit;
}

type LimitShares = Pick<
  SafetySettings,
  'maxSymbolExposure' | 'maxStrategyExposure' | 'maxGroupExposure' | 'maxPortfolioExposure' | 'maxOpenRisk'
>;
type Currencies = Pick<Instrument, 'symbol' | 'base' | 'quote'>;

/** The sum as numbers of a verdict; the equity is there already. */
export function sizingNumbers(sizing: Sizing): Record<string, number> {
  const { equity: _, room, limitedBy: __, ...numbers } = sizing;
  return {
    ...numbers,
    roomSymbol: room.symbol,
    roomStrategy: room.strategy,
    roomGroup: room.group,
    roomPortfolio: room.portfolio,
    roomOpenRisk: room.openRisk,
  };
}

/** The size, what limited it and what its stop would cost, in a sentence. */
export function sizingMessage(sizing: Sizing, { base, quote }: Currencies, limits: LimitShares): string {
  const { amount, notional, limitedBy, lossAtStopShare, riskPerTrade } = sizing;
  const allowed = limitedBy === 'target' ? '' : `, ${briefPercent(riskPerTrade)} was allowed`;
  return (
    `${coinText(amount)} ${base} for ${moneyText(notional)} ${quote}: limited by ${words(limitedBy, limits)}; ` +
    `its stop would cost ${briefPercent(lossAtStopShare)} of the equity${allowed}`
  );
}

/** Why an entry that the limits clip is not worth its costs, in a sentence. */
export function tooSmallMessage(
  sizing: Sizing,
  { symbol, quote }: Currencies,
  limits: LimitShares & Pick<SafetySettings, 'minEntryShare'>,
): string {
  const { equity, notional, limitedBy, wantedByRisk, wantedByTarget = wantedByRisk } = sizing;
  const { minEntryShare } = limits;
  return (
    `${words(limitedBy, limits)} leaves room for ${moneyText(notional)} ${quote} of ${symbol} only, ` +
    `a worthwhile entry has ${moneyText(equity * minEntryShare)} ${quote} or more (${briefPercent(minEntryShare)} of the equity), ` +
    `${moneyText(wantedByTarget)} ${quote} was wanted`
  );
}

function words(limit: SizingLimit, limits: LimitShares): string {
  switch (limit) {
    case 'risk':
      return 'the risk';
    case 'target':
      return "the strategy's target";
    case 'symbol':
      return `the symbol's ${briefPercent(limits.maxSymbolExposure)}`;
    case 'strategy':
      return `the strategy's ${briefPercent(limits.maxStrategyExposure)}`;
    case 'group':
      return `the ${briefPercent(limits.maxGroupExposure)} of what moves together`;
    case 'portfolio':
      return `the portfolio's ${briefPercent(limits.maxPortfolioExposure)}`;
    case 'open-risk':
      return `the open risk's ${briefPercent(limits.maxOpenRisk)}`;
    case 'cash':
      return 'the cash';
  }
}
