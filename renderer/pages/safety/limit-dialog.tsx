import { type FormEvent, useState } from 'react';
import {
  boundsText,
  type Gauge,
  LIMIT_WORDS,
  type LimitValue,
  limitText,
  type SafetyView,
} from '../../../core/contract/index.ts';
import { Dialog } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { effectText, limitEntry, typedLimit } from './limit-entry.ts';

interface LimitDialogProps {
  readonly gauge: Gauge;
  readonly armed: boolean;
  readonly onChanged: (view: SafetyView) => void;
  readonly onClose: () => void;
}

const SUFFIX: Readonly<Record<Gauge['unit'], string>> = { share: '%', count: '', ratio: '', hours: 'hours' };

/** Another limit, inside its bounds. One that lets more happen is asked about, with what it was and will be. */
export function LimitDialog({ gauge, armed, onChanged, onClose }: LimitDialogProps) {
  const host = useHost();
  const [typed, setTyped] = useState(typedLimit(gauge));
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const entry = limitEntry(gauge, typed);
  const change = async (value: LimitValue, loosen: boolean): Promise<void> => {
    setBusy(true);
    try {
      onChanged(await host.call('limits.change', { name: gauge.setting, value, loosen, from: 'button' }));
      onClose();
    } catch (error) {
      setFailure(failureText(error));
      setAsking(false);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!entry.ok || entry.effect === 'same') return;
    if (entry.effect === 'loosens') setAsking(true);
    else void change(entry.value, false);
  };
  return (
    <Dialog label={`Change the limit: ${gauge.name}`} testId="limit-dialog" onClose={onClose}>
      {isAsking && entry.ok ? (
        <Question
          gauge={gauge}
          to={entry.value}
          armed={armed}
          busy={busy}
          onLoosen={() => void change(entry.value, true)}
          onLeave={onClose}
        />
      ) : (
        <form className="dialog-form" onSubmit={submit}>
          <h2>{gauge.name}</h2>
          <label className="field">
            <span>
              Limit, {boundsText(gauge.setting, gauge.bounds)}
              {gauge.bounds.canBeOff ? ' (leave it empty)' : ''}
            </span>
            <span className="limit-input">
              <input
                className="input number"
                data-testid="limit-input"
                inputMode="decimal"
                autoComplete="off"
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
              />
              <span className="soft">{SUFFIX[gauge.unit]}</span>
            </span>
          </label>
          <p className="soft" aria-live="polite" data-testid="limit-effect">
            {effectText(gauge, entry)}
          </p>
          <p className="quiet">
            It is written into the settings file and holds in every mode that is started with it, demo,
            sandbox and live alike. Positions and orders stay as they are, rivals of the arena keep their
            limits until the next start.
          </p>
          {failure === null ? null : (
            <p className="fault sentence" role="alert">
              {failure}
            </p>
          )}
          <div className="dialog-buttons">
            <button type="button" className="button" onClick={onClose}>
              Leave it as it is
            </button>
            <button
              type="submit"
              className="button button-accent"
              data-testid="limit-save"
              disabled={!entry.ok || entry.effect === 'same' || busy}
            >
              {entry.ok && entry.effect === 'loosens' ? 'Loosen…' : 'Change'}
            </button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

interface QuestionProps {
  readonly gauge: Gauge;
  readonly to: LimitValue;
  readonly armed: boolean;
  readonly busy: boolean;
  readonly onLoosen: () => void;
  readonly onLeave: () => void;
}

function Question({ gauge: { setting, name, limit }, to, armed, busy, onLoosen, onLeave }: QuestionProps) {
  const after = limitText(setting, to);
  return (
    <div className="dialog-form">
      <h2>Loosen {name.toLowerCase()}?</h2>
      <dl className="limit-change number" data-testid="limit-question">
        <dt>Now</dt>
        <dd>{limitText(setting, limit)}</dd>
        <dt>From now on</dt>
        <dd>{after}</dd>
      </dl>
      <p>More may happen than before: {LIMIT_WORDS[setting].means(after)}.</p>
      <p>So it stays in every mode that is started with these settings, demo, sandbox and live alike.</p>
      {armed ? (
        <p className="obstacles sentence">
          Live trading is armed. Is this looser than what it was armed with, that ends: nothing is entered
          until you arm it again, exits and stops go on.
        </p>
      ) : null}
      <div className="dialog-buttons">
        {/* biome-ignore lint/a11y/noAutofocus: the harmless answer is the one that Enter gives. */}
        <button type="button" className="button" autoFocus onClick={onLeave}>
          Leave it as it is
        </button>
        <button
          type="button"
          className="button button-danger"
          data-testid="limit-loosen"
          disabled={busy}
          onClick={onLoosen}
        >
          Loosen it
        </button>
      </div>
    </div>
  );
}
