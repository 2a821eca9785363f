import { expect, test } from 'vitest';
import { type Opinion, opinionWith } from './index.ts';

test('an opinion that makes its words when they are read keeps them when it gets other parts', () => {
  class Late {
    readonly kind = 'vote';
    readonly voter = 'bull';
    readonly source = 'rules';
    readonly action = 'BUY';
    readonly confidence = 0.5;
    get thesis(): string {
      return 'the trend is up';
    }
    get evidence(): readonly string[] {
      return [];
    }
    get invalidation(): string {
      return 'a close below 90';
    }
    get horizonBars(): number {
      return 24;
    }
  }
  const late: Opinion = new Late();
  expect(opinionWith(late, { confidence: 0.25 })).toMatchObject({
    ...{ action: 'BUY', confidence: 0.25, thesis: 'the trend is up' },
    ...{ evidence: [], invalidation: 'a close below 90', horizonBars: 24 },
  });
});
