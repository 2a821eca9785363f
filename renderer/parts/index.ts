export { ActionBadge, Badge, OutcomeBadge, StatusBadge, type Tone } from './badge.tsx';
export { Delta, PercentDelta } from './delta.tsx';
export { Dialog } from './dialog.tsx';
export { FirstFew } from './first-few.tsx';
export { HintBadge } from './hint-badge.tsx';
export { Icon, type IconName } from './icon.tsx';
export { Empty, Panel } from './panel.tsx';
export { type Column, cellClass, Table } from './table.tsx';
export { useNow } from './use-now.ts';
