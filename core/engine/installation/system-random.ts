import { randomInt } from 'node:crypto';
import type { Random } from '../../domain/index.ts';

/** Values that nobody can foresee, for names that must differ from computer to computer. */
export const SYSTEM_RANDOM: Random = {
  // The one place where chance comes in.
  next: () => randomInt(2 ** 47) / 2 ** 47,
};
