import { type ReactNode, useId } from 'react';
import type { Tone } from './badge.tsx';
import { Icon, type IconName } from './icon.tsx';

interface HintBadgeProps {
  readonly tone: Tone;
  readonly icon: IconName;
  /** What the badge means. */
  readonly hint: string;
  readonly children: ReactNode;
}

/** A badge that says what it means: under the mouse, and pressed, which the keyboard can do as well. */
export function HintBadge({ tone, icon, hint, children }: HintBadgeProps) {
  const id = useId();
  return (
    <>
      <button
        type="button"
        className={`badge badge-${tone} hint-badge`}
        title={hint}
        popoverTarget={id}
        aria-describedby={id}
      >
        <Icon name={icon} size={12} />
        {children}
      </button>
      <div id={id} popover="auto" className="hint" role="note">
        {hint}
      </div>
    </>
  );
}
