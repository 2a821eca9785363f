import {
  type AssetAmount,
  add,
  assetAmount,
  negate,
  subtract,
  type UtcMs,
} from '../../../core/domain/index.ts';

export interface Holding {
  readonly free: AssetAmount;
  readonly locked: AssetAmount;
}

const NOTHING: Holding = { free: assetAmount(0), locked: assetAmount(0) };
const SNAPSHOTS_KEPT = 5_000;

/** What an account has of each asset, and what it had: a lagging answer shows an earlier state. */
export class Holdings {
  readonly #assets = new Map<string, Holding>();
  readonly #past: { readonly at: UtcMs; readonly assets: ReadonlyMap<string, Holding> }[] = [];

  of(asset: string): Holding {
    return this.#assets.get(asset) ?? NOTHING;
  }

  total(asset: string): AssetAmount {
    return add(this.of(asset).free, this.of(asset).locked);
  }

  assets(): ReadonlyMap<string, Holding> {
    return this.#assets;
  }

  assetsAt(at: UtcMs): ReadonlyMap<string, Holding> {
    return this.#past.findLast((past) => past.at <= at)?.assets ?? this.#past[0]?.assets ?? this.#assets;
  }

  /** Remembers the present state as that of a time. */
  keep(at: UtcMs): void {
    this.#past.push({ at, assets: new Map(this.#assets) });
    if (this.#past.length > SNAPSHOTS_KEPT) this.#past.splice(0, SNAPSHOTS_KEPT / 2);
  }

  credit(asset: string, amount: AssetAmount): void {
    const { free, locked } = this.of(asset);
    this.#assets.set(asset, { free: add(free, amount), locked });
  }

  debit(asset: string, amount: AssetAmount): void {
    this.credit(asset, negate(amount));
  }

  lock(asset: string, amount: AssetAmount): void {
    const { free, locked } = this.of(asset);
    this.#assets.set(asset, { free: subtract(free, amount), locked: add(locked, amount) });
  }

  unlock(asset: string, amount: AssetAmount): void {
    this.lock(asset, negate(amount));
  }

  /** Pays out of what is locked. */
  spendLocked(asset: string, amount: AssetAmount): void {
    const { free, locked } = this.of(asset);
    this.#assets.set(asset, { free, locked: subtract(locked, amount) });
  }
}
