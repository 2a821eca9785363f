import { describe, expect, test } from 'vitest';
import { inLanes } from './in-lanes.ts';

/** Work that ends when it is told to. */
function works(count: number) {
  const ends: (() => void)[] = [];
  const fails: ((error: unknown) => void)[] = [];
  const begun: number[] = [];
  const next = (): Promise<void> | null => {
    if (begun.length === count) return null;
    begun.push(begun.length);
    return new Promise((resolve, reject) => {
      ends.push(resolve);
      fails.push(reject);
    });
  };
  return {
    next,
    begun,
    end: (index: number) => ends[index]?.(),
    fail: (index: number) => fails[index]?.('lost'),
  };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('work in lanes', () => {
  test('is begun as lanes become free, and is over when all of it has ended', async () => {
    const { next, begun, end } = works(3);
    let isOver = false;
    const done = inLanes(2, next).then(() => {
      isOver = true;
    });
    await settled();
    expect(begun).toEqual([0, 1]);
    end(1);
    await settled();
    expect(begun).toEqual([0, 1, 2]);
    end(2);
    await settled();
    expect(isOver).toBe(false);
    end(0);
    await done;
    expect(isOver).toBe(true);
  });

  test('begins nothing after a failure, which is told when the others have ended', async () => {
    const { next, begun, end, fail } = works(9);
    let said: unknown;
    const done = inLanes(3, next).catch((error: unknown) => {
      said = error;
    });
    await settled();
    fail(1);
    end(0);
    await settled();
    expect([begun.length, said]).toEqual([3, undefined]);
    end(2);
    await done;
    expect(said).toBe('lost');
  });

  test('a reading that fails is a failure as well', async () => {
    const next = (): never => {
      throw new Error('the books are damaged');
    };
    await expect(inLanes(2, next)).rejects.toThrow('the books are damaged');
  });

  test('leaves the event loop to others between two readings', async () => {
    const order: string[] = [];
    let left = 3;
    setImmediate(() => order.push('another'));
    await inLanes(3, () => {
      order.push('reading');
      left -= 1;
      setImmediate(() => order.push('another'));
      return left < 0 ? null : Promise.resolve();
    });
    expect(order.join(' ')).not.toContain('reading reading');
  });
});
