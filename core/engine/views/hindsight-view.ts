import { weekOf } from '../../consensus/index.ts';
import {
  type EntryHindsight,
  type HindsightMean,
  type HindsightView,
  SAFETY_LAYERS,
  VOTERS,
} from '../../contract/index.ts';
import { blockedMean, type JudgedCase } from '../../domain/index.ts';
import type { Hindsight } from '../loop/hindsight.ts';

/** Below so many weeks an interval says more than is known. */
const LEAST_WEEKS = 8;
const NORMAL_95 = 1.96;

/** An entry of which it is known what it came to, and how much of it a sum is about, as a share of what was wanted. */
interface Known {
  readonly one: JudgedCase;
  readonly result: number;
  readonly part: number;
}

/** What came of a strategy's entries, of those that each layer refused, and of those that each voter opposed. */
export function hindsightView(hindsight: Hindsight, strategy: string): HindsightView {
  const all = hindsight.casesOf(strategy);
  const known = all.flatMap((one): Known | [] => {
    return one.result === null ? [] : { one, result: one.result, part: 1 };
  });
  const of = (chosen: (one: JudgedCase) => boolean): readonly Known[] =>
    known.filter(({ one }) => chosen(one));
  return {
    strategy,
    since: all[0]?.time ?? null,
    pending: all.length - known.length,
    made: meanOf(of(({ traded }) => traded)),
    takenAway: meanOf(of(({ left }) => left < 1).map((each) => ({ ...each, part: 1 - each.one.left }))),
    gates: SAFETY_LAYERS.flatMap((layer) => {
      const refused = of(({ refusedBy }) => refusedBy.includes(layer));
      const alone = refused.filter(({ one }) => one.refusedBy.length === 1).length;
      return refused.length === 0 ? [] : [{ layer, refused: meanOf(refused), alone }];
    }),
    voters: VOTERS.flatMap((voter) =>
      hindsight
        .recordsOn(strategy)
        .filter((record) => record.voter === voter)
        .map(({ source, earned, why }) => {
          const said = (sign: 1 | -1) =>
            of(({ stances }) =>
              stances.some(
                (each) => each.voter === voter && each.source === source && each.stance * sign > 0,
              ),
            );
          return { voter, source, supported: meanOf(said(1)), opposed: meanOf(said(-1)), earned, why };
        }),
    ),
  };
}

/** What one entry came to. */
export function entryHindsight(one: JudgedCase): EntryHindsight {
  const { result, due, price, stopPrice, cost, left, traded, refusedBy, stances } = one;
  return {
    resultPct: result === null ? null : 100 * result,
    due,
    price,
    stopPrice,
    costPct: 100 * cost,
    left,
    traded,
    refusedBy: [...refusedBy],
    stances: stances.map((stance) => ({ ...stance })),
  };
}

function meanOf(known: readonly Known[]): HindsightMean {
  const { count, blocks, mean, standardError } = blockedMean(
    known.map(({ one, result }) => ({ block: weekOf(one.time), value: 100 * result })),
  );
  const half = NORMAL_95 * standardError;
  const isSized = known.some(({ one }) => one.share > 0);
  return {
    count,
    weeks: blocks,
    meanPct: count === 0 ? null : mean,
    interval: blocks < LEAST_WEEKS ? null : { low: mean - half, high: mean + half },
    sumPct: isSized
      ? known.reduce((sum, { one, result, part }) => sum + 100 * result * one.share * part, 0)
      : null,
  };
}
