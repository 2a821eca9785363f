import { describe, expect, test } from 'vitest';
import { MemoryStateStore } from '../storage/index.ts';
import { type DocumentFormat, StateDocument, type StateStore } from './index.ts';

interface Count {
  readonly bars: number;
}

function isCount(stored: unknown): stored is Count {
  return typeof stored === 'object' && stored !== null && 'bars' in stored && typeof stored.bars === 'number';
}

const COUNT: DocumentFormat<Count> = {
  version: 1,
  initial: { bars: 0 },
  parse: (stored) => (isCount(stored) ? stored : undefined),
};

function document(store: StateStore, format: Partial<DocumentFormat<Count>> = {}): StateDocument<Count> {
  return new StateDocument(store, 'count', { ...COUNT, ...format });
}

describe('a stored document', () => {
  test('is as it begins before it was written, and comes back as it was written', () => {
    const store = new MemoryStateStore();
    expect(document(store).read()).toEqual({ ok: true, value: { bars: 0 } });
    document(store).write({ bars: 7 });
    expect(document(store).read()).toEqual({ ok: true, value: { bars: 7 } });
  });

  test('from before there were versions is read', () => {
    const store = new MemoryStateStore();
    store.write('count', { bars: 7 });
    expect(document(store).read()).toEqual({ ok: true, value: { bars: 7 } });
  });

  test('of an older version is read by who knows how it was', () => {
    const store = new MemoryStateStore();
    document(store).write({ bars: 7 });
    // Since version 2 they are counted twice.
    const parse = (stored: unknown, version: number): Count | undefined => {
      return isCount(stored) ? { bars: version < 2 ? 2 * stored.bars : stored.bars } : undefined;
    };
    const newer = document(store, { version: 2, parse });
    expect(newer.read()).toEqual({ ok: true, value: { bars: 14 } });
    newer.write({ bars: 14 });
    expect(newer.read()).toEqual({ ok: true, value: { bars: 14 } });
  });

  test('of a newer version is not guessed at', () => {
    const store = new MemoryStateStore();
    document(store, { version: 2 }).write({ bars: 7 });
    expect(document(store).read()).toEqual({
      ok: false,
      fault: 'the stored count cannot be used: a newer version of the program wrote it',
    });
  });

  test.each([
    ['another shape', { hours: 1 }],
    ['no object', 7],
    ['nothing', null],
    ['a version that is no number', { documentVersion: '1', value: { bars: 7 } }],
    ['a version without a value', { documentVersion: 1, bars: '7' }],
    ['a value that is none', { documentVersion: 1, value: null }],
  ])('that is %s is a fault, and never the end of the process', (_, stored) => {
    const store = new MemoryStateStore();
    store.write('count', stored);
    expect(document(store).read()).toEqual({
      ok: false,
      fault: 'the stored count cannot be used: it is damaged',
    });
  });

  test.each<[string, StateStore, Partial<DocumentFormat<Count>>]>([
    [
      'whose store cannot be read',
      {
        read: () => {
          throw new Error('disk I/O error');
        },
        write: () => undefined,
      },
      {},
    ],
    [
      'at which its reader fails',
      { read: () => ({ bars: 7 }), write: () => undefined },
      {
        parse: () => {
          throw new Error('disk I/O error');
        },
      },
    ],
  ])('%s is a fault too', (_, store, format) => {
    expect(document(store, format).read()).toEqual({
      ok: false,
      fault: 'the stored count cannot be used: Error: disk I/O error',
    });
  });

  test('that cannot be read is what the one who asks makes of it', () => {
    const store = new MemoryStateStore();
    const faults: string[] = [];
    const otherwise = (fault: string): Count => {
      faults.push(fault);
      return { bars: -1 };
    };
    expect(document(store).readOr(otherwise)).toEqual({ bars: 0 });
    expect(faults).toEqual([]);
    store.write('count', 'nonsense');
    expect(document(store).readOr(otherwise)).toEqual({ bars: -1 });
    expect(faults).toEqual(['the stored count cannot be used: it is damaged']);
  });
});
