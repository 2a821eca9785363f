import {
  type AccountEvent,
  type AssetAmount,
  asBase,
  asQuote,
  negate,
  notional,
  type QuoteAmount,
  text,
  type UtcMs,
  VenueError,
} from '../../../domain/index.ts';
import type { BuyingPower } from './buying-power.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { VenueAccount } from './venue-account.ts';
import type { VenueRecords } from './venue-records.ts';

export interface TransferParts {
  readonly markets: ReadonlyMap<string, SymbolMarket>;
  readonly account: VenueAccount;
  readonly power: BuyingPower;
  readonly records: VenueRecords;
  /** The asset that everything is counted in. */
  readonly cash: string;
}

/** The trader's way to put money into the simulated account and to take it out. */
export class Transfers {
  readonly #parts: TransferParts;

  constructor(parts: TransferParts) {
    this.#parts = parts;
  }

  /**
   * @param amount signed: below 0 is taken out.
   * @throws VenueError when there is less free than is to be taken out, or when the asset's worth is not known.
   */
  make(asset: string, amount: AssetAmount, note: string, time: UtcMs): AccountEvent {
    const { account, power, records } = this.#parts;
    if (amount.isZero()) throw new VenueError('rejected', 'nothing is to be transferred');
    const free = power.free(asset);
    if (negate(amount).gt(free)) {
      const wanted = text(negate(amount));
      throw new VenueError('rejected', `${wanted} ${asset} cannot be taken out: ${text(free)} are free`);
    }
    const event: AccountEvent = {
      id: records.nextAccountEventId,
      kind: amount.isPositive() ? 'deposit' : 'withdrawal',
      asset,
      amount,
      quoteValue: this.#worth(asset, amount),
      symbol: null,
      tradeId: null,
      time,
      note,
    };
    account.credit(asset, amount);
    records.recordTransfer(event, account.balances());
    return event;
  }

  #worth(asset: string, amount: AssetAmount): QuoteAmount {
    if (asset === this.#parts.cash) return asQuote(amount);
    const isCoins = ({ instrument }: SymbolMarket): boolean =>
      instrument.kind === 'spot' && instrument.base === asset;
    const mark = [...this.#parts.markets.values()].find(isCoins)?.mark ?? null;
    if (mark === null) throw new VenueError('rejected', `what ${asset} is worth is not known here`);
    return notional(mark, asBase(amount));
  }
}
