import { describe, expect, it } from 'vitest';
import type { Action } from '../../contract/index.ts';
import type { Decision } from '../../domain/index.ts';
import { votesFor } from '../testing/engine-scene.ts';
import { Agreement } from './agreement.ts';

function decision(id: string, action: Action, votes = votesFor(action)): Decision {
  // All that is looked at.
  return { id, action, votes } as unknown as Decision;
}

function scene() {
  const counted: boolean[] = [];
  return { counted, agreement: new Agreement((agreed) => counted.push(agreed)) };
}

describe('agreement', () => {
  it('is counted when both have decided on a bar, whichever of them was later', () => {
    const { agreement, counted } = scene();
    agreement.active(decision('one', 'BUY'));
    agreement.own(decision('two', 'SELL'));
    expect(counted).toEqual([]);
    agreement.own(decision('one', 'BUY'));
    agreement.active(decision('two', 'BUY'));
    expect(counted).toEqual([true, false]);
  });

  it('is counted bar by bar, however many lie between', () => {
    const { agreement, counted } = scene();
    for (let bar = 0; bar < 50; bar += 1)
      agreement.active(decision(`${bar}`, bar % 2 === 0 ? 'BUY' : 'HOLD'));
    for (let bar = 0; bar < 50; bar += 1) agreement.own(decision(`${bar}`, 'BUY'));
    expect(counted.filter(Boolean)).toHaveLength(25);
    expect(counted).toHaveLength(50);
  });

  it('counts no bar twice', () => {
    const { agreement, counted } = scene();
    agreement.active(decision('one', 'BUY'));
    agreement.own(decision('one', 'BUY'));
    agreement.own(decision('one', 'BUY'));
    expect(counted).toEqual([true]);
  });

  it('is not asked of a bar about which no voter was heard', () => {
    const { agreement, counted } = scene();
    agreement.active(decision('one', 'HOLD', []));
    agreement.own(decision('one', 'HOLD'));
    expect(counted).toEqual([]);
  });

  it('forgets bars that the other side never decides on', () => {
    const { agreement, counted } = scene();
    for (let bar = 0; bar < 1_001; bar += 1) agreement.active(decision(`${bar}`, 'BUY'));
    agreement.own(decision('0', 'BUY'));
    agreement.own(decision('1', 'BUY'));
    expect(counted).toEqual([true]);
  });
});
