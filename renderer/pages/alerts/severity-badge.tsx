import type { Severity } from '../../../core/contract/index.ts';
import { Badge, type IconName, type Tone } from '../../parts/index.ts';
import { SEVERITY_WORDS } from './alert-words.ts';

const LOOKS: Readonly<Record<Severity, { readonly tone: Tone; readonly icon?: IconName }>> = {
  info: { tone: 'plain' },
  warning: { tone: 'warning', icon: 'warning' },
  critical: { tone: 'danger', icon: 'stop' },
};

export function SeverityBadge({ severity }: { readonly severity: Severity }) {
  return <Badge {...LOOKS[severity]}>{SEVERITY_WORDS[severity]}</Badge>;
}
