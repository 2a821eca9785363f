import {
  absolute,
  applyFilters,
  averagePrice,
  type BaseAmount,
  ceilTo,
  float,
  floorTo,
  type PlanAct,
  type Position,
  price,
  scale,
  stepPlan,
  subtract,
  text,
} from '../../domain/index.ts';
import type { ProposingStrategy, TargetProposal } from '../../strategies/index.ts';
import type { EntryTheses } from './entry-theses.ts';
import type { SymbolDesk } from './symbol-desk.ts';

export interface PlanDeskParts {
  readonly theses: Pick<EntryTheses, 'of' | 'follow'>;
  /** Brings the stop at the venue in line with where it belongs now. */
  readonly protect: (symbol: string) => void;
}

/** What a plan wants done at a bar; `done` is called when it is. */
export interface PlanWish {
  readonly act: PlanAct;
  readonly done: () => void;
}

/** What a plan came to at a bar that has closed. */
export interface Led {
  /** Where the stop went and why, in words; null: it stays. */
  readonly moved: string | null;
  readonly wish: PlanWish | null;
}

/** Leads open positions by the plans of their entries, a bar at a time. The same for history and the real thing. */
export class PlanDesk {
  readonly #parts: PlanDeskParts;

  constructor(parts: PlanDeskParts) {
    this.#parts = parts;
  }

  /** Whether a position is led by a plan: its strategy can only end it then. */
  leads(symbol: string): boolean {
    return this.#parts.theses.of(symbol)?.plan != null;
  }

  /** Moves the stop as the plan says, and tells what else it wants; null where nothing is led. */
  lead(desk: Pick<SymbolDesk, 'instrument' | 'isHeld'>, position: Position, close: number): Led | null {
    const { theses, protect } = this.#parts;
    const { symbol, tickSize } = desk.instrument;
    const record = theses.of(symbol);
    if (record === null || record.plan === null || record.progress === null) return null;
    if (!position.quantity.isPositive() || !desk.isHeld(position, close)) return null;
    const before = price(record.stopPrice);
    const paid = float(averagePrice(position.cost, position.quantity));
    const step = stepPlan(record.plan, record.progress, { close, paid, stopPrice: float(before) });
    const wanted = step.stop === null ? before : ceilTo(price(step.stop.price), tickSize);
    const isMoved = wanted.gt(before) && wanted.lt(price(close));
    theses.follow(symbol, { progress: step.progress, ...(isMoved ? { stopPrice: text(wanted) } : {}) });
    if (isMoved) protect(symbol);
    const moved = isMoved
      ? `the stop goes from ${text(before)} to ${text(wanted)}, ${step.stop?.why ?? ''}`
      : null;
    const { act } = step;
    if (act === null) return { moved, wish: null };
    return { moved, wish: { act, done: () => theses.follow(symbol, { progress: act.progress }) } };
  }
}

/** What to sell for a part of a position, in whole lots: all where the rest could not be sold, nothing where the part cannot. */
export function amountOf(
  part: number,
  { instrument }: Pick<SymbolDesk, 'instrument'>,
  { quantity }: Position,
  close: number,
): BaseAmount | 'all' | 'nothing' {
  if (part >= 1) return 'all';
  const held = absolute(quantity);
  const amount = floorTo(scale(held, part), instrument.lotSize);
  const sellable = (some: BaseAmount): boolean => {
    const sale = { amount: some, side: 'sell', type: 'market', reduceOnly: true } as const;
    return applyFilters(instrument, sale, price(close)).ok;
  };
  if (!sellable(amount)) return 'nothing';
  return sellable(subtract(held, amount)) ? amount : 'all';
}

/** An addition as what a strategy proposes: what is held, and so much more. */
export function proposalToAdd(
  { id }: ProposingStrategy,
  { share, why, expects }: Extract<PlanAct, { kind: 'add' }>,
  heldShare: number,
): TargetProposal {
  return {
    kind: 'target',
    targetShare: heldShare + share,
    band: 0,
    // The position has its stop, which what is added takes over.
    stopShare: 0.1,
    expectedMove: expects,
    reason: `${id}: ${why}`,
    invalidation: 'the stop of the position',
    numbers: {},
  };
}
