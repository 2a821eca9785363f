import { describe, expect, it } from 'vitest';
import { caseOf } from '../../../tests/contracts/hindsight-store-contract.ts';
import { hindsightInterval, hindsightRows } from '../../contract/index.ts';
import { MemoryHindsightStore } from '../../storage/index.ts';
import { Hindsight } from '../loop/hindsight.ts';
import { entryHindsight, hindsightView } from './hindsight-view.ts';

const WEEK = 7 * 24 * 3_600_000;

/** Ten weeks with an entry that was made and gained 2 or 4 %, and one that was refused and lost 1 %. */
function scene() {
  const store = new MemoryHindsightStore();
  for (let week = 0; week < 10; week += 1) {
    const time = week * WEEK;
    const bear = { voter: 'bear', source: 'rules' } as const;
    store.append(caseOf(`made ${week}`, { time, stances: [{ ...bear, stance: 0 }] }));
    store.settle(`made ${week}`, week % 2 === 0 ? 0.02 : 0.04);
    const refusedBy = week < 2 ? (['cost-gate', 'churn-throttle'] as const) : (['cost-gate'] as const);
    const stances = [{ ...bear, stance: -0.5 }];
    store.append(
      caseOf(`refused ${week}`, { time, traded: false, refusedBy, share: 0.2, left: 0.75, stances }),
    );
    store.settle(`refused ${week}`, -0.01);
  }
  store.append(caseOf('waiting', { time: 11 * WEEK }));
  store.append(caseOf('other', { strategy: 'rules', share: 0 }));
  store.settle('other', 0.5);
  return new Hindsight(store);
}

describe('the table of hindsight', () => {
  it('has what was made, what each gate refused, what the voters took away, and what each opposed', () => {
    const view = hindsightView(scene(), 'trend');
    expect(view).toMatchObject({ strategy: 'trend', since: 0, pending: 1 });
    expect(view.made).toMatchObject({ count: 10, weeks: 10 });
    expect(view.made.meanPct).toBeCloseTo(3, 12);
    expect(view.made.sumPct).toBeCloseTo(3, 12);
    // Deviations of 1 in ten weeks: the error of the mean is 1/3, its 95 % 0.653.
    expect(view.made.interval?.low).toBeCloseTo(3 - 1.96 / 3, 9);
    expect(view.gates.map(({ layer, alone, refused }) => [layer, alone, refused.count])).toEqual([
      ['cost-gate', 8, 10],
      ['churn-throttle', 0, 2],
    ]);
    expect(view.gates[0]?.refused.sumPct).toBeCloseTo(-2, 12);
    expect(view.gates[1]?.refused.interval).toBeNull();
    // A quarter was taken away of ten entries of 20 % of the equity that lost 1 %.
    expect(view.takenAway).toMatchObject({ count: 10 });
    expect(view.takenAway.sumPct).toBeCloseTo(-0.5, 12);
    const [bear] = view.voters;
    expect(view.voters).toHaveLength(1);
    expect(bear).toMatchObject({
      voter: 'bear',
      supported: { count: 0, meanPct: null },
      opposed: { count: 10 },
      earned: 0,
    });
    expect(bear?.opposed.meanPct).toBeCloseTo(-1, 12);
  });

  it('reads as rows, with a dash where nothing is known', () => {
    const rows = hindsightRows(hindsightView(scene(), 'trend'));
    expect(rows.map(({ name }) => name)).toEqual([
      'made',
      'refused by the cost gate',
      'refused by the churn throttle',
      'taken away by the voters',
      'Bear (rules) for it',
      'Bear (rules) against it',
    ]);
    expect(rows[1]?.note).toBe('8 by it alone');
    expect(rows.map(({ mean }) => hindsightInterval(mean))[2]).toBe('–');
  });

  it('knows no size of what voters want by themselves, and nothing of a strategy without entries', () => {
    expect(hindsightView(scene(), 'rules').made).toMatchObject({ count: 1, meanPct: 50, sumPct: null });
    expect(hindsightView(scene(), 'ml')).toMatchObject({ since: null, made: { count: 0, meanPct: null } });
  });

  it('says of one decision what it came to', () => {
    const one = scene().of('refused 0');
    if (one === null) throw new Error('it is there');
    expect(entryHindsight(one)).toMatchObject({ resultPct: -1, left: 0.75, traded: false, costPct: 0.2 });
  });
});
