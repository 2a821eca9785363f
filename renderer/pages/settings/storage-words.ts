import type { MirrorView } from '../../../core/contract/index.ts';
import { fixed, shortTime } from '../../format/index.ts';

const MEGABYTE = 1_000_000;

export function megabytes(bytes: number): string {
  return `${fixed(bytes / MEGABYTE, 1)} MB`;
}

/** @param bytesPerDay null: not known yet. */
export function growthWords(bytesPerDay: number | null): string {
  if (bytesPerDay === null) return 'How it grows is known after an hour';
  const way = bytesPerDay < 0 ? 'Shrinks' : 'Grows';
  return `${way} by ${megabytes(Math.abs(bytesPerDay))} a day`;
}

const STATES: Readonly<Record<MirrorView['state'], string>> = {
  connecting: 'connecting',
  up: 'up',
  down: 'down',
  never: 'never reached',
};

export function mirrorWords({ state, since }: Pick<MirrorView, 'state' | 'since'>): string {
  return since === null ? STATES[state] : `${STATES[state]} since ${shortTime(since)}`;
}
