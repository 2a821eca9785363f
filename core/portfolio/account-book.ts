import {
  type AccountEvent,
  type AssetAmount,
  add,
  assetAmount,
  type Fee,
  foldFee,
  negate,
  type QuoteAmount,
  releaseBy,
  text,
  ZERO_QUOTE,
} from '../domain/index.ts';
import type { Holding } from './holding.ts';

const NOTHING = assetAmount(0);

type Sum = 'opening' | 'capital' | 'paidIn' | 'cash' | 'funding' | 'adjustments' | 'fees';

export interface BookedSoFar {
  readonly sums: Readonly<Record<Sum, QuoteAmount>>;
  readonly assets: readonly (readonly [string, AssetAmount])[];
}

/** The account's money beside what its positions are worth: cash, where it came from, and other assets. */
export class AccountBook {
  /** What the account opened with. */
  opening = ZERO_QUOTE;
  /** What profit is measured from: what was paid in less what was paid out. */
  capital = ZERO_QUOTE;
  /** What was ever paid in. */
  paidIn = ZERO_QUOTE;
  cash = ZERO_QUOTE;
  /** Funding and interest, received less paid. */
  funding = ZERO_QUOTE;
  /** Of conversions and of what others changed, received less paid. */
  adjustments = ZERO_QUOTE;
  /** Fees that no position bears. */
  fees = ZERO_QUOTE;
  readonly #assets: Map<string, AssetAmount>;

  /** @param from what an earlier process had booked. */
  constructor(from: BookedSoFar | null = null) {
    this.#assets = new Map(from?.assets ?? []);
    if (from !== null) Object.assign(this, from.sums);
  }

  /** To go on from. */
  soFar(): BookedSoFar {
    const { opening, capital, paidIn, cash, funding, adjustments, fees } = this;
    return {
      sums: { opening, capital, paidIn, cash, funding, adjustments, fees },
      assets: [...this.#assets],
    };
  }

  /** What came or went by asset beside trading itself: fees and account events. A copy. */
  assets(): Map<string, AssetAmount> {
    return new Map(this.#assets);
  }

  /** What a fill did to the cash, but for its fee. */
  pay(flow: QuoteAmount): void {
    this.cash = add(this.cash, flow);
  }

  /** A fee that was not taken out of what is held: it counts as if its worth had been paid in cash. */
  payFee({ asset, amount, quoteValue }: Fee, isCounted: boolean): void {
    credit(this.#assets, asset, negate(amount));
    if (isCounted) this.pay(negate(quoteValue));
  }

  /**
   * Counts money that moved by another way than a fill.
   *
   * @param holding the symbol that a fee belongs to; of other events the one that holds the asset, if any does.
   */
  book(event: AccountEvent, holding: Holding | undefined): void {
    if (event.kind === 'fee') {
      this.#bookFee(event, holding);
      return;
    }
    const { kind, asset, quoteValue } = event;
    credit(this.#assets, asset, this.#release(event, holding));
    this.pay(quoteValue);
    switch (kind) {
      case 'opening':
        this.opening = add(this.opening, quoteValue);
        this.#transfer(quoteValue);
        break;
      case 'deposit':
      case 'withdrawal':
        this.#transfer(quoteValue);
        break;
      case 'funding':
      case 'interest':
        this.funding = add(this.funding, quoteValue);
        break;
      case 'conversion':
      case 'external':
        this.adjustments = add(this.adjustments, quoteValue);
    }
  }

  #transfer(quoteValue: QuoteAmount): void {
    this.capital = add(this.capital, quoteValue);
    if (quoteValue.gt(0)) this.paidIn = add(this.paidIn, quoteValue);
  }

  #bookFee(event: AccountEvent, holding: Holding | undefined): void {
    const isCounted = holding?.isCounted ?? true;
    const fee: Fee = {
      asset: event.asset,
      amount: negate(event.amount),
      quoteValue: negate(event.quoteValue),
    };
    const rest = holding === undefined ? fee : this.#bear(holding, fee);
    if (rest !== null && isCounted) this.fees = add(this.fees, rest.quoteValue);
    const unheld = holding !== undefined && fee.asset === holding.asset ? rest : fee;
    if (unheld !== null) this.payFee(unheld, isCounted);
  }

  #bear(holding: Holding, fee: Fee): Fee | null {
    const { position, rest } = foldFee(holding.position, fee, holding.asset);
    holding.position = position;
    return rest;
  }

  /** Coins that go are taken out of the position that holds them, as if it had sold them; answers what is left. */
  #release(event: AccountEvent, holding: Holding | undefined): AssetAmount {
    const release = releaseBy(event, holding?.position);
    if (holding === undefined || release === null) return event.amount;
    const { position, worth, missing } = release;
    holding.position = position;
    this.pay(worth);
    return negate(assetAmount(text(missing)));
  }
}

/** Adds to an asset's amount. */
export function credit(assets: Map<string, AssetAmount>, asset: string, amount: AssetAmount): void {
  assets.set(asset, add(assets.get(asset) ?? NOTHING, amount));
}
