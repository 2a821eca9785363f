import {
  type Disposal,
  type GainsMethod,
  gainsByYear,
  gainsOf,
  termsOf,
  type YearOfGains,
} from '../../portfolio/index.ts';
import { withStores } from './offline.ts';
import type { BooksSettings } from './store-names.ts';

export interface StoredGains {
  readonly years: readonly YearOfGains[];
  readonly disposals: readonly Disposal[];
}

/**
 * What was sold under a mode and what it had cost, from its ledger; nothing when it never ran here.
 *
 * @param yearOf the calendar year of a moment, where the trader pays taxes.
 * @throws StorageError
 */
export function storedGains(
  directory: string,
  settings: BooksSettings,
  method: GainsMethod,
  yearOf: (time: number) => number,
): StoredGains {
  const assetOf = (symbol: string): string | null => {
    const { isSpot, base } = termsOf(symbol, undefined);
    return isSpot ? base : null;
  };
  const [gains] = withStores(directory, settings, ({ ledger }) => [
    gainsOf({ fills: ledger.fills(), events: ledger.accountEvents(), method, assetOf }),
  ]);
  if (gains === undefined) return { years: [], disposals: [] };
  return { years: gainsByYear(gains, yearOf), disposals: gains.disposals };
}
