import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { MethodResult } from '../../core/contract/index.ts';
import { Dialog, Icon } from '../parts/index.ts';
import { failureText } from '../program/commands.ts';
import { useHost } from '../program/host-context.ts';
import { useNavigation, useStatus } from '../stores/index.ts';

const WORD = 'RESET';

/** The only way back from an emergency stop: says what it will do, what stands in its way, and asks for a word. */
export function ResetDialog() {
  const host = useHost();
  const show = useNavigation((navigation) => navigation.show);
  const [terms, setTerms] = useState<MethodResult<'killSwitch.describeReset'> | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const [sending, setSending] = useState(false);

  const ask = useCallback(async (): Promise<void> => {
    try {
      setTerms(await host.call('killSwitch.describeReset', {}));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [host]);
  useEffect(() => void ask(), [ask]);

  const ready = typed === WORD && terms?.allowed === true && !sending;
  const reset = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!ready) return;
    setSending(true);
    try {
      const killSwitch = await host.call('killSwitch.reset', { confirmation: WORD });
      const status = useStatus.getState().content;
      if (status !== null) useStatus.getState().apply({ kind: 'update', content: { ...status, killSwitch } });
      show(null);
    } catch (error) {
      setFailure(failureText(error));
      setSending(false);
    }
  };

  return (
    <Dialog label="Reset the kill switch" testId="reset-dialog" onClose={() => show(null)}>
      <form className="dialog-form" onSubmit={(event) => void reset(event)}>
        <h2>Reset the kill switch</h2>
        {terms === null ? (
          <p className="soft">Asking the program what a reset would do…</p>
        ) : (
          <p>{terms.statement}</p>
        )}
        {terms === null || terms.obstacles.length === 0 ? null : (
          <div className="obstacles">
            <p>
              <Icon name="warning" /> {terms.allowed ? 'Know before you reset:' : 'Not possible yet:'}
            </p>
            <ul>
              {terms.obstacles.map((obstacle) => (
                <li key={obstacle}>{obstacle}</li>
              ))}
            </ul>
            <button type="button" className="button" onClick={() => void ask()}>
              Check again
            </button>
          </div>
        )}
        <label className="field">
          <span>Type {WORD} to confirm</span>
          <input
            className="input code"
            data-testid="reset-input"
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        {failure === null ? null : (
          <p className="fault" role="alert">
            {failure}
          </p>
        )}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={() => show(null)}>
            Keep everything stopped
          </button>
          <button
            type="submit"
            className="button button-danger"
            data-testid="reset-confirm"
            disabled={!ready}
          >
            {sending ? 'Resetting…' : 'Reset'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
