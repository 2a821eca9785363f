import {
  type AccountSnapshot,
  type AssetAmount,
  add,
  amountFor,
  asAsset,
  asBase,
  asQuote,
  assetAmount,
  type BaseAmount,
  floorTo,
  type Instrument,
  maximum,
  notional,
  type OrderIntent,
  type Price,
  type QuoteAmount,
  subtract,
  type VenueOrder,
  ZERO_BASE,
  ZERO_QUOTE,
} from '../../../domain/index.ts';
import type { AcceptanceView } from './acceptance.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingTerms } from './terms.ts';
import type { VenueAccount } from './venue-account.ts';
import { remainingAmount, type WorkingOrder } from './working-order.ts';

const NOTHING = assetAmount(0);

/** What the account can still carry, with every margin's and every working order's claim held back. */
export class BuyingPower {
  readonly #markets: ReadonlyMap<string, SymbolMarket>;
  readonly #account: VenueAccount;
  readonly #terms: TradingTerms;

  constructor(markets: ReadonlyMap<string, SymbolMarket>, account: VenueAccount, terms: TradingTerms) {
    this.#markets = markets;
    this.#account = account;
    this.#terms = terms;
  }

  /** What of an asset nothing has a claim on. */
  free(asset: string): AssetAmount {
    return this.#free(asset, null);
  }

  /** Everything the account holds, by asset. */
  assets(): AccountSnapshot['assets'] {
    const balances = [...this.#account.balances()];
    return new Map(balances.map(([asset, total]) => [asset, { total, free: this.free(asset) }]));
  }

  /** What acceptance weighs a new order by. */
  viewFor(market: SymbolMarket, intent: OrderIntent): AcceptanceView {
    const { instrument, mark, working } = market;
    return {
      instrument,
      mark,
      closable: this.#account.closable(instrument, intent.side),
      freeCoins: () => asBase(this.free(instrument.base)),
      freeCash: () => asQuote(this.free(instrument.settle)),
      workingStops: working.all.filter(({ venue }) => venue.type === 'stop').length,
      worstCost: (from) => this.#terms.withFee(this.#worstPrice(instrument, intent, from)),
    };
  }

  /** How much of an order can execute at a price: what it closes, and beyond that what cash allows. */
  capacity({ instrument }: SymbolMarket, order: WorkingOrder, at: Price): BaseAmount {
    const { venue } = order;
    const cash = asQuote(this.#free(instrument.settle, order));
    const opening = mayOpen(venue, instrument) ? amountFor(cash, this.#terms.withFee(at)) : ZERO_BASE;
    return floorTo(add(this.#account.closable(instrument, venue.side), opening), instrument.lotSize);
  }

  /** Nothing, when the claims have outgrown what there is, as after a price that ran away. */
  #free(asset: string, except: WorkingOrder | null): AssetAmount {
    let free = subtract(this.#account.balance(asset), this.#account.margin(asset));
    for (const market of this.#markets.values()) {
      for (const order of market.working.all) {
        if (order !== except) free = subtract(free, this.#claim(market, order, asset));
      }
    }
    return maximum(NOTHING, free);
  }

  /** What a working order holds back of an asset: the coins it would sell, or the cash that opening would cost. */
  #claim(market: SymbolMarket, order: WorkingOrder, asset: string): AssetAmount {
    const { instrument } = market;
    if (instrument.kind === 'spot' && order.venue.side === 'sell') {
      return instrument.base === asset ? asAsset(remainingAmount(order)) : NOTHING;
    }
    return instrument.settle === asset ? asAsset(this.#cashClaim(market, order)) : NOTHING;
  }

  #cashClaim(market: SymbolMarket, order: WorkingOrder): QuoteAmount {
    const { instrument } = market;
    const { venue } = order;
    const from = order.stage === 'taking' ? market.mark : order.own;
    if (from === null || !mayOpen(venue, instrument)) return ZERO_QUOTE;
    const opening = subtract(remainingAmount(order), this.#account.closable(instrument, venue.side));
    const worst = this.#terms.withFee(this.#worstPrice(instrument, venue, from));
    return notional(worst, maximum(ZERO_BASE, opening));
  }

  /** What an order that executes from a price pays at worst, before fees. */
  #worstPrice(instrument: Instrument, { type, side }: Pick<VenueOrder, 'type' | 'side'>, from: Price): Price {
    return type === 'limit' ? from : this.#terms.takerPrice(instrument, side, from);
  }
}

/** Whether an order may add exposure: on spot a sell never does. */
function mayOpen(order: Pick<VenueOrder, 'side' | 'reduceOnly'>, { kind }: Instrument): boolean {
  return !order.reduceOnly && !(kind === 'spot' && order.side === 'sell');
}
