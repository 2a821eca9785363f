import { describe, expect, it } from 'vitest';
import { DepthBook, type DepthChange } from './depth-book.ts';

function change(
  firstId: number,
  lastId: number,
  bids: DepthChange['bids'] = [],
  asks: DepthChange['asks'] = [],
) {
  return { firstId, lastId, bids, asks };
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
    expect(made.apply(change(1, 2, [[100, 1]]))).toBe(true);
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
    expect(made.apply(change(5, 10, [[100, 99]]))).toBe(true);
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
    expect(made.apply(change(14, 15, [[100, 9]]))).toBe(false);
    expect(made.top(1, 0)).toBeUndefined();
    made.snapshot({ lastId: 15, bids: [[90, 1]], asks: [[91, 1]] });
    expect(made.top(1, 0)?.bids).toEqual([[90, 1]]);
    expect(made.apply(change(16, 16))).toBe(true);
  });
});
