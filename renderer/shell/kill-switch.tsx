import { useState } from 'react';
import { dateTimeSeconds, STAGE_WORDS } from '../format/index.ts';
import { Icon } from '../parts/index.ts';
import { useCommands } from '../program/commands.ts';
import { useNavigation, useStatus } from '../stores/index.ts';

/** Always in sight, one press, no dialog. Pressed again it closes what is left: the stop is idempotent. */
export function KillSwitchButton() {
  const engaged = useStatus(({ content }) => content?.killSwitch.engaged ?? false);
  const { emergencyStop } = useCommands();
  const [sending, setSending] = useState(false);
  const press = async (): Promise<void> => {
    setSending(true);
    await emergencyStop();
    setSending(false);
  };
  return (
    <button
      type="button"
      className="kill-switch"
      data-testid="kill-switch"
      aria-pressed={engaged}
      title="Cancels every order, closes every position and stops trading, at once and without asking"
      onClick={() => void press()}
    >
      <Icon name="stop" />
      {sending ? 'Stopping…' : engaged ? 'Stopped' : 'Kill switch'}
    </button>
  );
}

/** Says that everything stands still, since when, why, how far it got, and the way back. */
export function KillBanner() {
  const killSwitch = useStatus(({ content }) => content?.killSwitch);
  const show = useNavigation((navigation) => navigation.show);
  if (killSwitch === undefined || !killSwitch.engaged) return null;
  const { at, reason, stage, failures } = killSwitch;
  return (
    <div className="kill-banner" role="alert" data-testid="kill-banner">
      <Icon name="stop" size={20} />
      <div className="kill-banner-text">
        <strong>Kill switch engaged</strong>
        {at === null ? null : <span> since {dateTimeSeconds(at)} UTC</span>}
        {reason === null ? null : <span>: {reason}</span>}
        <p>
          {STAGE_WORDS[stage]}.{failures.length === 0 ? null : <strong> {failures.length} failed:</strong>}
        </p>
        {failures.length === 0 ? null : (
          <ul className="kill-failures">
            {failures.map((failure) => (
              <li key={failure}>{failure}</li>
            ))}
          </ul>
        )}
      </div>
      <button
        data-testid="reset-open"
        type="button"
        className="button button-on-danger"
        onClick={() => show('reset')}
      >
        Reset…
      </button>
    </div>
  );
}
