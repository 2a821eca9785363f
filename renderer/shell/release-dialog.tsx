import { useHost } from '../program/host-context.ts';
import { useStatus } from '../stores/index.ts';
import { ConfirmationDialog } from './confirmation-dialog.tsx';
import { waitsForRelease } from './standing.ts';

const BUTTONS = { leave: 'Keep entries halted', act: 'Release', acting: 'Releasing…' } as const;

/** Ends the halt by drawdown that waits for the trader: says what that does, and asks for a word. */
export function ReleaseDialog() {
  const host = useHost();
  const breaker = useStatus(({ content }) => content?.breaker);
  const waiting = waitsForRelease(breaker);
  const reason = breaker?.reason ?? null;
  const release = async (): Promise<void> => {
    const status = await host.call('breaker.release', { confirmation: 'RELEASE' });
    useStatus.getState().apply({ kind: 'update', content: status });
  };
  return (
    <ConfirmationDialog
      name="release"
      title="Release the circuit breaker"
      word="RELEASE"
      allowed={waiting}
      buttons={BUTTONS}
      onConfirm={release}
    >
      {waiting && reason !== null ? <p className="obstacles sentence">{reason}</p> : null}
      {waiting ? (
        <p>
          New positions may be opened again at once. From then on the drawdown is measured from the equity of
          that moment. Halts that end by themselves stay until their time, and positions and orders stay as
          they are.
        </p>
      ) : (
        <p>No halt waits for your release any more.</p>
      )}
    </ConfirmationDialog>
  );
}
