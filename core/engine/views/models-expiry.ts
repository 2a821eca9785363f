import type { UtcMs } from '../../domain/index.ts';
import type { ModelManifest } from '../../inference/index.ts';
import { EXPIRY_WARNING_DAYS } from '../volatility/volatility-watch.ts';

const DAY_MS = 86_400_000;

/** What the trader is to be told of the end of the direction models in use; null while it is far away. */
export function modelsExpiry(
  manifest: Pick<ModelManifest, 'setId' | 'validUntil'> | undefined,
  now: UtcMs,
): { readonly title: string; readonly message: string } | null {
  if (manifest === undefined) return null;
  const { setId, validUntil } = manifest;
  const left = Date.parse(validUntil) - now;
  if (left > EXPIRY_WARNING_DAYS * DAY_MS) return null;
  const remedy = 'train or install a newer set; the strategy `trend` needs none';
  if (left <= 0) {
    return {
      title: 'The direction models have expired',
      message: `${setId} abstains from now on: ${remedy}`,
    };
  }
  return {
    title: 'The direction models expire soon',
    message: `${setId} is good until ${validUntil.slice(0, 10)}, ${Math.floor(left / DAY_MS)} days from now: ${remedy}`,
  };
}
