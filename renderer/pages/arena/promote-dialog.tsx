import { useState } from 'react';
import type { ContenderView } from '../../../core/contract/index.ts';
import { Dialog } from '../../parts/index.ts';

interface PromoteDialogProps {
  readonly contender: ContenderView;
  readonly onPromote: (name: string) => Promise<boolean>;
  readonly onClose: () => void;
}

/** Says what a promotion does and how thin the evidence is, and asks. */
export function PromoteDialog({ contender, onPromote, onClose }: PromoteDialogProps) {
  const [busy, setBusy] = useState(false);
  const { name, trades, bars, equity } = contender;
  const promote = async (): Promise<void> => {
    setBusy(true);
    if (await onPromote(name)) onClose();
    else setBusy(false);
  };
  return (
    <Dialog label={`Promote ${name}`} testId="promote-dialog" onClose={onClose}>
      <div className="dialog-form">
        <h2>Let {name} decide?</h2>
        <p>
          From the next bar on {name} decides for the account, and its orders go where the account’s orders
          go. Positions stay as they are; {name} decides when they are closed. It is logged, and lasts over a
          restart.
        </p>
        <p className="soft">
          {equity === null
            ? 'It trades nowhere while another decides: there is no paper account to judge it by.'
            : `Its paper account rests on ${trades} round trips in ${bars} decisions${trades < 100 ? ': too few to tell skill from luck' : ''}.`}
        </p>
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Leave it as it is
          </button>
          <button
            type="button"
            className="button button-accent"
            data-testid="promote-confirm"
            disabled={busy}
            onClick={() => void promote()}
          >
            Let {name} decide
          </button>
        </div>
      </div>
    </Dialog>
  );
}
