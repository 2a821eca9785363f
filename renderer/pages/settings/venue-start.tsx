import { useState } from 'react';
import {
  CallError,
  type MethodParams,
  type StartableMode,
  type VenueCheck,
  type VenueView,
} from '../../../core/contract/index.ts';
import { Dialog, Icon } from '../../parts/index.ts';
import { failureText } from '../../program/commands.ts';
import { useHost } from '../../program/host-context.ts';
import { useNavigation, useStartup, useStatus } from '../../stores/index.ts';
import { CheckList } from './check-list.tsx';
import { choiceOf, formFaults, isSameChoice, sandboxFault, type VenueForm } from './venue-form.ts';

interface VenueStartProps {
  readonly venue: VenueView;
  readonly form: VenueForm;
  /** As the settings of what runs have it. */
  readonly settled: VenueForm;
  /** What the last check of this very choice found; null: it has not been checked. */
  readonly check: VenueCheck | null;
  readonly onChecked: (check: VenueCheck | null) => void;
}

/** Checks the choice, and starts trading with it. Live trading is not started from here. */
export function VenueStart({ venue, form, settled, check, onChecked }: VenueStartProps) {
  const host = useHost();
  const goTo = useNavigation((navigation) => navigation.goTo);
  const startup = useStartup(({ content }) => content);
  const running = useStatus(({ content }) => content?.mode);
  const [busy, setBusy] = useState<'checking' | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** What is to be confirmed before it is done, with the mode. */
  const [question, setQuestion] = useState<{ readonly mode: StartableMode; readonly words: string } | null>(
    null,
  );
  const starting = startup?.state === 'starting';
  const wrong = Object.values(formFaults(form))[0];
  const isRunning = running === form.mode && wrong === undefined && isSameChoice(form, settled);
  const noSandbox = form.mode === 'sandbox' ? sandboxFault(venue, form) : undefined;
  const blocked = wrong !== undefined || noSandbox !== undefined || busy !== null || starting;

  const runCheck = async (): Promise<void> => {
    setBusy('checking');
    setFailure(null);
    onChecked(null);
    try {
      onChecked(await host.call('venues.check', { choice: choiceOf(form), mode: form.mode }));
    } catch (error) {
      setFailure(failureText(error));
    } finally {
      setBusy(null);
    }
  };
  const start = async (mode: StartableMode, leavePositions = false): Promise<void> => {
    setFailure(null);
    setQuestion(null);
    try {
      // The demo is no venue's: whatever is being typed, what runs stays chosen.
      const choice = choiceOf(mode === 'demo' ? settled : form);
      const params: MethodParams<'venues.start'> = { choice, mode, leavePositions };
      useStartup.getState().apply({ kind: 'update', content: await host.call('venues.start', params) });
    } catch (error) {
      if (error instanceof CallError && error.code === 'CONFIRMATION_REQUIRED')
        setQuestion({ mode, words: error.message });
      else setFailure(failureText(error));
    }
  };

  const giveUp = async (): Promise<void> => {
    setFailure(null);
    try {
      await host.call('venues.giveUp', {});
    } catch (error) {
      setFailure(failureText(error));
    }
  };

  return (
    <div className="venue-start">
      {check === null ? null : <CheckList check={check} />}
      <div className="venue-buttons">
        <button
          type="button"
          className="button venue-check"
          data-testid="venue-check"
          disabled={blocked}
          onClick={() => void runCheck()}
        >
          <Icon name="link" />
          {busy === 'checking' ? 'Checking…' : 'Check'}
        </button>
        <button
          type="button"
          className="button button-accent"
          data-testid="venue-start"
          disabled={blocked || check?.ready !== true}
          title={check === null ? 'Check first: it takes a few seconds and changes nothing' : undefined}
          onClick={() => void start(form.mode)}
        >
          <Icon name="play" />
          {form.mode === 'paper' ? `Trade ${venue.name} on paper` : `Trade in the sandbox of ${venue.name}`}
        </button>
        {running === undefined || running === 'demo' || running === 'live' ? null : (
          <button
            type="button"
            className="button"
            data-testid="venue-demo"
            disabled={starting || busy !== null}
            onClick={() => void start('demo')}
          >
            Back to the demo
          </button>
        )}
      </div>
      {failure === null && noSandbox === undefined ? null : (
        <p className="fault" role="alert" data-testid="venue-failure">
          {failure ?? noSandbox}
        </p>
      )}
      {starting ? (
        <p className="venue-progress" role="status">
          <Icon name="clock" /> {startup.message === '' ? 'Ending what runs now' : startup.message}…{' '}
          <button type="button" className="link" data-testid="venue-give-up" onClick={() => void giveUp()}>
            Give up
          </button>
        </p>
      ) : isRunning ? (
        <p className="venue-progress" data-testid="venue-running">
          <Icon name="check" /> This is what runs now.{' '}
          <button type="button" className="link" onClick={() => goTo('trade')}>
            See it trade
          </button>
        </p>
      ) : (
        <p className="quiet setting-note">
          Check first, which changes nothing. Starting ends what runs now and goes on here with the new
          choice, which is kept for the next start. Each mode has books of its own, and on paper each venue.
          Live trading is never started from this page.
        </p>
      )}
      {question === null ? null : (
        <Dialog label="Leave open positions" testId="leave-dialog" onClose={() => setQuestion(null)}>
          <div className="dialog-form">
            <h2>Leave open positions?</h2>
            <p>{question.words}.</p>
            <div className="dialog-buttons">
              <button type="button" className="button" onClick={() => setQuestion(null)}>
                Stay
              </button>
              <button
                type="button"
                className="button button-danger"
                data-testid="leave-confirm"
                onClick={() => void start(question.mode, true)}
              >
                Leave them and start
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  );
}
