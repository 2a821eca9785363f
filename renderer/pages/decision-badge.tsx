import type { DecisionView } from '../../core/contract/index.ts';
import { elapsed } from '../format/index.ts';
import { Badge, OutcomeBadge } from '../parts/index.ts';

type Cut = Pick<DecisionView, 'outcome' | 'reasonCode' | 'reason' | 'thinkingMs'>;

/** Decisions that the market or the end of the program overtook: not a judgement to trade nothing. */
const CUT_SHORT: Readonly<Record<string, { readonly name: string; readonly title: string }>> = {
  late: { name: 'Too late', title: 'The next bar closed before the voters had answered: nothing was done' },
  abandoned: { name: 'Abandoned', title: 'The program stopped before the voters had answered' },
};

export function isCutShort({ reasonCode }: Pick<DecisionView, 'reasonCode'>): boolean {
  return Object.hasOwn(CUT_SHORT, reasonCode);
}

/** What became of a decision. */
export function DecisionBadge({ decision }: { readonly decision: Cut }) {
  const cut = CUT_SHORT[decision.reasonCode];
  if (cut === undefined) return <OutcomeBadge outcome={decision.outcome} />;
  return (
    <Badge tone="warning" icon="clock" title={cut.title}>
      {cut.name}
    </Badge>
  );
}

/** Why it came to that; where voters took too long, how long they took comes first: a row shows the beginning. */
export function reasonText(decision: Cut): string {
  const { reason, thinkingMs } = decision;
  if (thinkingMs === null || !isCutShort(decision)) return reason;
  return `${elapsed(thinkingMs)} of thinking: ${reason}`;
}
