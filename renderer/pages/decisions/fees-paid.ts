import type { FillView } from '../../../core/contract/index.ts';
import { money, moneyDecimals, UNTOLD } from '../../format/index.ts';

/** What an order's fills cost, by asset, in words; null without fills. A fee that the venue still owes us is said. */
export function feesPaid(fills: readonly Pick<FillView, 'fee' | 'feeAsset'>[]): string | null {
  if (fills.length === 0) return null;
  const byAsset = new Map<string, number>();
  for (const { fee, feeAsset } of fills) {
    if (fee === null) continue;
    const asset = feeAsset ?? '';
    byAsset.set(asset, (byAsset.get(asset) ?? 0) + Number(fee));
  }
  const told = [...byAsset].map(([asset, paid]) =>
    `${money(String(paid), moneyDecimals(asset))} ${asset}`.trim(),
  );
  const open = fills.some(({ fee }) => fee === null);
  if (told.length === 0) return `fee ${UNTOLD}`;
  return `fee ${told.join(' and ')}${open ? `, the rest ${UNTOLD}` : ''}`;
}
