import { randomFor } from '../market/seeds.ts';
import type { Fault, FaultName } from './fault.ts';

interface Shape {
  /** Lasts so long at most; absent: strikes once. */
  readonly longestMs?: number;
  /** Sizes in milliseconds. */
  readonly sizeMs?: readonly [number, number];
  readonly on?: string;
}

/** How the faults look that come by chance. What ends a market or a key for good does not come by chance. */
const SHAPES: Partial<Readonly<Record<FaultName, Shape>>> = {
  'lost-answer': { on: '/order' },
  'lost-request': {},
  'late-request': { sizeMs: [500, 4_000] },
  'late-answer': { sizeMs: [500, 15_000] },
  'cut-json': {},
  'empty-answer': {},
  'unknown-outcome': { on: '/order' },
  timeout: {},
  'bad-gateway': { longestMs: 5_000 },
  'too-many-requests': { sizeMs: [1_000, 5_000] },
  banned: { sizeMs: [2_000, 20_000] },
  'clock-skew': { longestMs: 20_000, sizeMs: [-6_000, 12_000] },
  'list-lag': { longestMs: 20_000, sizeMs: [500, 6_000] },
  'orders-purged': { longestMs: 60_000, sizeMs: [10_000, 60_000] },
  'duplicate-events': {},
  'reordered-events': {},
  'late-events': { sizeMs: [500, 8_000] },
  'lost-events': {},
  'dropped-sockets': {},
  'half-open-sockets': { longestMs: 40_000 },
  'user-stream-expired': {},
  'garbage-frame': {},
  'missing-depth-update': {},
  maintenance: { longestMs: 20_000 },
  'filters-changed': { longestMs: 60_000 },
  'stop-refused': {},
};

/** Mean time between two faults. */
const EVERY_MS = 20_000;

/** A day of faults out of a seed: the same seed gives the same. */
export function seededFaults(seed: number, forMs: number, names: readonly FaultName[]): readonly Fault[] {
  const random = randomFor(seed, 'faults');
  const usable = names.flatMap((name) => {
    const shape = SHAPES[name];
    return shape === undefined ? [] : [{ name, shape }];
  });
  const faults: Fault[] = [];
  for (let at = EVERY_MS; at < forMs; at += EVERY_MS * (0.5 + random.next())) {
    const picked = usable[Math.floor(random.next() * usable.length)];
    if (picked === undefined) return faults;
    const { longestMs, sizeMs, on } = picked.shape;
    faults.push({
      ...{ name: picked.name, at: Math.round(at) },
      ...(longestMs === undefined ? {} : { forMs: Math.round(longestMs * (0.2 + 0.8 * random.next())) }),
      ...(sizeMs === undefined
        ? {}
        : { ms: Math.round(sizeMs[0] + (sizeMs[1] - sizeMs[0]) * random.next()) }),
      ...(on === undefined ? {} : { on }),
    });
  }
  return faults;
}
