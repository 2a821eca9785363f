import type { ReactNode } from 'react';
import type { Action, DecisionOutcome, OrderStatus } from '../../core/contract/index.ts';
import { OUTCOME_WORDS, STATUS_WORDS } from '../format/index.ts';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'plain' | 'accent' | 'up' | 'down' | 'good' | 'warning' | 'danger';

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: IconName;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A word with a colour; the word alone says it all. */
export function Badge({ tone = 'plain', icon, title, children }: BadgeProps) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {icon === undefined ? null : <Icon name={icon} size={12} />}
      {children}
    </span>
  );
}

const ACTION_LOOKS: Readonly<Record<Action, { readonly tone: Tone; readonly icon: IconName }>> = {
  BUY: { tone: 'up', icon: 'up' },
  SELL: { tone: 'down', icon: 'down' },
  HOLD: { tone: 'plain', icon: 'flat' },
};

export function ActionBadge({ action }: { readonly action: Action }) {
  return <Badge {...ACTION_LOOKS[action]}>{action}</Badge>;
}

const OUTCOME_LOOKS: Readonly<Record<DecisionOutcome, { readonly tone: Tone; readonly icon?: IconName }>> = {
  traded: { tone: 'accent', icon: 'check' },
  held: { tone: 'plain' },
  blocked: { tone: 'warning', icon: 'shield' },
};

export function OutcomeBadge({ outcome }: { readonly outcome: DecisionOutcome }) {
  return <Badge {...OUTCOME_LOOKS[outcome]}>{OUTCOME_WORDS[outcome]}</Badge>;
}

const STATUS_TONES: Readonly<Record<OrderStatus, Tone>> = {
  INTENT: 'plain',
  SENT: 'plain',
  OPEN: 'accent',
  PARTIALLY_FILLED: 'accent',
  FILLED: 'plain',
  CANCELED: 'plain',
  REJECTED: 'warning',
  EXPIRED: 'plain',
  UNKNOWN: 'danger',
};

export function StatusBadge({ status }: { readonly status: OrderStatus }) {
  const title =
    status === 'UNKNOWN'
      ? 'Only the venue knows: no new exposure in this symbol until it answers'
      : undefined;
  return (
    <Badge tone={STATUS_TONES[status]} {...(title === undefined ? {} : { title, icon: 'warning' as const })}>
      {STATUS_WORDS[status]}
    </Badge>
  );
}
