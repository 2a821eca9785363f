import { type Random, SeededRandom } from '../../../core/domain/index.ts';

/** A stream of chance of its own for each purpose: drawing more in one place shifts nothing in another. */
export function randomFor(seed: number, purpose: string): Random {
  let hash = 0x811c9dc5 ^ seed;
  // FNV-1a (Fowler, Noll, Vo): enough to tell streams apart.
  for (const character of purpose) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return new SeededRandom(hash >>> 0);
}
