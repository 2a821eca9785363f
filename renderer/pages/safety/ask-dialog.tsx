import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/index.ts';

interface AskDialogProps {
  readonly title: string;
  readonly act: string;
  readonly onAct: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Asks before something lets more happen. */
export function AskDialog({ title, act, onAct, onClose, children }: AskDialogProps) {
  const [busy, setBusy] = useState(false);
  const go = async (): Promise<void> => {
    setBusy(true);
    await onAct();
    onClose();
  };
  return (
    <Dialog label={title} testId="ask-dialog" onClose={onClose}>
      <div className="dialog-form">
        <h2>{title}</h2>
        {children}
        <div className="dialog-buttons">
          <button type="button" className="button" onClick={onClose}>
            Leave it as it is
          </button>
          <button
            type="button"
            className="button button-danger"
            data-testid="ask-act"
            disabled={busy}
            onClick={() => void go()}
          >
            {act}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
