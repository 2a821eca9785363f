/**
 * How a long position is to be led once it is open: fractions are of the price of its first fill, or of the highest close
 * since. Read at each bar that closes; the stop that it puts in its place rests at the venue.
 */
export interface PositionPlan {
  /** Ascending by `at`: when the price has risen by that, this part of what is held is sold. */
  readonly takeProfits: readonly { readonly at: number; readonly sell: number }[];
  /** The stop follows the highest close at this distance, from a rise on; null: it does not. */
  readonly trail: { readonly by: number; readonly from: number } | null;
  /** From this rise on the stop is at what was paid on average; null: it is not moved there. */
  readonly breakEvenAt: number | null;
  /** Ascending by `at`: when the price has risen by that, so much of the equity is added. */
  readonly adds: readonly { readonly at: number; readonly share: number }[];
  /** What its strategy expects of what is bought, as a fraction of the price; null: nothing was measured. */
  readonly expects: number | null;
}

/** How far a plan has come. */
export interface PlanProgress {
  /** Of the first fill. */
  readonly firstPrice: number;
  /** Highest close since, at least the first price. */
  readonly highest: number;
  /** How many of the take profits, and of the adds, are done. */
  readonly taken: number;
  readonly added: number;
}

/** What a plan is asked about at a bar that has closed. */
export interface PlanMoment {
  readonly close: number;
  /** What the position has cost on average. */
  readonly paid: number;
  /** Where its stop is. */
  readonly stopPrice: number;
}

export interface PlanStep {
  readonly progress: PlanProgress;
  /** Where the stop goes, above where it is; null: it stays. */
  readonly stop: { readonly price: number; readonly why: string } | null;
  readonly act: PlanAct | null;
}

export type PlanAct =
  /** Sells this part of what is held; `progress` holds when that is done. */
  | {
      readonly kind: 'sell';
      readonly code: 'take-profit' | 'trailing-stop';
      readonly part: number;
      readonly why: string;
      readonly progress: PlanProgress;
    }
  | {
      readonly kind: 'add';
      readonly share: number;
      readonly expects: number | null;
      readonly why: string;
      readonly progress: PlanProgress;
    };

export function beginPlan(firstPrice: number): PlanProgress {
  return { firstPrice, highest: firstPrice, taken: 0, added: 0 };
}

/**
 * What a plan asks for at a bar that has closed. A stop is never lowered. What is sold goes before what is added: one of
 * them a bar.
 */
export function stepPlan(plan: PositionPlan, before: PlanProgress, moment: PlanMoment): PlanStep {
  const progress = { ...before, highest: Math.max(before.highest, moment.close) };
  const passed = passedStop(plan, progress, moment);
  if (passed !== null) {
    return {
      progress,
      stop: null,
      act: { kind: 'sell', code: 'trailing-stop', part: 1, why: passed, progress },
    };
  }
  return {
    progress,
    stop: higherStop(plan, progress, moment),
    act: takeProfit(plan, progress, moment) ?? addition(plan, progress, moment),
  };
}

/** A trailing stop that begins above the price has been passed already: it sells at once. */
function passedStop({ trail }: PositionPlan, progress: PlanProgress, { close }: PlanMoment): string | null {
  if (trail === null || !hasRisen(progress, trail.from)) return null;
  const level = progress.highest * (1 - trail.by);
  if (close > level) return null;
  return `the close of ${close} is ${percent(trail.by)} below the highest, ${progress.highest}: the trailing stop is passed`;
}

function higherStop(plan: PositionPlan, progress: PlanProgress, moment: PlanMoment): PlanStep['stop'] {
  const { trail, breakEvenAt } = plan;
  const wanted: { readonly price: number; readonly why: string }[] = [];
  if (breakEvenAt !== null && hasRisen(progress, breakEvenAt)) {
    wanted.push({ price: moment.paid, why: `to break-even, after a rise of ${percent(breakEvenAt)}` });
  }
  if (trail !== null && hasRisen(progress, trail.from)) {
    const price = progress.highest * (1 - trail.by);
    wanted.push({ price, why: `${percent(trail.by)} below the highest close` });
  }
  // One at or above the price would sell at once what the plan means to hold.
  const possible = wanted.filter(({ price }) => price > moment.stopPrice && price < moment.close);
  return possible.reduce<PlanStep['stop']>(
    (highest, each) => (highest === null || each.price > highest.price ? each : highest),
    null,
  );
}

function takeProfit(plan: PositionPlan, progress: PlanProgress, { close }: PlanMoment): PlanAct | null {
  let [left, taken, rise] = [1, progress.taken, 0];
  for (const { at, sell } of plan.takeProfits.slice(progress.taken)) {
    if (close < levelOf(progress, at)) break;
    left *= 1 - sell;
    taken += 1;
    rise = at;
  }
  if (taken === progress.taken) return null;
  const why = `take profit ${taken} of ${plan.takeProfits.length}: the price has risen by ${percent(rise)}`;
  return { kind: 'sell', code: 'take-profit', part: 1 - left, why, progress: { ...progress, taken } };
}

function addition(plan: PositionPlan, progress: PlanProgress, { close }: PlanMoment): PlanAct | null {
  const next = plan.adds[progress.added];
  if (next === undefined || close < levelOf(progress, next.at)) return null;
  const added = progress.added + 1;
  const why = `addition ${added} of ${plan.adds.length}: the price has risen by ${percent(next.at)}`;
  return { kind: 'add', share: next.share, expects: plan.expects, why, progress: { ...progress, added } };
}

/** Whether the highest close has been that far above the first fill. */
function hasRisen(progress: PlanProgress, by: number): boolean {
  return progress.highest >= levelOf(progress, by);
}

/** To the digits of a price: a tenth above 1,000 is 1,100 and not 1,100.0000000000002. */
function levelOf({ firstPrice }: PlanProgress, rise: number): number {
  return Number((firstPrice * (1 + rise)).toPrecision(12));
}

/** What a plan will do, in words; and how far it has come. */
export function planWords(plan: PositionPlan, progress: PlanProgress | null): string {
  const { takeProfits, trail, breakEvenAt, adds } = plan;
  const { taken, added } = progress ?? { taken: 0, added: 0 };
  const parts = [
    ...takeProfits.map(
      ({ at, sell }, index) =>
        `${index < taken ? 'sold' : 'sells'} ${percent(sell)} of what is held at +${percent(at)}`,
    ),
    ...(breakEvenAt === null ? [] : [`stop to break-even at +${percent(breakEvenAt)}`]),
    ...(trail === null
      ? []
      : [
          `stop ${percent(trail.by)} below the highest close${trail.from === 0 ? '' : ` from +${percent(trail.from)} on`}`,
        ]),
    ...adds.map(
      ({ at, share }, index) =>
        `${index < added ? 'added' : 'adds'} ${percent(share)} of the equity at +${percent(at)}`,
    ),
  ];
  return parts.join('; ');
}

function percent(fraction: number): string {
  return `${Number((100 * fraction).toFixed(2))} %`;
}
