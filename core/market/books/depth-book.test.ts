import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DepthBook, type DepthChange } from './depth-book.ts';

function change(
  firstId: number,
  lastId: number,
  bids: DepthChange['bids'] = [],
  asks: DepthChange['asks'] = [],
) {
  return { previousId: firstId - 1, lastId, bids, asks };
}

function book(): DepthBook {
  const made = new DepthBook();
  made.snapshot({
    lastId: 10,
    bids: [
      [100, 1],
      [99, 2],
    ],
    asks: [
      [101, 3],
      [102, 4],
    ],
  });
  return made;
}

describe('a book kept up with its changes', () => {
  it('is not usable before a snapshot', () => {
    const made = new DepthBook();
    expect(made.apply(change(1, 2, [[100, 1]]))).toBeUndefined();
    expect(made.usable).toBe(false);
    expect(made.top(5, 0)).toBeUndefined();
  });

  it('has the best levels first and forgets levels whose amount is 0', () => {
    const made = book();
    made.apply(
      change(
        11,
        12,
        [
          [100, 0],
          [99.5, 7],
        ],
        [[100.5, 1]],
      ),
    );
    expect(made.top(2, 7)).toEqual({
      time: 7,
      bids: [
        [99.5, 7],
        [99, 2],
      ],
      asks: [
        [100.5, 1],
        [101, 3],
      ],
    });
  });

  it('drops what the snapshot has already', () => {
    const made = book();
    expect(made.apply(change(5, 10, [[100, 99]]))).toBeUndefined();
    expect(made.top(1, 0)?.bids).toEqual([[100, 1]]);
  });

  it('applies what came before the snapshot and goes beyond it', () => {
    const made = new DepthBook();
    made.apply(change(3, 9, [[50, 1]]));
    made.apply(change(10, 12, [[100.5, 2]]));
    made.snapshot({ lastId: 10, bids: [[100, 1]], asks: [[101, 1]] });
    expect(made.top(3, 0)?.bids).toEqual([
      [100.5, 2],
      [100, 1],
    ]);
  });

  it('is not usable after a hole until the next snapshot', () => {
    const made = book();
    expect(made.apply(change(14, 15, [[100, 9]]))).toEqual({ afterId: 10, untilId: 13 });
    expect(made.top(1, 0)).toBeUndefined();
    made.snapshot({ lastId: 15, bids: [[90, 1]], asks: [[91, 1]] });
    expect(made.top(1, 0)?.bids).toEqual([[90, 1]]);
    expect(made.apply(change(16, 16))).toBeUndefined();
  });

  it('takes a snapshot that is answered late: the changes since are put on it again', () => {
    const made = book();
    made.apply(change(11, 14, [[100.5, 1]]));
    made.apply(change(15, 18, [[100.6, 2]]));
    expect(made.snapshot({ lastId: 14, bids: [[100.5, 1]], asks: [[101, 1]] })).toBe(true);
    expect(made.top(1, 0)?.bids).toEqual([[100.6, 2]]);
    expect(made.apply(change(19, 20))).toBeUndefined();
    expect(made.usable).toBe(true);
  });

  it('refuses a snapshot from before a hole or before the first change', () => {
    const made = book();
    made.apply(change(14, 15));
    expect(made.snapshot({ lastId: 11, bids: [[90, 1]], asks: [[91, 1]] })).toBe(false);
    expect(made.usable).toBe(false);
    expect(made.snapshot({ lastId: 13, bids: [[90, 1]], asks: [[91, 1]] })).toBe(true);
    expect(made.usable).toBe(true);
  });

  it('counts a hole once, also while it has no snapshot', () => {
    const made = new DepthBook();
    made.apply(change(1, 2));
    expect(made.apply(change(5, 6))).toEqual({ afterId: 2, untilId: 4 });
    expect(made.apply(change(7, 8))).toBeUndefined();
  });

  it('of perpetuals follows the id that each change names, whose own ids leave numbers out', () => {
    const made = book();
    const leap = { previousId: 10, lastId: 57, bids: [[100.5, 1]], asks: [] } as const;
    expect(made.apply(leap)).toBeUndefined();
    expect(made.apply({ previousId: 60, lastId: 70, bids: [], asks: [] })).toEqual({
      afterId: 57,
      untilId: 60,
    });
  });

  it('is the book that the venue has, wherever its snapshots fall among the changes', () => {
    // A venue's book of ten prices, changed one after another; snapshots tell it as it was a while ago.
    const updates = fc.array(fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 60,
    });
    const snapshotsAt = fc.array(fc.tuple(fc.nat(59), fc.nat(8)), { maxLength: 4 });
    fc.assert(
      fc.property(updates, snapshotsAt, (changes, snapshots) => {
        const states = [new Map<number, number>()];
        for (const [price, amount] of changes) states.push(new Map(states.at(-1)).set(price, amount));
        const listed = (state: Map<number, number> | undefined) =>
          [...(state ?? [])].filter(([, amount]) => amount > 0).sort(([a], [b]) => b - a);
        const made = new DepthBook();
        made.snapshot({ lastId: 0, bids: [], asks: [] });
        for (const [index, level] of changes.entries()) {
          expect(made.apply(change(index + 1, index + 1, [level]))).toBeUndefined();
          for (const [at, age] of snapshots.filter(([at]) => at === index)) {
            const lastId = Math.max(0, at + 1 - age);
            expect(made.snapshot({ lastId, bids: listed(states[lastId]), asks: [] })).toBe(true);
          }
          expect(made.top(10, 0)?.bids).toEqual(listed(states[index + 1]));
        }
      }),
    );
  });
});
