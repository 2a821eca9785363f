import type { Condition } from '../../core/contract/index.ts';
import { FirstFew, Icon, type IconName } from '../parts/index.ts';
import { useStatus } from '../stores/index.ts';
import { moreText, standing } from './standing.ts';

/** Banners shown at once: more would push the page away. */
const MOST_BANNERS = 3;
const MOST_NOTES = 1;
const NONE: readonly Condition[] = [];

const LOOKS: Readonly<Record<Condition['severity'], { readonly icon: IconName; readonly role: string }>> = {
  critical: { icon: 'stop', role: 'alert' },
  warning: { icon: 'warning', role: 'status' },
  info: { icon: 'info', role: 'status' },
};

function Banner({ condition: { severity, message } }: { readonly condition: Condition }) {
  const { icon, role } = LOOKS[severity];
  return (
    <div className={`banner banner-${severity}`} role={role} data-testid="condition" data-severity={severity}>
      <Icon name={icon} label={severity} />
      <span className="sentence">{message}.</span>
    </div>
  );
}

/** What stands against trading as told, a banner each, for as long as it holds. */
export function ConditionBanners() {
  const { banners } = standing(useStatus(({ content }) => content?.conditions) ?? NONE);
  return (
    <FirstFew label="Conditions" items={banners} limit={MOST_BANNERS} more={moreText}>
      {(condition) => <Banner key={condition.id} condition={condition} />}
    </FirstFew>
  );
}

/** What is good to know, below the page: it takes room there and covers nothing. */
export function ConditionNotes() {
  const { notes } = standing(useStatus(({ content }) => content?.conditions) ?? NONE);
  return (
    <FirstFew label="Notes" className="notes" items={notes} limit={MOST_NOTES} more={moreText}>
      {(condition) => <Banner key={condition.id} condition={condition} />}
    </FirstFew>
  );
}
