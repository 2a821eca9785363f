import type { CheckStep, VenueCheck } from '../../../core/contract/index.ts';
import { Icon, type IconName } from '../../parts/index.ts';
import { STEP_NAMES } from './venue-form.ts';

const LOOKS: Readonly<Record<CheckStep['state'], { readonly icon: IconName; readonly word: string }>> = {
  good: { icon: 'check', word: 'Good' },
  warning: { icon: 'warning', word: 'Beware' },
  failed: { icon: 'cross', word: 'Not right' },
  skipped: { icon: 'flat', word: 'Not asked' },
};

/** What asking the venue found, a line a step. */
export function CheckList({ check: { steps, ready } }: { readonly check: VenueCheck }) {
  const beware = steps.some(({ state }) => state === 'warning');
  return (
    <div className="check" data-testid="check" role="status">
      <ul>
        {steps.map(({ step, state, message }) => (
          <li key={step} className="check-step" data-state={state} data-testid={`check-${step}`}>
            <Icon name={LOOKS[state].icon} label={LOOKS[state].word} />
            <span className="check-name">{STEP_NAMES[step]}</span>
            <span>{message}</span>
          </li>
        ))}
      </ul>
      <p className="check-sum" data-ready={ready} data-testid="check-sum">
        {ready
          ? `Ready to trade here.${beware ? ' Read the lines with a warning first.' : ''}`
          : 'Not ready yet: see to the line that is not right, then check again.'}
      </p>
    </div>
  );
}
