import { type Instrument, type Price, price, type UtcMs } from '../../../domain/index.ts';
import { LiveBook } from './live-book.ts';
import type { StepWalk } from './step-walk.ts';
import type { WorkingOrders } from './working-orders.ts';

/** One symbol that the simulated venue lists. */
export class SymbolMarket {
  /** As it was told last. */
  instrument: Instrument;
  readonly working: WorkingOrders;
  /** Of the real venue whose orders are filled on paper here; empty where steps are walked. */
  readonly book = new LiveBook();
  /** End of the last step applied, or time of the last trade. */
  appliedUntil: UtcMs;
  /** Close of the last step, or what an earlier process last saw traded; null before anything was. */
  lastClose: number | null;
  /** The step on its way; null between steps. */
  walk: StepWalk | null = null;

  constructor(
    instrument: Instrument,
    working: WorkingOrders,
    before: { readonly appliedUntil: UtcMs; readonly lastPrice: Price | null },
  ) {
    this.instrument = instrument;
    this.working = working;
    this.appliedUntil = before.appliedUntil;
    this.lastClose = before.lastPrice === null ? null : before.lastPrice.toNumber();
  }

  /** The market's price now, or the best guess at it; null when there has been none. */
  get mark(): Price | null {
    const last = this.walk === null ? this.lastClose : this.walk.price;
    return last === null ? null : price(last);
  }
}
