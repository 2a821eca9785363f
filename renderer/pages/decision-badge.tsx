import type { DecisionView } from '../../core/contract/index.ts';
import { elapsed } from '../format/index.ts';
import { ActionBadge, Badge, OutcomeBadge } from '../parts/index.ts';

type Deed = Pick<DecisionView, 'action' | 'exit' | 'proposedBy'>;
type Cut = Pick<DecisionView, 'outcome' | 'reasonCode' | 'reason' | 'thinkingMs'>;

/** Decisions that the market or the end of the program overtook: not a judgement to trade nothing. */
const CUT_SHORT: Readonly<Record<string, { readonly name: string; readonly title: string }>> = {
  late: { name: 'Too late', title: 'The next bar closed before the voters had answered: nothing was done' },
  abandoned: { name: 'Abandoned', title: 'The program stopped before the voters had answered' },
};

/** A bar on which the strategy decides nothing: the voters judged it, and nothing hangs on that. */
export const NOT_ITS_TIME = 'not-its-time';

export function isCutShort({ reasonCode }: Pick<DecisionView, 'reasonCode'>): boolean {
  return Object.hasOwn(CUT_SHORT, reasonCode);
}

/** What was done where that is an exit, else what the voters want. */
export function DeedBadge({ decision: { action, exit, proposedBy } }: { readonly decision: Deed }) {
  if (exit === null) return <ActionBadge action={action} />;
  const look =
    exit === 'sell' ? ({ tone: 'down', icon: 'down' } as const) : ({ tone: 'up', icon: 'up' } as const);
  return (
    <Badge
      {...look}
      title={proposedBy === null ? `Closes what was held; the voters: ${action}` : 'Sells of what was held'}
    >
      EXIT, {exit}
    </Badge>
  );
}

/** What became of a decision. */
export function DecisionBadge({ decision }: { readonly decision: Cut }) {
  const cut = CUT_SHORT[decision.reasonCode];
  if (decision.reasonCode === NOT_ITS_TIME) {
    return (
      <Badge icon="clock" title="The strategy decides at times of its own, and this bar is none of them">
        Not its time
      </Badge>
    );
  }
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
