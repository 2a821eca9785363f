import { useCallback, useEffect, useState } from 'react';
import type { MethodResult } from '../../core/contract/index.ts';
import { Icon } from '../parts/index.ts';
import { failureText } from '../program/commands.ts';
import { useHost } from '../program/host-context.ts';
import { useStatus } from '../stores/index.ts';
import { ConfirmationDialog } from './confirmation-dialog.tsx';

const BUTTONS = { leave: 'Stay stopped', act: 'Let orders leave', acting: 'Resetting…' } as const;

/** The only way back from an emergency stop: says what it will do, what stands in its way, and asks for a word. */
export function ResetDialog() {
  const host = useHost();
  const [terms, setTerms] = useState<MethodResult<'killSwitch.describeReset'> | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const ask = useCallback(async (): Promise<void> => {
    try {
      setTerms(await host.call('killSwitch.describeReset', {}));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [host]);
  useEffect(() => void ask(), [ask]);

  const reset = async (): Promise<void> => {
    const killSwitch = await host.call('killSwitch.reset', { confirmation: 'RESET' });
    const status = useStatus.getState().content;
    if (status !== null) useStatus.getState().apply({ kind: 'update', content: { ...status, killSwitch } });
  };

  return (
    <ConfirmationDialog
      name="reset"
      title="Reset the kill switch: let orders leave again?"
      word="RESET"
      allowed={terms?.allowed === true}
      failure={failure}
      buttons={BUTTONS}
      onConfirm={reset}
    >
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
    </ConfirmationDialog>
  );
}
