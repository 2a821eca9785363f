import { assetAmount, type UtcMs } from '../../../core/domain/index.ts';
import { Holdings } from './holdings.ts';

export interface AccountTerms {
  readonly name: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly balances: Readonly<Record<string, string>>;
  readonly makerBps: number;
  readonly takerBps: number;
  /** An asset that fees are taken in while there is some of it, at three quarters of the price. */
  readonly feeAsset: string | null;
  /** What the key may do besides reading. */
  readonly trading: boolean;
  readonly withdrawals: boolean;
  /** Whether the key may be used from where the requests come from. */
  readonly addressAllowed: boolean;
}

export const USUAL_ACCOUNT: AccountTerms = {
  name: 'trader',
  apiKey: 'local-venue-key',
  secret: 'local-venue-secret',
  balances: { USDT: '10000' },
  makerBps: 10,
  takerBps: 10,
  feeAsset: null,
  trading: true,
  withdrawals: false,
  addressAllowed: true,
};

/** A person's account: its keys and what it holds. */
export class VenueAccount {
  readonly terms: AccountTerms;
  readonly holdings = new Holdings();
  /** False: the key was revoked. */
  keyWorks = true;

  constructor(terms: AccountTerms, opensAt: UtcMs) {
    this.terms = terms;
    for (const [asset, amount] of Object.entries(terms.balances))
      this.holdings.credit(asset, assetAmount(amount));
    this.holdings.keep(opensAt);
  }

  get name(): string {
    return this.terms.name;
  }
}

/** What the venue says a key may do. */
export const keyRights = ({ terms }: VenueAccount, now: UtcMs): unknown => ({
  ...{ ipRestrict: false, createTime: now, enableReading: true, enableWithdrawals: terms.withdrawals },
  ...{
    enableInternalTransfer: false,
    enableMargin: false,
    enableFutures: terms.trading,
    permitsUniversalTransfer: false,
  },
  ...{ enableVanillaOptions: false, enableFixApiTrade: false, enableFixReadOnly: false },
  ...{ enableSpotAndMarginTrading: terms.trading, enablePortfolioMarginTrading: false },
});
